"""
A tutor's settings as buttons carry them and as people type them.

A button carries a whole number: minutes, days, a count, 0 or 1; if "none" can be chosen, it is 0.
Words that can't be read raise BadSetting.
"""

import re
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Final

from babel import Locale
from babel.numbers import is_currency

from core.enums import CancellationPolicy, Setting
from core.errors import BadSetting
from core.pure.setting_table import (
    COLUMNS,
    Choice,
    Days,
    Flag,
    Languages,
    Length,
    Limit,
    Link,
    Names,
    Price,
    Text,
    TutorSettingsCard,
    row_of,
)

MINUTE: Final = timedelta(minutes=1)
HOUR, DAY, WEEK = 60, 1440, 7 * 1440
LARGEST: Final = 1_000_000

UNITS: Final = (
    (("m", "хв", "min"), 1),
    (("h", "год", "hr", "hour"), HOUR),
    (("d", "дн", "ден", "доб", "day"), DAY),
    (("w", "тиж", "week"), WEEK),
)
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


def chosen(setting: Setting, number: int) -> dict[str, object]:
    """Return the columns that a button of this number changes."""
    if number > LARGEST:
        raise BadSetting(setting)
    if setting is Setting.TRIAL:
        return _trial(number)
    return {COLUMNS[setting]: _from_number(setting, number)}


def typed(setting: Setting, words: str) -> dict[str, object]:
    """Return the columns that these words change."""
    match row_of(setting).kind:
        case Price():
            amount, currency = price(words)
            return {"price": amount, "currency": currency} if currency else {"price": amount}
        case Names():
            return {COLUMNS[setting]: _listed(words)}
        case Languages():
            return {COLUMNS[setting]: _languages(words)}
        case Text():
            return {COLUMNS[setting]: words.strip()}
        case Link():
            return {COLUMNS[setting]: words if "://" in words else f"https://{words}"}
        case Limit():
            return chosen(setting, _count(setting, words))
        case Days():
            return chosen(setting, _minutes(setting, words) // DAY)
        case _:
            return chosen(setting, _minutes(setting, words))


def length(words: str) -> timedelta:
    """Read 45, 45 min, 2 год, 1 day; a number alone is minutes."""
    return _minutes(Setting.LENGTH, words) * MINUTE


def price(words: str) -> tuple[Decimal, str | None]:
    """Read 400, 400 грн, $20, 20,50 €, 1 200 UAH: the amount, and the currency if one is named."""
    found = AMOUNT.fullmatch(" ".join(words.split()))
    if found is None:
        raise BadSetting(Setting.PRICE)
    named = {word for word in ((found[1] or "").strip(), (found[3] or "").strip()) if word}
    if len(named) > 1:
        raise BadSetting(Setting.PRICE)
    return _amount(re.sub(r"[\s']", "", found[2])), _currency(named.pop()) if named else None


def number(card: TutorSettingsCard, setting: Setting) -> int | None:
    """Return the number of the button for the present value, or None if no button can have it."""
    match getattr(card, COLUMNS[setting]):
        case _ if setting is Setting.TRIAL and not card.trial_lesson_enabled:
            return 0
        case None | []:
            return 0
        case CancellationPolicy() as policy:
            return tuple(CancellationPolicy).index(policy)
        case timedelta() as length:
            return length // MINUTE
        case int() as count:
            return int(count)
        case _:
            return None


def _trial(minutes: int) -> dict[str, object]:
    """Return the columns of the trial lesson; 0 switches it off but keeps its length for the next time."""
    length = {"trial_lesson_duration": minutes * MINUTE} if minutes else {}
    return {**length, "trial_lesson_enabled": bool(minutes)}


def _from_number(setting: Setting, number: int) -> object:
    match row_of(setting).kind:
        case Length(or_none=or_none):
            return None if or_none and not number else number * MINUTE
        case Days():
            return number
        case Limit():
            return number or None
        case Flag():
            return bool(number)
        case Choice(options) if number < len(options):
            return options[number]
        case Names() | Languages():
            return []
        case Price() | Text() | Link():
            return None
        case _:
            raise BadSetting(setting)


def _minutes(setting: Setting, words: str) -> int:
    """Read 90, 1:30, 1.5 h, 2 год 30 хв, 1h30, 3 days."""
    if clock := CLOCK.fullmatch(words):
        return int(clock[1]) * HOUR + int(clock[2])
    total, at = Decimal(0), 0
    for piece in PIECE.finditer(words):
        if piece.start() != at:
            break
        plain = 1 if at else _plain_unit(setting)
        total += Decimal(piece[1].replace(",", ".")) * _unit(setting, piece[2].lower(), plain)
        at = piece.end()
    if not words or at != len(words) or total % 1 or total > LARGEST:
        raise BadSetting(setting)
    return int(total)


def _plain_unit(setting: Setting) -> int:
    """Return the minutes that a number without a unit counts."""
    match row_of(setting).kind:
        case Length(unit=unit):
            return unit // MINUTE
        case Days():
            return DAY
        case _:
            return 1


def _unit(setting: Setting, word: str, plain: int) -> int:
    if not word:
        return plain
    for (letter, *beginnings), minutes in UNITS:
        if word == letter or word.startswith(tuple(beginnings)):
            return minutes
    raise BadSetting(setting)


def _count(setting: Setting, words: str) -> int:
    begun = re.match(r"\d{1,4}(?!\d)", words, re.ASCII)
    if begun is None:
        raise BadSetting(setting)
    return int(begun[0])


def _listed(words: str) -> list[str]:
    names = (" ".join(name.split()) for name in re.split(r"[,;\n]", words))
    return list(dict.fromkeys(filter(None, names)))


def _languages(words: str) -> list[str]:
    """Read names in either of our languages or in their own, or codes: English, польська, Deutsch, fr."""
    try:
        codes = [_language_codes()[name.casefold()] for name in _listed(words)]
    except KeyError:
        raise BadSetting(Setting.LANGUAGES) from None
    return list(dict.fromkeys(codes))


@cache
def _language_codes() -> dict[str, str]:
    named = [(code, name) for ours in ("en", "uk") for code, name in Locale.parse(ours).languages.items()]
    named += [(code, Locale.parse(code).languages[code]) for code in LANGUAGES]
    known = {name.casefold(): code for code, name in named if LANGUAGE_CODE.fullmatch(code)}
    return known | {code: code for code in known.values()}


def _amount(digits: str) -> Decimal:
    """Read an amount. A separator before exactly three digits separates thousands, since prices have two places."""
    plain, grouped = PLAIN_AMOUNT.fullmatch(digits), GROUPED_AMOUNT.fullmatch(digits)
    if plain:
        return Decimal(f"{plain[1]}.{plain[2] or '0'}")
    if grouped:
        return Decimal(f"{re.sub('[.,]', '', grouped[1])}.{grouped[3] or '0'}")
    raise BadSetting(Setting.PRICE)


def _currency(word: str) -> str:
    name = word.strip(". ").lower()
    for code, names in CURRENCIES.items():
        if name in names:
            return code
    if not is_currency(name.upper()):
        raise BadSetting(Setting.PRICE)
    return name.upper()
