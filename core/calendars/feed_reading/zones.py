"""
Which zone a TZID means.

IANA's names first, then Windows names, then the calendar's own VTIMEZONE, then the names in Outlook's menu. Failing
that, a whole-hour offset in the name. Otherwise None: the time is read in the reader's zone.
"""

import re
from collections.abc import Iterable
from functools import cache

import pytz
from icalendar import Timezone
from icalendar.timezone import tzp
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from core.calendars.feed_reading.sifting import name_of, value_of

AMERICAN = {
    "eastern time": "America/New_York",
    "central time": "America/Chicago",
    "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles",
    "atlantic time": "America/Halifax",
}
OFFSET = re.compile(r"(?:UTC|GMT)\s?([+-])0?(\d{1,2})(?::?00)?(?!\d|:)")
TZID = re.compile(r';TZID=("[^"]*"|\([^)]*\)[^;:]*|[^;:]*)', re.IGNORECASE)


class Zones:
    """The zones of one calendar. icalendar caches zones per process, so the cache is cleared first."""

    def __init__(self, described: Iterable[list[str]]) -> None:
        tzp.use_default()
        self._own: dict[str, str] = {}
        self._known: dict[str, str | None] = {}
        for lines in described:
            self._learn(lines)

    def named(self, line: str) -> str:
        """Return the line with its TZID replaced by a known name, or without a TZID if the zone is unknown."""
        found = TZID.search(line)
        if found is None:
            return line
        zone = self._meant(found[1].strip('"'))
        return line[: found.start()] + (f';TZID="{zone}"' if zone else "") + line[found.end() :]

    def _meant(self, name: str) -> str | None:
        if name not in self._known:
            self._known[name] = self._look_up(name)
        return self._known[name]

    def _look_up(self, name: str) -> str | None:
        return iana(name) or self._own.get(name) or _by_menu(name) or _by_offset(name)

    def _learn(self, lines: list[str]) -> None:
        name = next((value_of(line) for line in lines if name_of(line) == "TZID"), "")
        if not name or iana(name):
            return
        alias = f"own-{len(self._own)}"  # a name that every parser accepts
        told = "\r\n".join(f"TZID:{alias}" if name_of(line) == "TZID" else line for line in lines)
        try:
            tzp.cache_timezone_component(Timezone.from_ical(told.encode() + b"\r\n"))
        except Exception:  # noqa: BLE001  parsers of other houses fail in their own ways
            return
        self._own[name] = alias


def iana(name: str) -> str | None:
    """Return the IANA zone for an IANA name in any case, also at the end of a longer path, or for a Windows name."""
    clean = name.strip().strip("/")
    parts = clean.split("/")
    endings = ("/".join(parts[first:]).lower() for first in range(len(parts)))
    known = next((_names()[ending] for ending in endings if ending in _names()), None)
    return known or WINDOWS_TO_OLSON.get(clean)


def _by_menu(name: str) -> str | None:
    """Read names of Outlook's menu: (GMT+02:00) Helsinki, Kyiv, Riga; (UTC-05:00) Eastern Time (US and Canada)."""
    if not name.startswith("("):
        return None
    listed = name.partition(")")[2].strip().lower()
    american = next((zone for begin, zone in AMERICAN.items() if listed.startswith(begin)), None)
    cities = (_cities().get(city.strip().replace(" ", "_")) for city in listed.split(","))
    return american or next(filter(None, cities), None)


def _by_offset(name: str) -> str | None:
    found = OFFSET.search(name.upper())
    if found is None or int(found[2]) > 12:
        return None
    sign = "-" if found[1] == "+" else "+"  # Etc/GMT-2 is UTC+2
    return f"Etc/GMT{sign}{int(found[2])}" if int(found[2]) else "Etc/UTC"


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in pytz.all_timezones}


@cache
def _cities() -> dict[str, str]:
    return {name.rpartition("/")[2].lower(): name for name in pytz.common_timezones if "/" in name}
