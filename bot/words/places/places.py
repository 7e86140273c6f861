"""
Find a person's place: typed, sent as a location, or picked from a few buttons.

The first `find` loads the cities, which takes a second: call `find_async` in the event loop.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice

import pytz
import tzfpy
from babel import Locale
from babel.core import get_global

from bot.words.places.gazetteer import City, fold, gazetteer

MOST_FOUND = 6
LONGEST_NAME = 100

_COMMON = {
    "uk": "Europe/Kyiv Europe/Warsaw Europe/Berlin Europe/Prague Europe/London America/New_York",
    "en": "Europe/London Europe/Berlin Europe/Kyiv America/New_York America/Los_Angeles Asia/Kolkata",
}
_OFFSET = re.compile(r"(?:UTC|GMT)?(?:[ ]*([+−–-])[ ]?([0-9]{1,2})(?::?([0-9]{2}))?)?", re.IGNORECASE)
_NEAR_SHORE = ((0, 0), (0.2, 0), (-0.2, 0), (0, 0.2), (0, -0.2), (0.2, 0.2), (-0.2, 0.2), (0.2, -0.2), (-0.2, -0.2))


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    country: str
    timezone: str


def common(language: str) -> list[Place]:
    """Well-known cities, without their country, which would not fit on a button."""
    return [Place(city(timezone, language), "", timezone) for timezone in _COMMON[language].split()]


def find(text: str, language: str = "en", *, now: datetime | None = None) -> list[Place]:
    """
    Find up to six places, best first, named in the reader's language.

    - a city in Latin or Cyrillic letters: exact names, else names that begin with the text, else similar names;
      the most populous first; a country may follow after a comma
    - a zone by name: Europe/Kyiv
    - with `now` also an offset such as UTC+2: the zones with this offset now
    """
    text = text.strip()
    if not text or len(text) > LONGEST_NAME:
        return []
    if timezone := canonical(text):
        return [_zone_place(timezone, language)]
    if offset := _OFFSET.fullmatch(text):
        return _at_offset(offset, language, now) if now else []
    name, _, country_name = text.removeprefix("м.").removeprefix("місто ").partition(",")
    found = list(dict.fromkeys(_named(name.strip(), language)))
    there = [place for place in found if country_name and fold(place.country).startswith(fold(country_name))]
    return (there or found)[:MOST_FOUND]


async def find_async(text: str, language: str = "en", *, now: datetime | None = None) -> list[Place]:
    return await asyncio.to_thread(find, text, language, now=now)


def at(latitude: float, longitude: float) -> str | None:
    """Return the zone of a location; near a coast the coast's zone, at open sea None."""
    for north, east in _NEAR_SHORE:
        if abs(latitude + north) <= 90 and abs(longitude + east) <= 180:
            timezone = canonical(tzfpy.get_tz(longitude + east, latitude + north))
            if timezone:
                return timezone
    return None


def canonical(timezone: str) -> str | None:
    """Return the current name of a zone, given in any case; None if it is not the zone of a place."""
    known = _zones().get(timezone.lower())
    return get_global("zone_aliases").get(known, known) if known else None


def city(timezone: str, language: str) -> str:
    """Return the city of a zone in the reader's language: Kyiv, Київ, New York, Нью-Йорк."""
    zones = Locale.parse(language).time_zones
    for name in (timezone, *_former_names().get(timezone, ())):
        if exemplar := zones.get(name, {}).get("city"):
            return str(exemplar)
    return timezone.rpartition("/")[2].replace("_", " ")


def country(code: str, language: str) -> str:
    return str(Locale.parse(language).territories.get(code, ""))


def _named(typed: str, language: str) -> Iterator[Place]:
    name = fold(typed)
    known = gazetteer()
    found = known.exactly(name)
    yield from (_city_place(city, language, typed) for city in found)
    zones = _zones_called().get(name, set()) - {_zone_of(city) for city in found}
    yield from (_zone_place(timezone, language) for timezone in sorted(zones))
    if not found and not zones and name:
        yield from (_city_place(city, language) for city in known.beginning(name) or known.alike(name))


def _zone_of(city: City) -> str:
    return canonical(city.timezone) or city.timezone


def _city_place(found: City, language: str, typed: str = "") -> Place:
    timezone = _zone_of(found)
    return Place(_city_name(found, timezone, language, typed), country(found.country, language), timezone)


def _city_name(found: City, timezone: str, language: str, typed: str) -> str:
    if _namesake(timezone) == found:
        return city(timezone, language)
    if language == "uk" and found.name_uk:
        return found.name_uk
    if language == "uk" and "а" <= typed[:1].lower() <= "ґ":
        return re.sub(r"[^\s-]+", lambda word: word[0].capitalize(), typed)
    return found.name


def _zone_place(timezone: str, language: str) -> Place:
    territory = get_global("zone_territories").get(timezone) or next(
        (get_global("zone_territories").get(name, "") for name in _former_names().get(timezone, ())), ""
    )
    return Place(city(timezone, language), country(territory, language), timezone)


def _at_offset(typed: re.Match[str], language: str, now: datetime) -> list[Place]:
    sign, hours, minutes = typed.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (1 if sign == "+" else -1)
    there = (
        timezone
        for timezone in _zones_by_people(language)
        if now.astimezone(pytz.timezone(timezone)).utcoffset() == offset
    )
    return [_zone_place(timezone, language) for timezone in islice(there, MOST_FOUND)]


def _zones_by_people(language: str) -> Iterable[str]:
    """Return the reader's usual zones, then the others by the size of their city."""
    namesakes = {timezone: _namesake(timezone) for timezone in set(_zones().values())}
    inhabited = sorted((-city.population, timezone) for timezone, city in namesakes.items() if city)
    return dict.fromkeys([*_COMMON[language].split(), *(timezone for _, timezone in inhabited)])


@cache
def _zones() -> dict[str, str]:
    return {
        name.lower(): name for name in pytz.all_timezones if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    }


@cache
def _zones_called() -> dict[str, set[str]]:
    called: dict[str, set[str]] = {}
    for timezone in pytz.common_timezones:
        if "/" in timezone:
            for language in _COMMON:
                called.setdefault(fold(city(timezone, language)), set()).add(timezone)
    return called


@cache
def _namesake(timezone: str) -> City | None:
    cities = gazetteer().exactly(fold(city(timezone, "en")))
    return next((known for known in cities if _zone_of(known) == timezone), None)


@cache
def _former_names() -> dict[str, list[str]]:
    former: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        former.setdefault(new, []).append(old)
    return former
