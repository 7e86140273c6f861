"""A new lesson's row: who may have it, and on what terms it is made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, or_, select
from sqlalchemy.exc import IntegrityError

from core.errors import NoteTooLong, StudentBusy, TimeTaken, TooManyLessons, TooManyWithTutor, TutorPaused
from core.lessons import packages
from core.lessons.booking_changes import remember
from core.people import reminders, tutors
from core.pure import booking_states, planning, video_rooms
from core.times import slots
from core.work import Work
from db.base import AnyRow, table
from db.constraints import violates
from db.enums import BookingAction, BookingStatus, Event, LessonType
from db.models import Booking, TimeSlot

LIVE_START = next(index for index in table(TimeSlot).indexes if index.name == "uq_time_slot_live_start")

STUDENTS_LIVE = (
    select(
        Booking.id,
        Booking.student_id,
        Booking.tutor_id,
        Booking.starts_at,
        Booking.ends_at,
        TimeSlot.buffer_before,
        TimeSlot.buffer_after,
    )
    .join(TimeSlot, TimeSlot.id == Booking.slot_id)
    .where(
        or_(Booking.student_id == bindparam("student_id"), Booking.tutor_id == bindparam("student_id")),
        Booking.ends_at > bindparam("since"),
    )
)
MOST_CHARACTERS = 1000  # of a student's note

SAME_REQUEST = select(Booking.id).where(
    Booking.tutor_id == bindparam("tutor_id"),
    Booking.student_id == bindparam("student_id"),
    Booking.starts_at == bindparam("starts_at"),
    Booking.status.in_(booking_states.LIVE),
)
INSERT_BOOKING = insert(table(Booking)).returning(table(Booking).c.id)


def checked_note(text: str | None) -> str | None:
    """Return a student's words for the tutor, none where there are none; raises NoteTooLong."""
    note = (text or "").strip()
    if len(note) > MOST_CHARACTERS:
        raise NoteTooLong(MOST_CHARACTERS)
    return note or None


async def asked_before(work: Work, *, tutor_id: int, student_id: int, starts_at: datetime) -> int | None:
    """Return the live booking of these two at this time, asked for or agreed."""
    same = {"tutor_id": tutor_id, "student_id": student_id, "starts_at": starts_at}
    booked: int | None = await work.session.scalar(SAME_REQUEST, same)
    return booked


async def check_student(work: Work, settings: AnyRow, lesson: planning.Span, *, student_id: int) -> None:
    live = await check_free(work, lesson, student_id=student_id)
    if sum(row.student_id == student_id for row in live) >= work.policies.max_active_lessons:
        raise TooManyLessons(work.policies.max_active_lessons)
    _check_limit(settings, live, student_id=student_id)
    if not settings.accepts_new_students and not await _is_known(work, settings.tutor_id, student_id):
        raise TutorPaused


def _check_limit(settings: AnyRow, live: Sequence[AnyRow], *, student_id: int) -> None:
    limit = settings.max_lessons_per_student
    with_tutor = [row for row in live if (row.student_id, row.tutor_id) == (student_id, settings.tutor_id)]
    if limit is not None and len(with_tutor) >= limit:
        raise TooManyWithTutor(limit)


async def check_free(
    work: Work, lesson: planning.Span, *, student_id: int, leaving: int | None = None
) -> Sequence[AnyRow]:
    """Return the student's live lessons, none of which is in the way but `leaving`; raises StudentBusy."""
    since = min(work.now, lesson.starts_at)
    live = (await work.session.execute(STUDENTS_LIVE, {"student_id": student_id, "since": since})).all()
    meant = planning.Busy(lesson.starts_at, lesson.ends_at, kind=planning.BusyKind.CLOSED)
    if any(planning.overlaps(meant, _students_busy(row, student_id)) for row in live if row.id != leaving):
        raise StudentBusy(lesson.starts_at)
    return live


def _students_busy(row: AnyRow, student_id: int) -> planning.Busy:
    """A student who teaches too needs the buffers around the lessons they give."""
    kind = planning.BusyKind.CLOSED if row.student_id == student_id else planning.BusyKind.OWN
    return planning.Busy(row.starts_at, row.ends_at, row.buffer_before, row.buffer_after, kind)


