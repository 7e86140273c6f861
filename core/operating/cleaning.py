"""
Delete rows that nobody needs, one batch in each call; return their number. If several processes call at once, one does
the work and the others return 0.

    mark_past    blocks and extra slots, and the slots of lessons that are over, become past
    clean        past slots, messages delivered long ago, holds that lapsed, questions nobody answered
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, and_, delete, or_, select, update

from core.operating import job_runs
from core.pure.booking_states import LIVE
from core.pure.deadlines import SETTLES_AFTER
from core.work import Work
from db.base import Base, table
from db.enums import DeliveryStatus, Job, SlotStatus
from db.models.booking import Booking
from db.models.notification import Notification
from db.models.reminder import Reminder
from db.models.slot_hold import SlotHold
from db.models.talk import Talk
from db.models.time_slot import TimeSlot

BATCH = 500
AMONG = 5_000  # of the oldest rows: the whole table is not read for it
SLOT, LESSON = table(TimeSlot).c, table(Booking).c
BY_HAND = (SlotStatus.AVAILABLE, SlotStatus.BLOCKED)


async def mark_past(work: Work) -> int:
    """Mark past slots; a lesson's slot only when its outcome can no longer be undone. Return how many."""
    if not await job_runs.take_turn(work, Job.CLEAN):
        return 0
    settled = and_(SLOT.status == SlotStatus.BOOKED, SLOT.end_datetime <= work.now - SETTLES_AFTER, ~_is_live())
    over = or_(and_(SLOT.status.in_(BY_HAND), SLOT.end_datetime <= work.now), settled)
    batch = select(SLOT.id).where(over).limit(BATCH)
    marked: Any = await work.session.execute(
        update(table(TimeSlot)).where(SLOT.id.in_(batch)).values(status=SlotStatus.PAST)
    )
    return int(marked.rowcount)


async def clean(work: Work) -> int:
    """Delete rows that are older than `keep_for`; return how many."""
    if not await job_runs.take_turn(work, Job.CLEAN):
        return 0
    before = work.now - work.policies.keep_for
    gone = [await _delete(work, statement) for statement in (_slots(before), _holds(work.now), _talks(before))]
    gone += [await _delete(work, _delivered(model, before)) for model in (Reminder, Notification)]
    return sum(gone)


def _is_live() -> ColumnElement[bool]:
    return select(LESSON.id).where(LESSON.slot_id == SLOT.id, LESSON.status.in_(LIVE)).exists()


def _slots(before: datetime) -> Delete:
    """Delete past slots, except those of lessons."""
    of_lesson = select(LESSON.id).where(LESSON.slot_id == SLOT.id).exists()
    over = SLOT.status == SlotStatus.PAST, SLOT.end_datetime <= before, ~of_lesson
    return delete(table(TimeSlot)).where(SLOT.id.in_(select(SLOT.id).where(*over).limit(BATCH)))


def _holds(now: datetime) -> Delete:
    hold = table(SlotHold).c
    return delete(table(SlotHold)).where(hold.held_until <= now - timedelta(hours=1))


def _talks(before: datetime) -> Delete:
    return delete(table(Talk)).where(table(Talk).c.asked_at <= before)


def _delivered(model: type[Base], before: datetime) -> Delete:
    """Delete old delivered messages, but not those about lessons ahead: their delivery decides what a lesson costs."""
    oldest = select(table(model)).order_by(table(model).c.id).limit(AMONG).subquery().c
    is_live = select(LESSON.id).where(LESSON.id == oldest.booking_id, LESSON.status.in_(LIVE)).exists()
    old = oldest.status != DeliveryStatus.PENDING, oldest.scheduled_for <= before, ~is_live
    return delete(table(model)).where(table(model).c.id.in_(select(oldest.id).where(*old).limit(BATCH)))


async def _delete(work: Work, statement: Delete) -> int:
    gone: Any = await work.session.execute(statement)
    return int(gone.rowcount)
