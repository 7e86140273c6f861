"""
What all changes to a lesson have in common: the lock, the booking's row, the line of history.

The tutor's row is locked first, so that changes for one tutor happen one after the other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import (
    LessonBegun,
    NotFound,
    StudentBusy,
    TimeTaken,
)
from core.lessons import lesson_messages, packages
from core.lessons.lessons import card
from core.people import reminders, tutors
from core.pure import booking_states, deadlines, video_rooms
from core.pure.booking_states import LIVE, Step
from core.pure.planning.busy import overlaps
from core.pure.planning.values import Busy, BusyKind, Span
from core.times import slots
from core.work import Work
from db.base import AnyRow, table
from db.constraints import violates
from db.enums import BookingAction, BookingStatus, DeliveryStatus, Event, LessonType
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.notification import Notification
from db.models.time_slot import TimeSlot

MAX_REASON = 500
DAYS_AHEAD = 365  # how far ahead a tutor moves lessons and writes them down
LIVE_START = next(index for index in table(TimeSlot).indexes if index.name == "uq_time_slot_live_start")
ROW = select(*table(Booking).c)
REPLACEMENTS = ROW.where(Booking.replaces_id == bindparam("lesson_id"), Booking.status.in_(LIVE))
SAME_BOOKING = select(Booking.id).where(
    Booking.tutor_id == bindparam("tutor_id"),
    Booking.student_id == bindparam("student_id"),
    Booking.starts_at == bindparam("starts_at"),
    Booking.status.in_(LIVE),
)
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
CALL_OFF_NUDGES = (
    update(table(Notification))
    .where(
        table(Notification).c.booking_id == bindparam("of_booking"),
        table(Notification).c.event == Event.BOOKING_NUDGE,
        table(Notification).c.status == DeliveryStatus.PENDING,
    )
    .values(status=DeliveryStatus.CANCELLED)
)
INSERT_BOOKING = insert(table(Booking)).returning(table(Booking).c.id)
INSERT_HISTORY = insert(table(BookingHistory)).returning(table(BookingHistory).c.id)


async def lock(
    work: Work, booking_id: int, *, tutor_id: int | None = None, participant_id: int | None = None
) -> tuple[AnyRow, AnyRow]:
    """Lock the tutor and then read the booking, which may have changed while we waited; raises NotFound."""
    owner = await work.session.scalar(select(Booking.tutor_id).where(Booking.id == booking_id))
    if owner is None or tutor_id not in (None, owner):
        raise NotFound
    settings = await tutors.lock(work, owner)
    booking = (await work.session.execute(select(*table(Booking).c).where(Booking.id == booking_id))).one()
    if participant_id not in (None, booking.tutor_id, booking.student_id):
        raise NotFound
    return settings, booking


def check_ahead(work: Work, booking: AnyRow) -> None:
    if booking.starts_at <= work.now:
        raise LessonBegun(booking.starts_at)


async def is_charged(work: Work, booking: AnyRow) -> bool:
    """Return whether the student would pay for cancelling now."""
    return (await card(work, booking_id=booking.id, viewer_id=booking.student_id)).is_charged_at(work.now)


async def same_booking(work: Work, *, tutor_id: int, student_id: int, starts_at: datetime) -> int | None:
    """Return the id of the live booking of this tutor and student at this time, or None."""
    same = {"tutor_id": tutor_id, "student_id": student_id, "starts_at": starts_at}
    booked: int | None = await work.session.scalar(SAME_BOOKING, same)
    return booked


async def check_free(work: Work, lesson: Span, *, student_id: int, leaving: int | None = None) -> Sequence[AnyRow]:
    """Return the student's live lessons; raises StudentBusy if one of them, except `leaving`, overlaps."""
    since = min(work.now, lesson.starts_at)
    live = (await work.session.execute(STUDENTS_LIVE, {"student_id": student_id, "since": since})).all()
    meant = Busy(lesson.starts_at, lesson.ends_at, kind=BusyKind.CLOSED)
    if any(overlaps(meant, _students_busy(row, student_id)) for row in live if row.id != leaving):
        raise StudentBusy(lesson.starts_at)
    return live


def _students_busy(row: AnyRow, student_id: int) -> Busy:
    """Return when a lesson occupies the student; with its buffers if it is one that the student teaches."""
    kind = BusyKind.CLOSED if row.student_id == student_id else BusyKind.OWN
    return Busy(row.starts_at, row.ends_at, row.buffer_before, row.buffer_after, kind)


