"""
The outcome of a lesson: completed, no-show, undone; its charge and its notes.

The booking keeps its slot, so that undoing an outcome only changes the status.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import literal_column, select, update

from core.errors import NothingCharged, TooEarly, TooLateToUndo
from core.lessons import packages
from core.lessons.changes import change, drop_move_request, lock, remember
from core.lessons.lessons import LessonCard, card
from core.people import reminders
from core.pure import booking_states, deadlines
from core.pure.booking_states import Step
from core.pure.deadlines import SETTLES_AFTER, WAITING_TIME
from core.work import Work
from db.base import AnyRow, table
from db.enums import BookingAction, BookingStatus, Event
from db.models.booking import Booking

MAX_NOTE = 1000

UNSETTLED = Booking.status == literal_column("'confirmed'")  # SQLite takes a partial index for a literal only


async def complete(work: Work, *, booking_id: int, actor_id: int) -> LessonCard:
    """
    Mark the lesson as completed; tutor and student can do so, from its end on.

    - completing twice returns the completed lesson
    - raises NotFound, AlreadySettled, TooEarly
    """
    _, booking = await lock(work, booking_id, participant_id=actor_id)
    if not booking_states.is_done(booking.status, Step.COMPLETE):
        status = booking_states.after(booking.status, Step.COMPLETE)
        _check_begun(work, booking.ends_at)
        await _settle(work, booking, status, action=BookingAction.COMPLETED, by=actor_id)
    return await card(work, booking_id=booking_id, viewer_id=actor_id)


async def no_show(work: Work, *, booking_id: int, tutor_id: int) -> LessonCard:
    """
    Mark the student as absent, from a quarter of an hour after the start on; the student is notified.

    - the lesson is charged; for the exceptions see deadlines.is_chargeable
    - marking twice returns the lesson
    - raises NotFound, AlreadySettled, TooEarly
    """
    _, booking = await lock(work, booking_id, tutor_id=tutor_id)
    if not booking_states.is_done(booking.status, Step.NO_SHOW):
        status = booking_states.after(booking.status, Step.NO_SHOW)
        _check_begun(work, booking.starts_at + WAITING_TIME)
        seen = await card(work, booking_id=booking_id, viewer_id=tutor_id)
        charged = seen.is_chargeable
        await _settle(work, booking, status, action=BookingAction.NO_SHOW, by=tutor_id, is_charged=charged)
        if not charged:
            await packages.give_back(work, booking)
        _tell_student(work, Event.BOOKING_NO_SHOW, booking)
    return await card(work, booking_id=booking_id, viewer_id=tutor_id)


async def undo(work: Work, *, booking_id: int, tutor_id: int) -> LessonCard:
    """
    Undo an outcome until the lesson settles: the lesson is confirmed again and not charged.

    - a student who was notified of a no-show is notified of this, too
    - undoing twice returns the confirmed lesson
    - raises NotFound, AlreadySettled, TooLateToUndo, NoCreditLeft
    """
    _, booking = await lock(work, booking_id, tutor_id=tutor_id)
    if not booking_states.is_done(booking.status, Step.UNDO):
        status = booking_states.after(booking.status, Step.UNDO)
        until = deadlines.settles_at(ends_at=booking.ends_at, made_at=booking.created_at)
        if work.now >= until:
            raise TooLateToUndo(until)
        await packages.use_credit_again(work, booking)
        uncharged = {"is_charged": False, "is_waived": False}
        await change(work, booking, status, action=BookingAction.UNDONE, by=tutor_id, **uncharged)
        if booking.status == BookingStatus.NO_SHOW:
            _tell_student(work, Event.CHARGE_WAIVED, booking, is_undone=True)
    return await card(work, booking_id=booking_id, viewer_id=tutor_id)


async def waive(work: Work, *, booking_id: int, tutor_id: int) -> LessonCard:
    """
    Waive the charge for a late cancellation or a no-show; the student is notified.

    - waiving twice is the same as waiving once
    - raises NotFound, NothingCharged
    """
    _, booking = await lock(work, booking_id, tutor_id=tutor_id)
    if not booking.is_waived:
        if not booking.is_charged:
            raise NothingCharged
        await packages.give_back(work, booking)
        free = {"is_charged": False, "is_waived": True}
        await change(work, booking, booking.status, action=BookingAction.CHARGE_WAIVED, by=tutor_id, **free)
        _tell_student(work, Event.CHARGE_WAIVED, booking)
    return await card(work, booking_id=booking_id, viewer_id=tutor_id)


async def note(work: Work, *, booking_id: int, actor_id: int, text: str) -> LessonCard:
    """
    Set the note of a lesson: both read the student's note, only the tutor reads the tutor's.

    Empty text removes the note. Raises NotFound.
    """
    _, booking = await lock(work, booking_id, participant_id=actor_id)
    by_tutor = booking.tutor_id == actor_id
    column, known = ("tutor_notes", booking.tutor_notes) if by_tutor else ("student_notes", booking.student_notes)
    written = text.strip()[:MAX_NOTE] or None
    if written != known:
        row = table(Booking)
        await work.session.execute(update(row).where(row.c.id == booking_id).values({column: written}))
        await remember(work, booking_id, BookingAction.NOTED, by=actor_id)
    return await card(work, booking_id=booking_id, viewer_id=actor_id)


async def unsettled(work: Work, *, limit: int = 100) -> list[int]:
    """Return the ids of lessons that can be completed automatically: long over, and without an outcome."""
    before = work.now - SETTLES_AFTER
    overdue = select(Booking.id).where(UNSETTLED, Booking.ends_at <= before, Booking.created_at <= before)
    return list(await work.session.scalars(overdue.order_by(Booking.ends_at).limit(limit)))


async def next_to_settle(work: Work) -> datetime | None:
    """
    Return when the next lesson is completed automatically.

    Lessons written down after their end are left out: the regular run of the job finds them.
    """
    ordinary = select(Booking.ends_at).where(UNSETTLED, Booking.created_at <= Booking.ends_at)
    at: datetime | None = await work.session.scalar(ordinary.order_by(Booking.ends_at).limit(1))
    return None if at is None else at + SETTLES_AFTER


async def complete_by_time(work: Work, *, booking_id: int) -> bool:
    """Complete a lesson that has had no outcome for long enough. Return whether it was completed."""
    _, booking = await lock(work, booking_id)
    settles_at = deadlines.settles_at(ends_at=booking.ends_at, made_at=booking.created_at)
    if booking.status != BookingStatus.CONFIRMED or settles_at > work.now:
        return False
    status = booking_states.after(booking.status, Step.COMPLETE)
    await _settle(work, booking, status, action=BookingAction.COMPLETED, by=None)
    return True


def _check_begun(work: Work, from_at: datetime) -> None:
    if work.now < from_at:
        raise TooEarly(from_at)


async def _settle(
    work: Work, booking: AnyRow, status: BookingStatus, *, action: BookingAction, by: int | None, **changes: Any
) -> None:
    await drop_move_request(work, booking, by=by)
    await change(work, booking, status, action=action, by=by, **changes)
    await reminders.call_off(work, booking.id)


def _tell_student(work: Work, event: Event, booking: AnyRow, **details: Any) -> None:
    """Notify the student each time: an outcome can be set, undone and set again."""
    once = f"{booking.id}:{work.now.isoformat()}"
    work.announce(event, to=booking.student_id, booking_id=booking.id, once=once, **details)
