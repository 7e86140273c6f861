"""
Move a lesson to another time: a new booking of the same lineage replaces the old one.

    a lesson, by the tutor                  at once; the student may refuse
    a request, by the tutor                 a proposal, until the student says yes (answers.accept) or no
    by a student, `auto_accept` on          at once
    by a student, otherwise                 a move request: the lesson stays until the tutor agrees (bookings.confirm)
"""

from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import Any

from sqlalchemy import bindparam, func, select

from core.errors import (
    NotFound,
    SameTime,
    StudentBusy,
    StudentElsewhere,
    TimePassed,
    TooFarAhead,
    TooLateToMove,
)
from core.lessons import lesson_offers
from core.lessons.bookings import agree
from core.lessons.changes import (
    DAYS_AHEAD,
    REPLACEMENTS,
    ROW,
    check_ahead,
    check_free,
    drop_move_request,
    hand_over,
    insert_booking,
    is_charged,
    lapses_at,
    lesson_behind,
    lock,
    remember,
)
from core.lessons.lessons import LessonCard, card, free_until
from core.people import people, reminders
from core.pure import booking_states
from core.pure.booking_states import Step
from core.pure.planning.values import Span
from core.times import offers, slots
from core.times.offers import DayOffer, MonthOffer, Moved
from core.times.schedules import Asker
from core.work import Work
from db.base import AnyRow
from db.enums import BookingAction, BookingStatus, Event
from db.models.booking import Booking

TERMS = (
    "student_id",
    "tutor_id",
    "lineage_id",
    "subject",
    "lesson_type",
    "student_notes",
    "tutor_notes",
    "price",
    "currency",
    "classroom_id",
    "cancellation_policy",
    "free_cancellation",
    "package_id",
)
LAST_SEQUENCE = select(func.max(Booking.sequence)).where(Booking.lineage_id == bindparam("lineage_id"))


class NewTime(Enum):
    """The state in which the booking of the new time begins."""

    AGREED = auto()
    PROPOSAL = auto()
    REQUEST = auto()
    MOVE_REQUEST = auto()


async def move(work: Work, *, booking_id: int, actor_id: int, starts_at: datetime) -> LessonCard:
    """
    Move this lesson, or ask for the move; return the booking of the new time.

    - a request is replaced at once: by a request of the student, or by a proposal of the tutor
    - a tutor may move it up to a year ahead, whatever notice, hours and limits are, but not over another lesson; to a
      student all rules apply
    - given a move request, its lesson is moved and the move request is dropped; a tutor who picks the requested time
      agrees to it
    - moving twice returns the first one's booking
    - raises NotFound, AlreadySettled, LessonBegun, TooLateToMove, SameTime, TimePassed, StudentBusy, StudentElsewhere
      and what slots.check raises
    """
    settings, booking = await lock(work, booking_id, participant_id=actor_id)
    await people.lock(work, booking.tutor_id, booking.student_id)
    lesson = await lesson_behind(work, booking) or booking
    taken_over = (await work.session.execute(REPLACEMENTS, {"lesson_id": lesson.id})).one_or_none()
    if taken_over is not None and taken_over.starts_at == starts_at:
        is_move_request = taken_over.status == BookingStatus.PENDING and lesson.status == BookingStatus.CONFIRMED
        if is_move_request and actor_id == taken_over.tutor_id:
            await agree(work, settings, taken_over, by=actor_id)
        return await card(work, booking_id=taken_over.id, viewer_id=actor_id)
    booking_states.after(lesson.status, Step.MOVE)
    await _check_may_move(work, lesson, by=actor_id)
    if starts_at == lesson.starts_at:
        raise SameTime
    await drop_move_request(work, lesson, by=actor_id)
    span = await _check(work, settings, lesson, starts_at, by_tutor=actor_id == lesson.tutor_id)
    new_id = await _take_over(work, settings, lesson, span, by=actor_id)
    if actor_id == lesson.student_id:
        await lesson_offers.delete_hold(work, actor_id)
    return await card(work, booking_id=new_id, viewer_id=actor_id)


async def hold(work: Work, *, booking_id: int, student_id: int, starts_at: datetime) -> datetime | None:
    """
    Hold the time for a student who is about to move this lesson to it; return until when.

    Raises NotFound (also for the tutor, who needs none) and what `move` raises.
    """
    settings, booking = await lock(work, booking_id, participant_id=student_id)
    if booking.student_id != student_id:
        raise NotFound
    await people.lock(work, booking.tutor_id, booking.student_id)
    lesson = await lesson_behind(work, booking) or booking
    booking_states.after(lesson.status, Step.MOVE)
    await _check_may_move(work, lesson, by=student_id)
    if starts_at == lesson.starts_at:
        raise SameTime
    span = await _check(work, settings, lesson, starts_at, by_tutor=False)
    return await lesson_offers.keep(work, settings, span, student_id=student_id)


