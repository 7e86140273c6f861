"""
The busy times in a calendar file.

    bytes  ->  the relevant lines (sifting)  ->  events, grouped by UID  ->  their times

- opaque events block, also tentative ones; transparent, cancelled and zero-length ones don't
- dates, and times without a zone, are read in the reader's time zone
- an event's times are read completely or not at all; an unreadable event is counted and does not affect others
- overlapping times are not merged: each has its own title

For untrusted files use core.calendars.feed_reading.expand: this module follows an endless rule for ever.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Event
from recurring_ical_events import ComponentsWithName, EventAdapter

from core.calendars.feed_reading.sifting import TIMES, Lines, Sifted, printable, sift, value_of
from core.calendars.feed_reading.zones import Zones, iana
from core.errors import TooManyEvents
from core.pure.planning.local_time import local_instant

MARGIN = timedelta(days=2)  # the largest distance of a local time from UTC
ONE_DAY = timedelta(days=1)
LONGEST_TITLE = 200
NO_CALENDARS_OF_ONES_OWN = ("CANCEL", "REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER")  # RFC 5546
NO_RULE_OF_PEOPLE = re.compile(r"INTERVAL=0*(?:;|$)|FREQ=(?:SECOND|MINUTE)LY", re.IGNORECASE)
RECURS = frozenset({"RRULE", "RDATE", "RECURRENCE-ID", "DURATION"})
DAY = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True, order=True)
class BusyTime:
    starts_at: datetime
    ends_at: datetime
    title: str | None
    uid: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`events` is the number of events in the calendar, `skipped` how many of them could not be read."""

    name: str | None
    events: int
    skipped: int
    times: tuple[BusyTime, ...]


class Unreadable(Exception):
    """The times of an event can't be read."""


class Bare(EventAdapter):  # type: ignore[misc]
    """Occurrences without a copy of their event: copying takes 90 % of the time."""

    def as_component(self, start: Any = None, stop: Any = None, keep_recurrence_attributes: bool = True) -> Any:
        return {"starts": start, "ends": stop, "event": self._component}


def read(content: bytes, *, timezone: str, since: datetime, until: datetime, most: int) -> Reading:
    """
    Return the busy times that overlap [since, until), ordered by start, for a reader in this zone.

    - raises NotACalendar, TooManyEvents
    """
    sifted = sift(content)
    events, skipped = _events(sifted, since - MARGIN, until + MARGIN)
    found: set[BusyTime] = set()
    for group in _series(events):
        try:
            times = list(_times(group, sifted.facts, since - MARGIN, until + MARGIN, timezone))
        except Exception:  # noqa: BLE001  parsers of other houses fail in their own ways
            skipped += len(group)
            continue
        found |= {one for one in times if one.starts_at < until and one.ends_at > since}
        if len(found) > most:
            raise TooManyEvents(most)
    return Reading(sifted.name, len(sifted.events), skipped, tuple(sorted(found, key=_order)))


def _order(one: BusyTime) -> tuple[datetime, datetime, str, str]:
    return one.starts_at, one.ends_at, one.title or "", one.uid


def _events(sifted: Sifted, since: datetime, until: datetime) -> tuple[list[Event], int]:
    """Parse the events that may have a time in the span; also return how many can't be read."""
    if sifted.facts.get("METHOD", "").upper() in NO_CALENDARS_OF_ONES_OWN:
        return [], 0
    zones, events, skipped = Zones(sifted.zones), list[Event](), 0
    first_on, last_on = f"{since:%Y%m%d}", f"{until:%Y%m%d}"
    for lines in sifted.events:
        if _lies_outside(lines, first_on, last_on):
            continue
        try:
            events.append(_event(lines, zones))
        except Exception:  # noqa: BLE001  parsers of other houses fail in their own ways
            skipped += 1
    return events, skipped


def _lies_outside(lines: Lines, first_on: str, last_on: str) -> bool:
    """Whether a single event lies outside the span, judged by its dates, so that years of history are not parsed."""
    if not RECURS.isdisjoint(lines):
        return False
    starts, ends = (DAY.match(value_of(lines.get(name, [""])[0])) for name in ("DTSTART", "DTEND"))
    if starts is None:
        return False
    return starts[0] > last_on or max(starts[0], ends[0] if ends else "") < first_on


