"""
A tutor's terms as buttons carry them and as people type them.

A button carries a whole number: minutes, days, a count, 0 or 1; where nothing is a choice, 0 is nothing.
Whatever can't be read raises BadTerm.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final, cast

from babel import Locale
from babel.numbers import is_currency

from core.enums import CancellationPolicy, Term
from core.errors import BadTerm
from core.hours.tutor_settings import Terms, TermsCard

MINUTE: Final = timedelta(minutes=1)
HOUR, DAY, WEEK = 60, 1440, 7 * 1440
LARGEST: Final = 1_000_000
POLICIES: Final = tuple(CancellationPolicy)

COLUMNS: Final = {
    Term.LENGTH: "default_lesson_duration",
    Term.STEP: "slot_step",
    Term.BUFFER_BEFORE: "buffer_before",
    Term.BUFFER_AFTER: "buffer_after",
    Term.TRIAL: "trial_lesson_duration",
    Term.PRICE: "price",
    Term.NOTICE: "min_booking_notice",
    Term.ADVANCE: "max_booking_advance",
    Term.AUTO_ACCEPT: "auto_accept",
    Term.POLICY: "cancellation_policy",
    Term.NEW_STUDENTS: "accepts_new_students",
    Term.LISTED: "is_listed",
    Term.PER_DAY: "max_lessons_per_day",
    Term.PER_WEEK: "max_lessons_per_week",
    Term.PER_STUDENT: "max_lessons_per_student",
    Term.SUBJECTS: "subjects",
    Term.LANGUAGES: "languages",
    Term.ABOUT: "about",
    Term.ROOM: "room_url",
    Term.ZONE: "timezone",
}
UNITS: Final = (
    (("m", "хв", "min"), 1),
    (("h", "год", "hr", "hour"), HOUR),
    (("d", "дн", "ден", "доб", "day"), DAY),
    (("w", "тиж", "week"), WEEK),
)
# What a number without a unit means
PLAIN_UNITS: Final = {Term.NOTICE: HOUR, Term.ADVANCE: DAY}
CURRENCIES: Final = {
    "UAH": ("₴", "грн", "гривня", "гривні", "гривень"),
    "USD": ("$", "дол", "долар", "долари", "доларів", "dollar", "dollars"),
    "EUR": ("€", "євро", "euro", "euros"),
    "GBP": ("£", "фунт", "фунти", "фунтів"),
    "PLN": ("zł", "злотий", "злоті", "злотих"),
}
AMOUNT = re.compile(r"([^\d.,]*)(\d[\d.,\s']*?)\s*([^\d.,\s'][^\d]*)?", re.ASCII)
PLAIN_AMOUNT = re.compile(r"(\d+)(?:[.,](\d{1,2}))?", re.ASCII)
GROUPED_AMOUNT = re.compile(r"(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d{1,2}))?", re.ASCII)
LANGUAGES: Final = ("uk", "en", "pl", "de", "fr", "es", "it")
LANGUAGE_CODE = re.compile("[a-z]{2,3}")
CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)
PIECE = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,2})?)\s*([^\W\d_]*)\.?\s*")


def chosen(term: Term, value: int) -> Terms:
    """Give the change that a button of this value means."""
    if value > LARGEST or term not in FROM_NUMBER:
        raise BadTerm(term)
    if term is Term.TRIAL and not value:
        return {"trial_lesson_enabled": False}
    changed: dict[str, Any] = {COLUMNS[term]: FROM_NUMBER[term](value)}
    return cast("Terms", changed | {"trial_lesson_enabled": True} if term is Term.TRIAL else changed)


def typed(term: Term, words: str) -> Terms:
    """Give the change that these words mean."""
    match term:
        case Term.PRICE:
            return _price(words)
        case Term.SUBJECTS:
            return {"subjects": _listed(words)}
        case Term.LANGUAGES:
            return {"languages": _languages(words)}
        case Term.ABOUT:
            return {"about": words.strip()}
        case Term.ROOM:
            return {"room_url": words if "://" in words else f"https://{words}"}
        case Term.PER_DAY | Term.PER_WEEK | Term.PER_STUDENT:
            return chosen(term, _count(term, words))
        case Term.ADVANCE:
            return chosen(term, _minutes(term, words) // DAY)
        case _:
            return chosen(term, _minutes(term, words))


def length(words: str) -> timedelta:
    """Read 45, 45 min, 2 год, 1 day; a number alone is minutes."""
    return _minutes(Term.LENGTH, words) * MINUTE


def number(card: TermsCard, term: Term) -> int | None:
    """Give the number of the button that stands for what is now, if there can be one."""
    match getattr(card, COLUMNS[term]):
        case _ if term is Term.TRIAL and not card.trial_lesson_enabled:
            return 0
        case None | []:
            return 0
        case CancellationPolicy() as policy:
            return POLICIES.index(policy)
        case timedelta() as length:
            return length // MINUTE
        case int() as count:
            return int(count)
        case _:
            return None


def _minutes(term: Term, words: str) -> int:
    """Read 90, 1:30, 1.5 h, 2 год 30 хв, 1h30, 3 days."""
    if clock := CLOCK.fullmatch(words):
        return int(clock[1]) * HOUR + int(clock[2])
    total, at = Decimal(0), 0
    for piece in PIECE.finditer(words):
        if piece.start() != at:
            break
        plain = 1 if at else PLAIN_UNITS.get(term, 1)
        total += Decimal(piece[1].replace(",", ".")) * _unit(term, piece[2].lower(), plain)
        at = piece.end()
    if not words or at != len(words) or total % 1 or total > LARGEST:
        raise BadTerm(term)
    return int(total)


def _unit(term: Term, word: str, plain: int) -> int:
    if not word:
        return plain
    for (letter, *beginnings), minutes in UNITS:
        if word == letter or word.startswith(tuple(beginnings)):
            return minutes
    raise BadTerm(term)


def _count(term: Term, words: str) -> int:
    begun = re.match(r"\d{1,4}(?!\d)", words, re.ASCII)
    if begun is None:
        raise BadTerm(term)
    return int(begun[0])


def _listed(words: str) -> list[str]:
    names = (" ".join(name.split()) for name in re.split(r"[,;\n]", words))
    return list(dict.fromkeys(filter(None, names)))


def _languages(words: str) -> list[str]:
    """Read names in either of our languages or in their own, or codes: English, польська, Deutsch, fr."""
    try:
        codes = [_language_codes()[name.casefold()] for name in _listed(words)]
    except KeyError:
        raise BadTerm(Term.LANGUAGES) from None
    return list(dict.fromkeys(codes))


@cache
def _language_codes() -> dict[str, str]:
    named = [(code, name) for ours in ("en", "uk") for code, name in Locale.parse(ours).languages.items()]
    named += [(code, Locale.parse(code).languages[code]) for code in LANGUAGES]
    known = {name.casefold(): code for code, name in named if LANGUAGE_CODE.fullmatch(code)}
    return known | {code: code for code in known.values()}


def _price(words: str) -> Terms:
    """Read 400, 400 грн, $20, 20,50 €, 1 200 UAH; without a currency the former one stays."""
    found = AMOUNT.fullmatch(" ".join(words.split()))
    if found is None:
        raise BadTerm(Term.PRICE)
    named = {word for word in ((found[1] or "").strip(), (found[3] or "").strip()) if word}
    changed: Terms = {"price": _amount(re.sub(r"[\s']", "", found[2]))}
    if len(named) > 1:
        raise BadTerm(Term.PRICE)
    if named:
        changed["currency"] = _currency(named.pop())
    return changed


def _amount(digits: str) -> Decimal:
    """A separator before exactly three digits parts thousands: prices have two places."""
    plain, grouped = PLAIN_AMOUNT.fullmatch(digits), GROUPED_AMOUNT.fullmatch(digits)
    if plain:
        return Decimal(f"{plain[1]}.{plain[2] or '0'}")
    if grouped:
        return Decimal(f"{re.sub('[.,]', '', grouped[1])}.{grouped[3] or '0'}")
    raise BadTerm(Term.PRICE)


def _currency(word: str) -> str:
    name = word.strip(". ").lower()
    for code, names in CURRENCIES.items():
        if name in names:
            return code
    if not is_currency(name.upper()):
        raise BadTerm(Term.PRICE)
    return name.upper()


def _length(value: int) -> timedelta:
    return value * MINUTE


def _length_or_nothing(value: int) -> timedelta | None:
    return value * MINUTE or None


def _policy(value: int) -> CancellationPolicy:
    if value >= len(POLICIES):
        raise BadTerm(Term.POLICY)
    return POLICIES[value]


def _count_or_nothing(value: int) -> int | None:
    return value or None


FROM_NUMBER: Final[dict[Term, Callable[[int], Any]]] = {
    Term.LENGTH: _length,
    Term.STEP: _length_or_nothing,
    Term.BUFFER_BEFORE: _length,
    Term.BUFFER_AFTER: _length,
    Term.TRIAL: _length,
    Term.PRICE: lambda _: None,
    Term.NOTICE: _length,
    Term.ADVANCE: int,
    Term.AUTO_ACCEPT: bool,
    Term.POLICY: _policy,
    Term.NEW_STUDENTS: bool,
    Term.LISTED: bool,
    Term.PER_DAY: _count_or_nothing,
    Term.PER_WEEK: _count_or_nothing,
    Term.PER_STUDENT: _count_or_nothing,
    Term.SUBJECTS: lambda _: [],
    Term.LANGUAGES: lambda _: [],
    Term.ABOUT: lambda _: None,
    Term.ROOM: lambda _: None,
}