async def movable(work: Work, *, booking_id: int, actor_id: int) -> LessonCard:
    """Return the lesson if this person may move it; raises NotFound, AlreadySettled, LessonBegun, TooLateToMove."""
    seen = await card(work, booking_id=booking_id, viewer_id=actor_id)
    booking = (await work.session.execute(ROW.where(Booking.id == booking_id))).one()
    lesson = await lesson_behind(work, booking) or booking
    booking_states.after(lesson.status, Step.MOVE)
    await _check_may_move(work, lesson, by=actor_id)
    return seen


async def month(work: Work, *, booking_id: int, actor_id: int, month: date | None, timezone: str) -> MonthOffer:
    """Return the times to which this lesson could be moved, as offers.month does; raises NotFound."""
    tutor_id, moved = await _moved(work, booking_id, actor_id)
    return await offers.month(work, tutor_id=tutor_id, month=month, timezone=timezone, moved=moved, reader_id=actor_id)


async def day(work: Work, *, booking_id: int, actor_id: int, on: date, timezone: str) -> DayOffer:
    tutor_id, moved = await _moved(work, booking_id, actor_id)
    return await offers.day(work, tutor_id=tutor_id, on=on, timezone=timezone, moved=moved, reader_id=actor_id)


async def _check_may_move(work: Work, lesson: AnyRow, *, by: int) -> None:
    """
    Raise LessonBegun, or TooLateToMove for a student who would pay for cancelling now.
    """
    check_ahead(work, lesson)
    if by != lesson.tutor_id and await is_charged(work, lesson):
        raise TooLateToMove(free_until(lesson))


async def _moved(work: Work, booking_id: int, actor_id: int) -> tuple[int, Moved]:
    seen = await card(work, booking_id=booking_id, viewer_id=actor_id)
    booking = (await work.session.execute(ROW.where(Booking.id == booking_id))).one()
    lesson = await lesson_behind(work, booking) or booking
    return seen.tutor_id, Moved(lesson.ends_at - lesson.starts_at, lesson.slot_id, lesson.starts_at, lesson.lesson_type)


async def _check(work: Work, settings: AnyRow, lesson: AnyRow, starts_at: datetime, *, by_tutor: bool) -> Span:
    if starts_at <= work.now:
        raise TimePassed(starts_at)
    if by_tutor and starts_at > work.now + timedelta(days=DAYS_AHEAD):
        raise TooFarAhead(DAYS_AHEAD)
    length = lesson.ends_at - lesson.starts_at
    asker = Asker(lesson.student_id, by_tutor, lesson.lesson_type, leaving=lesson.slot_id)
    span = await slots.check(work, settings, starts_at, asker, length=length)
    try:
        await check_free(work, span, student_id=lesson.student_id, leaving=lesson.id)
    except StudentBusy as busy:
        raise StudentElsewhere(starts_at) if by_tutor else busy from None
    return span


async def _take_over(work: Work, settings: AnyRow, lesson: AnyRow, span: Span, *, by: int) -> int:
    new_time = _new_time(settings, lesson, by=by)
    is_move_request = new_time is NewTime.MOVE_REQUEST
    if not is_move_request:
        await hand_over(work, lesson, by=by)
    terms = await _terms(work, lesson, span, new_time)
    new_id = await insert_booking(work, settings, span, is_proposal=new_time is NewTime.PROPOSAL, **terms)
    action = BookingAction.MOVE_ASKED if is_move_request else BookingAction.MOVED
    await remember(work, new_id, action, by=by, before_at=lesson.starts_at.isoformat())
    if new_time is NewTime.AGREED:
        both = (lesson.student_id, lesson.tutor_id)
        await reminders.schedule(work, booking_id=new_id, starts_at=span.starts_at, recipient_ids=both)
    other = lesson.student_id if by == lesson.tutor_id else lesson.tutor_id
    event = Event.MOVE_ASKED if is_move_request else Event.BOOKING_RESCHEDULED
    work.announce(event, to=other, booking_id=new_id, once=f"{new_id}")
    return new_id


def _new_time(settings: AnyRow, lesson: AnyRow, *, by: int) -> NewTime:
    stands = lesson.status == BookingStatus.CONFIRMED
    if by == lesson.tutor_id:
        return NewTime.AGREED if stands else NewTime.PROPOSAL
    if settings.auto_accept:
        return NewTime.AGREED
    return NewTime.MOVE_REQUEST if stands else NewTime.REQUEST


async def _terms(work: Work, lesson: AnyRow, span: Span, new_time: NewTime) -> dict[str, Any]:
    """Return the new booking's terms: those of the old one. A move request expires before its lesson begins."""
    is_agreed, is_move_request = new_time is NewTime.AGREED, new_time is NewTime.MOVE_REQUEST
    waits_until = min(span.starts_at, lesson.starts_at) if is_move_request else span.starts_at
    return {
        **{name: getattr(lesson, name) for name in TERMS},
        "status": BookingStatus.CONFIRMED if is_agreed else BookingStatus.PENDING,
        "expires_at": None if is_agreed else lapses_at(work, waits_until),
        "replaces_id": lesson.id,
        "sequence": 1 + (await work.session.execute(LAST_SEQUENCE, {"lineage_id": lesson.lineage_id})).scalar_one(),
        "holds_credit": lesson.holds_credit and not is_move_request,
    }
