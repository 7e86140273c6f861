"""Every sentence for a person is made here: in their language, with times in their zone."""

import gettext
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Self

import pytz
from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.words.places import places
from core.people.people import GONE

LANGUAGES = ("en", "uk")
# The zone of people who have not set theirs
FALLBACK_ZONE = "UTC"
LOCALES = Path(__file__).parent / "locales"

_DAY = {"en": "EEE d MMM", "uk": "EEE, d MMM"}
_LONG_DAY = {"en": "EEEE, d MMMM", "uk": "EEEE, d MMMM"}
_FULL_DATE = {"en": "d MMMM y", "uk": "d MMMM y 'р'."}


ISOLATE, END_ISOLATE = "\u2068", "\u2069"
DIRECTION_CONTROLS = (
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)  # typed by a person, these could reverse a whole line
NO_CONTROLS = dict.fromkeys(DIRECTION_CONTROLS)
ISOLATED = re.compile(f"{ISOLATE}[^{''.join(map(chr, DIRECTION_CONTROLS))}]*{END_ISOLATE}")
REORDERS = {"R", "AL", *(unicodedata.bidirectional(chr(control)) for control in DIRECTION_CONTROLS)}


class Html(str):
    """Text ready for Telegram's HTML. Any string operation on it returns a plain str, which is escaped when said."""

    __slots__ = ()


