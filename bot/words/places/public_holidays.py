"""The public holidays of a country, named in the reader's language where the library can."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
from babel import Locale
from babel.core import get_global

from bot.words.places import places
from bot.words.places.gazetteer import fold

FALLBACK = "en_US"
# In a country at war (Ukraine) public holidays are working days that have a name
OBSERVED = (("public",), ("workday",))


@dataclass(frozen=True, slots=True)
class Holiday:
    on: date
    name: str


def coming(country: str, language: str, *, first_on: date, last_on: date) -> list[Holiday]:
    """Return the holidays from one date to another, both included; none for an unknown country."""
    if country not in _languages():
        return []
    years = range(first_on.year, last_on.year + 1)
    found = next(filter(None, (_named(country, language, category, years) for category in OBSERVED)), {})
    return [Holiday(on, name) for on, name in sorted(found.items()) if first_on <= on <= last_on]


def country_of(timezone: str) -> str | None:
    """Return the country (ISO 3166) of a time zone."""
    territory = get_global("zone_territories").get(places.canonical(timezone) or timezone)
    return str(territory) if territory in _languages() else None


def named(text: str, language: str) -> str | None:
    """Find a country by its name in the reader's language or in English, or by its two letters."""
    typed = text.strip()
    if typed.upper() in _languages():
        return typed.upper()
    known = {fold(name(code, spoken)): code for spoken in ("en", language) for code in _languages()}
    return known.get(fold(typed))


def name(country: str, language: str) -> str:
    return str(Locale.parse(language).territories.get(country, country))


def _named(country: str, language: str, category: tuple[str, ...], years: range) -> dict[date, str]:
    if category[0] not in holidays.country_holidays(country).supported_categories:
        return {}
    spoken = next((each for each in (language, FALLBACK) if each in _languages()[country]), None)
    return dict(holidays.country_holidays(country, years=years, language=spoken, categories=category))


@cache
def _languages() -> dict[str, tuple[str, ...]]:
    """Return the languages in which holidays are named, by country; none if they are not translated."""
    translated = holidays.list_localized_countries(include_aliases=False)
    return {code: tuple(translated.get(code, ())) for code in holidays.list_supported_countries(include_aliases=False)}
