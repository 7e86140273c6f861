"""One lesson as a file that a calendar takes in, and takes in again when the lesson has changed."""

from datetime import UTC, datetime

from icalendar import Calendar, Event, vUri

from core.booking_states import CALLED_OFF
from core.lessons import LessonCard
from db.enums import BookingStatus

PRODID = "-//tutorbot//lessons//EN"


def lesson_file(lesson: LessonCard, *, summary: str, description: str, stamped_at: datetime) -> bytes:
    """
    Return the lesson as an iCalendar object, in UTC, folded and with CRLF.

    - one UID over all moves, with a SEQUENCE that grows: the entry there is changes, none is added
    - a lesson called off is one change more, and CANCELLED
    - METHOD:PUBLISH without people: nobody's calendar answers to anybody
    """
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(lesson, summary, description, stamped_at))
    content: bytes = calendar.to_ical()
    return content


def _event(lesson: LessonCard, summary: str, description: str, stamped_at: datetime) -> Event:
    event = Event()
    event.add("uid", str(lesson.uid))
    event.add("sequence", lesson.sequence + (lesson.status in CALLED_OFF))
    event.add("dtstamp", stamped_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", lesson.starts_at.astimezone(UTC))
    event.add("dtend", lesson.ends_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("description", description)
    event.add("status", _status(lesson.status))
    if lesson.room_address is not None:
        event.add("location", lesson.room_address)
        event.add("url", vUri(lesson.room_address))
    return event


def _status(status: BookingStatus) -> str:
    if status == BookingStatus.PENDING:
        return "TENTATIVE"
    return "CANCELLED" if status in CALLED_OFF else "CONFIRMED"