def escape(text: str) -> Html:
    if isinstance(text, Html):
        return text
    return Html(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"))


def isolated(text: str) -> str:
    """
    Stop right-to-left text from reordering the numbers and times around it (UAX #9, 2.4).

    `say` and `label` do this for every value. Call it yourself if you join a name to other text without them.
    """
    if not any(unicodedata.bidirectional(letter) in REORDERS for letter in ISOLATED.sub("", text)):
        return text
    return f"{ISOLATE}{text.translate(NO_CONTROLS)}{END_ISOLATE}"


def lines(*parts: str | None, between: str = "\n") -> Html:
    """Join whole sentences, leaving out the absent ones."""
    return Html(between.join(escape(part) for part in parts if part is not None))


def N_(message: str) -> str:  # noqa: N802  gettext's own name for it
    """Mark a string in a table for translation; say it later with voice.say(TABLE[key])."""
    return message


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    compiled = BytesIO()
    with (LOCALES / f"{language}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def load() -> None:
    """Read the catalogues. This blocks the event loop for a moment, so call it at start."""
    for language in LANGUAGES:
        catalogue(language)


@dataclass(frozen=True)
class Voice:
    language: str
    timezone: str

    @classmethod
    def for_(cls, language_code: str | None, timezone: str) -> Self:
        """Return the Ukrainian voice for Telegram's "uk" and "uk-UA", the English one for everything else."""
        spoken = (language_code or "").replace("_", "-").split("-")[0].lower()
        return cls(spoken if spoken in LANGUAGES else "en", timezone)

    def in_zone(self, timezone: str) -> Self:
        return replace(self, timezone=timezone)

    # Sentences

    def say(self, message: str, /, **facts: str | int) -> Html:
        return Html(self._translated(message).format(**_escaped(facts)))

    def count(self, singular: str, plural: str, n: int, /, **facts: str | int) -> Html:
        return Html(self._translated_plural(singular, plural, n).format(n=n, **_escaped(facts)))

    def label(self, message: str, /, **facts: str | int) -> str:
        """Say it as plain text, for buttons, toasts, commands and file names."""
        return self._translated(message).format(**_isolated(facts))

    def count_label(self, singular: str, plural: str, n: int, /, **facts: str | int) -> str:
        return self._translated_plural(singular, plural, n).format(n=n, **_isolated(facts))

    def name(self, name: str) -> str:
        """Say a person's name, or the words that replace it if the person has left."""
        return self.label("Deleted account") if name == GONE else isolated(name)

    # Days and hours

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(pytz.timezone(self.timezone))

    def day(self, on: date) -> str:
        """Mon 24 Nov · пн, 24 лист."""
        return dates.format_date(on, _DAY[self.language], locale=self.language)

    def long_day(self, on: date) -> str:
        """Monday, 24 November · понеділок, 24 листопада"""
        return dates.format_date(on, _LONG_DAY[self.language], locale=self.language)

    def full_date(self, on: date) -> str:
        """24 November 2026 · 24 листопада 2026 р."""
        return dates.format_date(on, _FULL_DATE[self.language], locale=self.language)

    def month(self, of: date) -> str:
        """November 2026 · листопад 2026"""
        return dates.format_date(of, "LLLL y", locale=self.language)

    def month_name(self, of: date) -> str:
        """November · листопад"""
        return dates.format_date(of, "LLLL", locale=self.language)

    def days(self, first: date, last: date) -> str:
        """23–29 November 2026 · 30 November – 6 December 2026"""
        until = dates.format_date(last, "d MMMM y", locale=self.language)
        if first.month == last.month:
            return f"{first.day}–{until}"
        return f"{dates.format_date(first, 'd MMMM', locale=self.language)} – {until}"

    def weekday(self, weekday: int) -> str:
        """Monday · понеділок, for 0"""
        return str(self._locale.days["stand-alone"]["wide"][weekday])

    def weekday_short(self, weekday: int) -> str:
        return str(self._locale.days["stand-alone"]["abbreviated"][weekday])

    def hour(self, instant: datetime) -> str:
        """17:00, or 03:30 (+02:00) on the night when the clock shows 03:30 twice."""
        local = self.local(instant)
        return f"{local:%H:%M} ({_offset(local)})" if self._comes_twice(local) else f"{local:%H:%M}"

    def hours(self, start: datetime, end: datetime) -> str:
        return f"{self.hour(start)}–{self.hour(end)}"

    def moment(self, instant: datetime) -> str:
        return f"{self.day(self.local(instant).date())}, {self.hour(instant)}"

    def moment_in(self, instant: datetime, timezone: str) -> str:
        return self.in_zone(timezone).moment(instant)

    def city(self) -> str:
        return places.city(self.timezone, self.language)

    def zone(self, at: datetime | None = None) -> str:
        """Kyiv time · час: Київ; with an instant also the offset of that day: Kyiv time (UTC+2)."""
        city = self.city()
        if city.startswith("UTC"):
            return city
        if at is None:
            return self.label("{city} time", city=city)
        return self.label("{city} time ({offset})", city=city, offset=utc_offset(self.local(at)))

    # Lengths and money

    def span(self, length: timedelta) -> str:
        """1 h 30 min · 1 год 30 хв; from three whole days on, days come first."""
        minutes = int(length.total_seconds()) // 60
        days, minutes = divmod(minutes, 1440) if minutes >= 3 * 1440 else (0, minutes)
        hours, minutes = divmod(minutes, 60)
        parts = [
            self.count_label("{n} day", "{n} days", days) if days else "",
            self.label("{n} h", n=hours) if hours else "",
            self.label("{n} min", n=minutes) if minutes or not (days or hours) else "",
        ]
        return " ".join(filter(None, parts))

    def ahead(self, length: timedelta) -> str:
        """in 15 minutes · через 15 хвилин; in 24 hours; in 3 days; in 1 h 30 min"""
        minutes = int(length.total_seconds()) // 60
        if minutes >= 2 * 1440 and minutes % 1440 == 0:
            return self.count_label("in {n} day", "in {n} days", minutes // 1440)
        if minutes >= 60 and minutes % 60 == 0:
            return self.count_label("in {n} hour", "in {n} hours", minutes // 60)
        if minutes < 60:
            return self.count_label("in {n} minute", "in {n} minutes", minutes)
        return self.label("in {span}", span=self.span(length))

    def money(self, amount: Decimal, currency: str) -> str:
        """$20 · ₴450.50 · 450 UAH; 450 ₴ · 450,50 ₴ in Ukrainian. Whole amounts go without their .00"""
        whole = amount == amount.to_integral_value()
        digits = "0" if whole else "0." + "0" * max(2, numbers.get_currency_precision(currency))
        leads = self.language == "en" and not numbers.get_currency_symbol(currency, "en").isalpha()
        pattern = f"¤#,##{digits}" if leads else f"#,##{digits}\N{NO-BREAK SPACE}¤"
        return numbers.format_currency(amount, currency, pattern, locale=self.language, currency_digits=False)

    def languages(self, codes: Iterable[str]) -> str:
        """Polish, German · польська, німецька; a code without a name is returned unchanged."""
        names = self._locale.languages
        return ", ".join(str(names.get(code, code)) for code in codes)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.language)

    def _translated(self, message: str) -> str:
        return catalogue(self.language).gettext(message)

    def _translated_plural(self, singular: str, plural: str, n: int) -> str:
        return catalogue(self.language).ngettext(singular, plural, n)

    def _comes_twice(self, local: datetime) -> bool:
        try:
            pytz.timezone(self.timezone).localize(local.replace(tzinfo=None), is_dst=None)
        except pytz.AmbiguousTimeError:
            return True
        return False


def wall_clock(at: time) -> str:
    """09:00"""
    return f"{at:%H:%M}"


def utc_offset(local: datetime) -> str:
    """UTC · UTC+2 · UTC+5:30 · UTC−5"""
    sign, hours, minutes = _offset_parts(local)
    if (hours, minutes) == (0, 0):
        return "UTC"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def _offset(local: datetime) -> str:
    sign, hours, minutes = _offset_parts(local)
    return f"{sign}{hours:02}:{minutes:02}"


def _offset_parts(local: datetime) -> tuple[str, int, int]:
    offset = local.utcoffset()
    assert offset is not None, "a local time has its zone"
    minutes = round(offset.total_seconds() / 60)
    return "−" if minutes < 0 else "+", *divmod(abs(minutes), 60)


def _escaped(facts: dict[str, str | int]) -> dict[str, str | int]:
    return {name: escape(fact) if isinstance(fact, str) else fact for name, fact in _isolated(facts).items()}


def _isolated(facts: dict[str, str | int]) -> dict[str, str | int]:
    """Isolate a value, unless it is Html, whose values are isolated already."""
    plain = {name: isolated(fact) for name, fact in facts.items() if isinstance(fact, str) and type(fact) is not Html}
    return facts | plain