async def insert_booking(work: Work, settings: AnyRow, lesson: Span, *, is_proposal: bool = False, **terms: Any) -> int:
    """Book the slot, insert the booking and return its id. The tutor is not nudged about a proposal."""
    row = {
        "booking_id": uuid4(),
        "lineage_id": uuid4(),
        "tutor_id": settings.tutor_id,
        "slot_id": await book_slot(work, settings, lesson),
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


async def book_slot(work: Work, settings: AnyRow, lesson: Span) -> int:
    """
    Book the slot; raises TimeTaken if the unique index shows that another lesson has taken it in spite of the check.
    """
    try:
        return await slots.book(work, settings, starts_at=lesson.starts_at, ends_at=lesson.ends_at)
    except IntegrityError as error:
        if violates(error, LIVE_START):
            raise TimeTaken(lesson.starts_at) from error
        raise


def _plan_nudges(work: Work, settings: AnyRow, booking_id: int, expires_at: datetime) -> None:
    for at in deadlines.nudges_at(made_at=work.now, expires_at=expires_at, timezone=settings.timezone):
        once = f"{booking_id}:{at.isoformat()}"
        work.announce(Event.BOOKING_NUDGE, to=settings.tutor_id, booking_id=booking_id, once=once, at=at)


def terms_now(work: Work, settings: AnyRow, starts_at: datetime, *, is_agreed: bool) -> dict[str, Any]:
    """Return the tutor's present terms; the lesson keeps them when the tutor changes the settings."""
    return {
        "lesson_type": LessonType.REGULAR,
        "status": BookingStatus.CONFIRMED if is_agreed else BookingStatus.PENDING,
        "price": settings.price,
        "currency": settings.currency,
        "cancellation_policy": settings.cancellation_policy,
        "free_cancellation": deadlines.FREE_CANCELLATION[settings.cancellation_policy],
        "expires_at": None if is_agreed else lapses_at(work, starts_at),
    }


def lapses_at(work: Work, starts_at: datetime) -> datetime:
    return deadlines.request_expires_at(
        now=work.now,
        starts_at=starts_at,
        after_request=work.policies.request_expires_after,
        before_start=work.policies.request_expires_before_start,
    )


async def change(
    work: Work, booking: AnyRow, status: BookingStatus, *, action: BookingAction, by: int | None, **changes: Any
) -> None:
    await work.session.execute(
        update(Booking)
        .where(Booking.id == booking.id)
        .values(status=status, **changes)
        .execution_options(synchronize_session=False)
    )
    if booking.status == BookingStatus.PENDING:
        await work.session.execute(CALL_OFF_NUDGES, {"of_booking": booking.id})
    told = {name: value for name, value in changes.items() if name in ("cancel_reason", "is_charged") and value}
    await remember(work, booking.id, action, by=by, status=status, before=booking.status, **told)


async def call_off(
    work: Work,
    booking: AnyRow,
    status: BookingStatus,
    *,
    action: BookingAction,
    by: int | None,
    reason: str | None = None,
    is_charged: bool = False,
) -> None:
    reason = reason[:MAX_REASON] if reason else None
    changes = {"slot_id": None, "cancel_reason": reason, "is_charged": is_charged, "expires_at": None}
    await change(work, booking, status, action=action, by=by, **changes)
    await slots.release(work, booking.slot_id)
    await reminders.call_off(work, booking.id)
    if not is_charged:
        await packages.give_back(work, booking)


async def remember(work: Work, booking_id: int, action: BookingAction, *, by: int | None, **details: Any) -> None:
    line = {
        "booking_id": booking_id,
        "action": action,
        "performed_by": by,
        "details": details,
        "created_at": work.now,
    }
    change_id: int = (await work.session.execute(INSERT_HISTORY, line)).scalar_one()
    await lesson_messages.announce(work, booking_id=booking_id, change_id=change_id)


async def remind_both(work: Work, booking: AnyRow) -> None:
    both = (booking.student_id, booking.tutor_id)
    await reminders.schedule(work, booking_id=booking.id, starts_at=booking.starts_at, recipient_ids=both)


async def lesson_behind(work: Work, booking: AnyRow) -> AnyRow | None:
    """Return the lesson that this move request would move; None if the booking is no move request."""
    if booking.replaces_id is None or booking.status != BookingStatus.PENDING:
        return None
    behind = ROW.where(Booking.id == booking.replaces_id, Booking.status != BookingStatus.RESCHEDULED)
    return (await work.session.execute(behind)).one_or_none()


async def drop_move_request(work: Work, lesson: AnyRow, *, by: int | None) -> None:
    """Cancel the open move request for this lesson, if there is one."""
    waiting = REPLACEMENTS.where(Booking.status == BookingStatus.PENDING)
    move_request = (await work.session.execute(waiting, {"lesson_id": lesson.id})).one_or_none()
    if move_request is not None and lesson.status == BookingStatus.CONFIRMED:
        step = Step.CANCEL_BY_STUDENT if by == lesson.student_id else Step.CANCEL_BY_TUTOR
        status = booking_states.after(move_request.status, step)
        await call_off(work, move_request, status, action=BookingAction.MOVE_DECLINED, by=by)


async def hand_over(work: Work, lesson: AnyRow, *, by: int | None) -> None:
    """
    Let another booking replace this one: free its slot and cancel its reminders. Its package credit passes to the new
    booking.
    """
    status = booking_states.after(lesson.status, Step.MOVE)
    gone = {"slot_id": None, "expires_at": None, "holds_credit": False}
    await change(work, lesson, status, action=BookingAction.MOVED, by=by, **gone)
    await slots.release(work, lesson.slot_id)
    await reminders.call_off(work, lesson.id)
