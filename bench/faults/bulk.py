"""Write hundreds of confirmed lessons directly into the tables, with their reminders."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from bench.faults.town import ZONE, Phone, Town
from core.people import tutors
from core.startup import Core
from core.work import Work
from db.base import table
from db.enums import (
    BookingAction,
    BookingStatus,
    CancellationPolicy,
    ChannelKind,
    DeliveryStatus,
    Language,
    LessonType,
    SlotStatus,
)
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.person import Person
from db.models.reminder import Reminder
from db.models.time_slot import TimeSlot

LESSON = timedelta(hours=1)
ATTEMPTS = 40
NOTHING = timedelta(0)


async def lessons_at(
    core: Core, town: Town, starts: Sequence[datetime], *, befores: Sequence[int], zone: str = ZONE
) -> None:
    """One lesson at each start, every one of another tutor and another student, with reminders still to come."""
    pairs = [(_phone(town, f"Tutor {n}"), _phone(town, f"Student {n}")) for n in range(len(starts))]
    town.tutors, town.students = [tutor for tutor, _ in pairs], [student for _, student in pairs]
    town.sandbox.commit()
    async with core.begin() as work:
        await _insert(work, Person, [_person(work, id_, zone) for pair in pairs for id_ in pair])
        ids = dict((await work.session.execute(select(Person.telegram_id, Person.id))).all())
        for tutor, _ in pairs:
            await tutors.become(work, person_id=ids[tutor])
        people = [(ids[tutor], ids[student]) for tutor, student in pairs]
        await _write_lessons(work, people, starts, befores)


async def _write_lessons(
    work: Work, people: Sequence[tuple[int, int]], starts: Sequence[datetime], befores: Sequence[int]
) -> None:
    slots = [_slot(tutor, at) for (tutor, _), at in zip(people, starts, strict=True)]
    await _insert(work, TimeSlot, slots)
    slot_of = dict((await work.session.execute(select(TimeSlot.tutor_id, TimeSlot.id))).all())
    lessons = [
        _lesson(work, tutor, student, at, slot_of[tutor]) for (tutor, student), at in zip(people, starts, strict=True)
    ]
    await _insert(work, Booking, lessons)
    made = (
        await work.session.execute(select(Booking.id, Booking.tutor_id, Booking.student_id, Booking.starts_at))
    ).all()
    history = [
        {"booking_id": one.id, "action": BookingAction.CONFIRMED, "details": {}, "created_at": work.now} for one in made
    ]
    await _insert(work, BookingHistory, history)
    reminders = [
        _reminder(one.id, person, minutes, one.starts_at)
        for one in made
        for person in (one.tutor_id, one.student_id)
        for minutes in befores
    ]
    await _insert(work, Reminder, [row for row in reminders if row["scheduled_for"] > work.now])


def _phone(town: Town, name: str) -> int:
    person = town.sandbox.add_person(name)
    town.sandbox.record_person(person, started=True)
    town.phones[person.id] = Phone(town, person.id)
    return person.id


async def _insert(work: Work, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await work.session.execute(insert(table(model)), list(rows))


def _person(work: Work, telegram_id: int, zone: str) -> dict[str, Any]:
    return {
        "telegram_id": telegram_id,
        "first_name": f"Person {telegram_id}",
        "language": Language.ENGLISH,
        "timezone": zone,
        "is_tutor": False,
        "is_operator": False,
        "has_own_name": True,
        "created_at": work.now,
    }


def _slot(tutor: int, at: datetime) -> dict[str, Any]:
    local = at.astimezone(UTC)
    return {
        "tutor_id": tutor,
        "date": local.date(),
        "start_time": local.time(),
        "end_time": (local + LESSON).time(),
        "start_datetime": at,
        "end_datetime": at + LESSON,
        "status": SlotStatus.BOOKED,
        "buffer_before": NOTHING,
        "buffer_after": NOTHING,
        "is_recurring": False,
    }


def _lesson(work: Work, tutor: int, student: int, at: datetime, slot: int) -> dict[str, Any]:
    return {
        "booking_id": uuid4(),
        "tutor_id": tutor,
        "student_id": student,
        "slot_id": slot,
        "starts_at": at,
        "ends_at": at + LESSON,
        "lesson_type": LessonType.REGULAR,
        "status": BookingStatus.CONFIRMED,
        "currency": "UAH",
        "cancellation_policy": CancellationPolicy.MODERATE,
        "free_cancellation": timedelta(hours=24),
        "lineage_id": uuid4(),
        "sequence": 0,
        "is_charged": False,
        "is_waived": False,
        "holds_credit": False,
        "created_at": work.now,
    }


def _reminder(booking: int, person: int, minutes: int, starts_at: datetime) -> dict[str, Any]:
    due_at = starts_at - timedelta(minutes=minutes)
    return {
        "booking_id": booking,
        "recipient_id": person,
        "reminder_type": ChannelKind.PUSH,
        "minutes_before": minutes,
        "status": DeliveryStatus.PENDING,
        "scheduled_for": due_at,
        "next_try_at": due_at,
        "retry_count": 0,
        "max_retries": ATTEMPTS,
    }
