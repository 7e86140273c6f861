"""Lessons as iCalendar files (RFC 5545). A calendar imports a file again after a change. Pure: no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vDuration, vUri

from core.lessons.lessons import LessonCard
from core.pure.booking_states import CALLED_OFF
from db.enums import BookingStatus

PRODID = "-//tutorbot//lessons//EN"
READ_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """
    A lesson with its texts in the reader's language. `stamped_at`: last change; `alarm`: how long before the start.
    """

    lesson: LessonCard
    summary: str
    description: str
    stamped_at: datetime
    alarm: timedelta | None = None


def lesson_file(told: Told) -> bytes:
    """
    Return the lesson as an iCalendar object, in UTC, folded and with CRLF.

    - one UID for all moves, with a growing SEQUENCE: the existing entry changes, no second one appears
    - a cancelled lesson has STATUS:CANCELLED and one SEQUENCE more
    - METHOD:PUBLISH without people, so that no calendar sends answers
    """
    return _file(_calendar(), [told])


def calendar_file(told: Iterable[Told], *, name: str) -> bytes:
    """Return many lessons under a name; subscribers are asked to refresh after an hour (RFC 7986)."""
    calendar = _calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(READ_AGAIN_AFTER), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(READ_AGAIN_AFTER))
    return _file(calendar, told)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _file(calendar: Calendar, told: Iterable[Told]) -> bytes:
    for one in told:
        calendar.add_component(_event(one))
    content: bytes = calendar.to_ical()
    return content


def _event(told: Told) -> Event:
    lesson = told.lesson
    event = Event()
    event.add("uid", str(lesson.uid))
    event.add("sequence", lesson.sequence + (lesson.status in CALLED_OFF))
    event.add("dtstamp", told.stamped_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", lesson.starts_at.astimezone(UTC))
    event.add("dtend", lesson.ends_at.astimezone(UTC))
    event.add("summary", told.summary)
    event.add("description", told.description)
    event.add("status", _status(lesson.status))
    if lesson.room.address is not None:
        event.add("location", lesson.room.address)
        event.add("url", vUri(lesson.room.address))
    if told.alarm is not None:
        event.add_component(_alarm(told.summary, told.alarm))
    return event


def _alarm(summary: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", -before)
    return alarm


def _status(status: BookingStatus) -> str:
    if status == BookingStatus.PENDING:
        return "TENTATIVE"
    return "CANCELLED" if status in CALLED_OFF else "CONFIRMED"