async def _is_known(work: Work, tutor_id: int, student_id: int) -> bool:
    agreed = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED)
    lesson = select(Booking.id).where(
        Booking.tutor_id == tutor_id, Booking.student_id == student_id, Booking.status.in_(agreed)
    )
    return await work.session.scalar(lesson.limit(1)) is not None


async def write(
    work: Work,
    settings: AnyRow,
    lesson: planning.Span,
    *,
    student_id: int,
    kind: LessonType = LessonType.REGULAR,
    note: str | None = None,
) -> int:
    starts_at, _ = lesson
    terms = terms_now(work, settings, starts_at, is_agreed=settings.auto_accept)
    if kind is LessonType.TRIAL:
        terms |= {"lesson_type": kind, "price": None}
    else:
        terms |= await packages.hold(work, tutor_id=settings.tutor_id, student_id=student_id)
    booking_id = await insert_booking(work, settings, lesson, student_id=student_id, student_notes=note, **terms)
    await remember(work, booking_id, BookingAction.REQUESTED, by=student_id, auto_accept=settings.auto_accept)
    if settings.auto_accept:
        both = (student_id, settings.tutor_id)
        await reminders.schedule(work, booking_id=booking_id, starts_at=starts_at, recipient_ids=both)
    work.announce(Event.BOOKING_CREATED, to=settings.tutor_id, booking_id=booking_id, once=f"{booking_id}")
    await tutors.meet(work, tutor_id=settings.tutor_id, student_id=student_id)
    return booking_id


async def insert_booking(
    work: Work, settings: AnyRow, lesson: planning.Span, *, is_proposal: bool = False, **terms: Any
) -> int:
    """Hold the slot, write the row on it and return its id. A proposal waits for the student, not for the tutor."""
    row = {
        "booking_id": uuid4(),
        "lineage_id": uuid4(),
        "tutor_id": settings.tutor_id,
        "slot_id": await hold_slot(work, settings, lesson),
        "starts_at": lesson.starts_at,
        "ends_at": lesson.ends_at,
        "sequence": 0,
        "is_charged": False,
        "is_waived": False,
        "holds_credit": False,
        "created_at": work.now,
        **terms,
    }
    if row["status"] == BookingStatus.CONFIRMED:
        row["classroom_id"] = row.get("classroom_id") or video_rooms.new_id()
    booking_id: int = (await work.session.execute(INSERT_BOOKING, row)).scalar_one()
    if row["status"] == BookingStatus.PENDING and not is_proposal:
        _plan_nudges(work, settings, booking_id, row["expires_at"])
    return booking_id


def _plan_nudges(work: Work, settings: AnyRow, booking_id: int, expires_at: datetime) -> None:
    for at in booking_states.nudges_at(made_at=work.now, expires_at=expires_at, timezone=settings.timezone):
        once = f"{booking_id}:{at.isoformat()}"
        work.announce(Event.BOOKING_NUDGE, to=settings.tutor_id, booking_id=booking_id, once=once, at=at)


def terms_now(work: Work, settings: AnyRow, starts_at: datetime, *, is_agreed: bool) -> dict[str, Any]:
    """What is in force when the lesson is made stays in force for it."""
    return {
        "lesson_type": LessonType.REGULAR,
        "status": BookingStatus.CONFIRMED if is_agreed else BookingStatus.PENDING,
        "price": settings.price,
        "currency": settings.currency,
        "cancellation_policy": settings.cancellation_policy,
        "free_cancellation": booking_states.FREE_CANCELLATION[settings.cancellation_policy],
        "expires_at": None if is_agreed else lapses_at(work, starts_at),
    }


def lapses_at(work: Work, starts_at: datetime) -> datetime:
    return booking_states.request_expires_at(
        now=work.now,
        starts_at=starts_at,
        after_request=work.policies.request_expires_after,
        before_start=work.policies.request_expires_before_start,
    )


async def hold_slot(work: Work, settings: AnyRow, lesson: planning.Span) -> int:
    """The check before should have seen it; if a lesson got in all the same, the index is the last line."""
    try:
        return await slots.book(work, settings, starts_at=lesson.starts_at, ends_at=lesson.ends_at)
    except IntegrityError as error:
        if violates(error, LIVE_START):
            raise TimeTaken(lesson.starts_at) from error
        raise
