"""
What every change to a lesson is made of: the tutor's turn, the row, its line of history.

The tutor's row is taken first, so that changes around one tutor go one after the other.
"""

from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from core.errors import LessonBegun, NotFound
from core.lessons import lesson_messages, packages
from core.lessons.lessons import AWAITS_STUDENT, MOVE_WANTED, free_until
from core.people import reminders, tutors
from core.pure import booking_states
from core.times import slots
from core.work import Work
from db.base import AnyRow, table
from db.enums import BookingAction, BookingStatus, DeliveryStatus, Event
from db.models import Booking, BookingHistory, Notification

MAX_REASON = 500

CALL_OFF_NUDGES = (
    update(table(Notification))
    .where(
        table(Notification).c.booking_id == bindparam("of_booking"),
        table(Notification).c.event == Event.BOOKING_NUDGE,
        table(Notification).c.status == DeliveryStatus.PENDING,
    )
    .values(status=DeliveryStatus.CANCELLED)
)
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


async def is_charged(work: Work, booking: AnyRow) -> bool:
    """
    Whether the student would pay for cancelling now: never when the tutor has asked to move the lesson, nor before the
    student has said yes to what the tutor settled alone.
    """
    is_late = booking_states.is_charged(
        now=work.now, status=booking.status, lesson_type=booking.lesson_type, free_until=free_until(booking)
    )
    is_free = select(Booking.id).where(Booking.id == booking.id, or_(MOVE_WANTED, AWAITS_STUDENT))
    return is_late and await work.session.scalar(is_free) is None


async def remind_both(work: Work, booking: AnyRow) -> None:
    both = (booking.student_id, booking.tutor_id)
    await reminders.schedule(work, booking_id=booking.id, starts_at=booking.starts_at, recipient_ids=both)
