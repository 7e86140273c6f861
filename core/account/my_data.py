"""
Everything stored about one person, for that person.

The person gets it as a file, so it has no text by other people, and only those of their names that the person has seen.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Column, and_, or_, select
from sqlalchemy.orm import aliased

from core.people.people import GONE, full_name
from core.work import Work
from db.base import AnyRow, Base, table
from db.enums import BookingAction
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.busy_time import BusyTime
from db.models.date_exception import DateException
from db.models.external_calendar import ExternalCalendar
from db.models.lesson_package import LessonPackage
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from db.models.slot_hold import SlotHold
from db.models.talk import Talk
from db.models.time_slot import TimeSlot
from db.models.tutor_application import TutorApplication
from db.models.tutor_availability import TutorAvailability
from db.models.tutor_settings import TutorSettings
from db.models.tutor_student import TutorStudent

Facts: TypeAlias = Mapping[str, Any]

# Tables of the person's own rows; these columns are left out
OWN: tuple[tuple[str, type[Base], str], ...] = (
    ("weekly_hours", TutorAvailability, "tutor_id"),
    ("exceptions", DateException, "tutor_id"),
    ("own_times", TimeSlot, "tutor_id"),
    ("calendars", ExternalCalendar, "tutor_id"),
    ("busy_times", BusyTime, "tutor_id"),
    ("held_times", SlotHold, "student_id"),
    ("applications", TutorApplication, "person_id"),
    ("questions", Talk, "person_id"),
    ("reminders", Reminder, "recipient_id"),
    ("notices", Notification, "recipient_id"),
)
LEFT_OUT: Mapping[str, str] = {
    "id": "a number of ours",
    "tutor_id": "the person, or said by name",
    "student_id": "the person, or said by name",
    "person_id": "the person",
    "recipient_id": "the person",
    "booking_id": "a number of ours, in a lesson its number",
    "slot_id": "a number of ours",
    "package_id": "a number of ours",
    "replaces_id": "a number of ours",
    "availability_id": "a number of ours",
    "calendar_id": "a number of ours",
    "change_id": "a number of ours",
    "message_id": "a number of Telegram's",
    "lineage_id": "a number of ours",
    "classroom_id": "opens a room: told when the lesson begins",
    "share_code": "opens a door: told by /share",
    "calendar_code": "opens a door",
    "heard_update_id": "a number of Telegram's",
    "dedupe_key": "made of numbers of ours",
    "next_try_at": "how we deliver",
    "retry_count": "how we deliver",
    "max_retries": "how we deliver",
    "last_error": "how we deliver",
    "next_sync_at": "how we read a calendar",
    "failures": "how we read a calendar",
    "etag": "a word of the server's",
    "last_modified": "a word of the server's",
    "content": "the events are among the busy times",
    "details": "made of numbers of ours",
    "holds_credit": "counted in the packages",
    "left_at": "nobody who has left asks",
}
# Tables without data of their own about a person
NOT_TOLD: Mapping[str, str] = {"lesson_message": "which message in the chat shows which lesson: numbers"}


@dataclass(frozen=True, slots=True)
class MyData:
    """
    `lessons`: the person's lessons as tutor and as student, with their history. `more`: the person's other rows, by
    kind.
    """

    made_at: datetime
    profile: Facts
    teaching: Facts | None
    tutors: tuple[Facts, ...]
    students: tuple[Facts, ...]
    lessons: tuple[Facts, ...]
    packages: tuple[Facts, ...]
    more: Mapping[str, tuple[Facts, ...]]


async def everything(work: Work, *, person_id: int) -> MyData:
    (profile,) = await _own(work, Person, "id", person_id)
    teaching = await _own(work, TutorSettings, "tutor_id", person_id)
    return MyData(
        made_at=work.now,
        profile=profile,
        teaching=teaching[0] if teaching else None,
        tutors=await _met(work, TutorStudent.student_id == person_id, TutorStudent.tutor_id),
        students=await _met(work, TutorStudent.tutor_id == person_id, TutorStudent.student_id),
        lessons=await _lessons(work, person_id),
        packages=await _packages(work, person_id),
        more={name: await _own(work, model, owner, person_id) for name, model, owner in OWN},
    )


def told(model: type[Base]) -> list[Column[Any]]:
    """Return the columns that a person may see."""
    return [column for column in table(model).c if column.name not in LEFT_OUT]


async def _own(work: Work, model: type[Base], owner: str, person_id: int) -> tuple[Facts, ...]:
    row = table(model)
    rows = select(*told(model)).where(row.c[owner] == person_id).order_by(*row.primary_key)
    return tuple(dict(one._mapping) for one in await work.session.execute(rows))  # noqa: SLF001


async def _met(work: Work, by_person: Any, other: Any) -> tuple[Facts, ...]:
    rows = (
        select(Person.first_name, Person.last_name, TutorStudent.met_at)
        .join(TutorStudent, other == Person.id)
        .where(by_person)
        .order_by(TutorStudent.met_at, Person.id)
    )
    return tuple({"name": _name(row), "met_at": row.met_at} for row in await work.session.execute(rows))


async def _lessons(work: Work, person_id: int) -> tuple[Facts, ...]:
    """Return the lessons with their history; the tutor's notes only if the person is the tutor."""
    history = await _history(work, person_id)
    rows = _with_other(Booking, person_id).order_by(Booking.starts_at, Booking.id)
    lessons = []
    for row in await work.session.execute(rows):
        facts = _of_both(row, Booking, person_id) | {"number": row.booking_id, "history": history[row.id]}
        if row.tutor_id != person_id:
            del facts["tutor_notes"]
        lessons.append(facts)
    return tuple(lessons)


async def _packages(work: Work, person_id: int) -> tuple[Facts, ...]:
    rows = _with_other(LessonPackage, person_id).order_by(LessonPackage.id)
    return tuple(_of_both(row, LessonPackage, person_id) for row in await work.session.execute(rows))


async def _history(work: Work, person_id: int) -> Mapping[int, list[Facts]]:
    rows = (
        select(*table(BookingHistory).c, Booking.tutor_id)
        .join(Booking, Booking.id == BookingHistory.booking_id)
        .where(or_(Booking.tutor_id == person_id, Booking.student_id == person_id))
        .order_by(BookingHistory.id)
    )
    lines = defaultdict[int, list[Facts]](list)
    for row in await work.session.execute(rows):
        if row.action != BookingAction.NOTED or row.performed_by == person_id:
            by = None if row.performed_by is None else "me" if row.performed_by == person_id else "the other side"
            lines[row.booking_id].append({"action": row.action, "by": by, "at": row.created_at})
    return lines


def _with_other(model: Any, person_id: int) -> Any:
    other = aliased(Person)
    is_other = or_(
        and_(model.tutor_id == person_id, other.id == model.student_id),
        and_(model.student_id == person_id, other.id == model.tutor_id),
    )
    return select(*table(model).c, other.first_name, other.last_name).join(other, is_other)


def _of_both(row: AnyRow, model: type[Base], person_id: int) -> dict[str, Any]:
    side = "tutor" if row.tutor_id == person_id else "student"
    return {"i_am": side, "with": _name(row), **{column.name: getattr(row, column.name) for column in told(model)}}


def _name(row: AnyRow) -> str | None:
    return None if row.first_name == GONE else full_name(row.first_name, row.last_name)