def _event(lines: Lines, zones: Zones) -> Any:
    told = [zones.named(line) if name in TIMES else line for name, own in lines.items() for line in own]
    event: Any = Event.from_ical("\r\n".join(["BEGIN:VEVENT", *told, "END:VEVENT", ""]).encode("utf-8", "replace"))
    if any(name in TIMES for name, _ in event.errors) or "DTSTART" not in event:
        raise Unreadable
    if any(NO_RULE_OF_PEOPLE.search(line) for line in lines.get("RRULE", ())):
        raise Unreadable
    if not isinstance(event.get("SEQUENCE", 0), int):  # given twice, or not a number
        del event["SEQUENCE"]
    _mend_end(event)
    return event


def _mend_end(event: Event) -> None:
    """Mend odd ends: a whole-day event that ends on its first date lasts that day; no event ends before it starts."""
    if "DTEND" not in event:
        if "DURATION" in event and _told(event, "DURATION") < timedelta(0):
            raise Unreadable
        return
    start, end = _told(event, "DTSTART"), _told(event, "DTEND")
    if start == end and not isinstance(start, datetime):
        del event["DTEND"]
    elif type(start) is type(end) and _comparable(end) < _comparable(start):
        raise Unreadable


def _told(event: Any, name: str) -> Any:
    return event[name].dt


def _comparable(when: date) -> date:
    """Make two times comparable: if only one has a zone, compare the wall-clock times."""
    if isinstance(when, datetime):
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    return when


def _series(events: Iterable[Event]) -> Iterator[list[Event]]:
    """
    Group changed occurrences with their event. Of one UID the newest counts; equally new ones are separate events.
    """
    by_uid = defaultdict[str, list[Event]](list)
    for event in events:
        by_uid[str(event.get("UID") or id(event))].append(event)
    for alike in by_uid.values():
        changes = [event for event in alike if "RECURRENCE-ID" in event]
        cores = [event for event in alike if "RECURRENCE-ID" not in event]
        newest = max((_sequence(event) for event in cores), default=0)
        standing = [event for event in cores if _sequence(event) == newest]
        yield standing[:1] + changes
        yield from ([event] for event in standing[1:])


def _sequence(event: Event) -> int:
    told: Any = event.get("SEQUENCE", 0)
    return int(told)


def _times(
    group: list[Event], facts: dict[str, str], since: datetime, until: datetime, timezone: str
) -> Iterator[BusyTime]:
    calendar = Calendar()
    for event in group:
        calendar.add_component(event)
    if own_zone := iana(facts.get("X-WR-TIMEZONE", "")):
        calendar.add("X-WR-TIMEZONE", own_zone)  # the zone in which rules written in UTC are expanded
    query = recurring_ical_events.of(calendar, components=[ComponentsWithName("VEVENT", Bare)])
    for one in query.between(since, until):
        told, starts_at = one["event"], _instant(one["starts"], timezone)
        if _blocks(told) and one["starts"] < one["ends"]:
            ends_at = _instant(one["ends"], timezone)
            if ends_at <= starts_at:  # it begins in the hour skipped when clocks go forward
                ends_at = starts_at + (one["ends"] - one["starts"])
            yield BusyTime(starts_at, ends_at, _title(told), str(told.get("UID", ""))[:LONGEST_TITLE])


def _blocks(event: Event) -> bool:
    return (
        str(event.get("TRANSP", "OPAQUE")).upper() != "TRANSPARENT"
        and str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() != "FREE"
    )


def _instant(when: date, timezone: str) -> datetime:
    if not isinstance(when, datetime):
        return local_instant(timezone, when, time.min)
    if when.tzinfo is None:
        return local_instant(timezone, when.date(), when.time())
    return when.astimezone(UTC)


def _title(event: Event) -> str | None:
    return " ".join(printable(str(event.get("SUMMARY", ""))).split())[:LONGEST_TITLE] or None
