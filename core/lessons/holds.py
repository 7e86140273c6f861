"""
A time kept for the student who makes up their mind about it.

- one for each student: another time takes its place
- given only for what the student could book now, so that nobody closes a tutor's week by looking at it
- the tutor is never kept from anything: whoever held the time is told that it is taken
- the same time is not kept longer by looking at it again within the hour, and one time after another for no more than
  half of it
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from core.errors import AskedAlready, OwnHours
from core.lessons import lesson_offers
from core.lessons.lesson_offers import LessonOffer
from core.lessons.new_bookings import asked_before
from core.people import people, tutors
from core.pure.planning import Span
from core.work import Work
from db.base import AnyRow, table
from db.enums import LessonType
from db.models import SlotHold

AGAIN_AFTER = timedelta(hours=1)
LONGEST_SPELL = timedelta(minutes=30)  # of all times within that hour
MOST_FORGOTTEN = 50

HOLD = table(SlotHold).c


async def place(
    work: Work, *, tutor_id: int, student_id: int, starts_at: datetime, kind: LessonType = LessonType.REGULAR
) -> LessonOffer:
    """
    Keep this time for the student and return what they would agree to; what was kept before is let go.

    Raises what bookings.request raises, and AskedAlready where that would return the lesson there is.
    """
    if tutor_id == student_id:
        raise OwnHours
    settings = await tutors.lock(work, tutor_id)
    await people.lock(work, tutor_id, student_id)
    booked = await asked_before(work, tutor_id=tutor_id, student_id=student_id, starts_at=starts_at)
    if booked is not None:
        raise AskedAlready(booked)
    offer = await lesson_offers.make(work, settings, starts_at, student_id=student_id, kind=kind)
    held_until = await keep(work, settings, Span(offer.starts_at, offer.ends_at), student_id=student_id)
    return replace(offer, held_until=held_until)


async def keep(work: Work, settings: AnyRow, lesson: Span, *, student_id: int) -> datetime | None:
    """Keep a lesson's time that was checked in this transaction; return until when, None where it was kept enough."""
    found = await work.session.execute(select(*HOLD).where(HOLD.student_id == student_id))
    held_at, held_until = _spell(work, found.one_or_none(), settings.tutor_id, lesson.starts_at)
    await release(work, student_id)
    row = {
        "student_id": student_id,
        "tutor_id": settings.tutor_id,
        "starts_at": lesson.starts_at,
        "ends_at": lesson.ends_at,
        "buffer_before": settings.buffer_before,
        "buffer_after": settings.buffer_after,
        "held_at": held_at,
        "held_until": held_until,
    }
    await work.session.execute(insert(table(SlotHold)), row)
    await _forget_lapsed(work)  # last: two who wait for their own row have no other's in their hands
    return held_until if held_until > work.now else None


def _spell(work: Work, last: AnyRow | None, tutor_id: int, starts_at: datetime) -> tuple[datetime, datetime]:
    """Return since when this student keeps times without an hour's pause, and until when this one is kept."""
    until = work.now + work.policies.hold_for
    if last is None or work.now >= max(last.held_until, last.held_at + AGAIN_AFTER):
        return work.now, until
    is_same = (last.tutor_id, last.starts_at) == (tutor_id, starts_at)
    if is_same and last.held_until > last.held_at:
        return last.held_at, last.held_until
    return last.held_at, min(until, last.held_at + LONGEST_SPELL)


async def let_go(work: Work, *, student_id: int) -> None:
    """Give back what is kept for this student, who looks for another time; the hour of the spell goes on."""
    kept = update(table(SlotHold)).where(HOLD.student_id == student_id, HOLD.held_until > work.now)
    await work.session.execute(kept.values(held_until=HOLD.held_at))


async def release(work: Work, student_id: int) -> None:
    """Let go of whatever is kept for this student, whose turn it is."""
    await work.session.execute(delete(table(SlotHold)).where(HOLD.student_id == student_id))


async def _forget_lapsed(work: Work) -> None:
    """Remove some of those that mean nothing any more; what another transaction has in its hands is left to it."""
    lapsed = (
        select(HOLD.student_id)
        .where(HOLD.held_until <= work.now, HOLD.held_at <= work.now - AGAIN_AFTER)
        .limit(MOST_FORGOTTEN)
        .with_for_update(skip_locked=True)
    )
    gone = list(await work.session.scalars(lapsed))
    if gone:
        await work.session.execute(delete(table(SlotHold)).where(HOLD.student_id.in_(gone)))
