"""
What a student agrees to by asking for a lesson: the terms shown to them, and the time held for them meanwhile.

Rules of a hold:
- a student has one hold at most: the next one replaces it
- only a time that the student could book now is held, so that nobody blocks a tutor's whole week
- it does not bind the tutor: the student is told that the time is taken
- looking at the same time again within an hour does not prolong the hold; several holds in a row end after half an hour
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zlib import crc32

from sqlalchemy import delete, insert, select, update

from core.errors import (
    AskedAlready,
    CreditGone,
    OwnHours,
    TooManyLessons,
    TooManyWithTutor,
    TutorPaused,
)
from core.lessons import packages, trials
from core.lessons.changes import check_free, same_booking
from core.people import people, tutors
from core.pure.deadlines import FREE_CANCELLATION
from core.pure.planning.values import Span
from core.times import schedules, slots
from core.times.schedules import Asker
from core.work import Work
from db.base import AnyRow, table
from db.enums import BookingStatus, CancellationPolicy, LessonType
from db.models.booking import Booking
from db.models.slot_hold import SlotHold

AGAIN_AFTER = timedelta(hours=1)
LONGEST_SPELL = timedelta(minutes=30)  # of all times within that hour
MOST_FORGOTTEN = 50
HOLD = table(SlotHold).c


@dataclass(frozen=True, slots=True)
class LessonOffer:
    """
    One lesson and its terms. With `kind` PACKAGE one of `credits_left` pays; a trial is free. `is_agreed`:
    the request is confirmed at once. Until `held_until` nobody else can ask for this time.
    """

    tutor_id: int
    starts_at: datetime
    ends_at: datetime
    kind: LessonType
    price: Decimal | None
    currency: str
    cancellation_policy: CancellationPolicy
    is_agreed: bool
    credits_left: int = 0
    held_until: datetime | None = None

    @property
    def free_cancellation(self) -> timedelta:
        return FREE_CANCELLATION[self.cancellation_policy]

    @property
    def mark(self) -> int:
        """Return a number that identifies the terms in a button: it changes when they change."""
        price = None if self.price is None else f"{self.price:.2f}"
        length = (self.ends_at - self.starts_at) // timedelta(minutes=1)
        terms = (length, self.kind.value, price, self.currency, self.cancellation_policy.value, self.is_agreed)
        return crc32(repr(terms).encode())


async def hold(
    work: Work, *, tutor_id: int, student_id: int, starts_at: datetime, kind: LessonType = LessonType.REGULAR
) -> LessonOffer:
    """
    Hold this time for the student, instead of any other, and return what they would agree to.

    Raises what bookings.request raises, and AskedAlready if the student has booked this time before.
    """
    if tutor_id == student_id:
        raise OwnHours
    settings = await tutors.lock(work, tutor_id)
    await people.lock(work, tutor_id, student_id)
    booked = await same_booking(work, tutor_id=tutor_id, student_id=student_id, starts_at=starts_at)
    if booked is not None:
        raise AskedAlready(booked)
    offer = await make(work, settings, starts_at, student_id=student_id, kind=kind)
    held_until = await keep(work, settings, Span(offer.starts_at, offer.ends_at), student_id=student_id)
    return replace(offer, held_until=held_until)


async def make(work: Work, settings: AnyRow, starts_at: datetime, *, student_id: int, kind: LessonType) -> LessonOffer:
    """
    Return what this student would get by asking now. The caller has locked the tutor and both people.

    - a package with credit pays for a regular lesson
    - raises TrialNotOffered, TrialUsed, CreditGone, and what slots.check and check_student raise
    """
    if kind is LessonType.TRIAL:
        await trials.check(work, settings, student_id=student_id)
    length = schedules.length_of(settings, kind)
    lesson = await slots.check(work, settings, starts_at, Asker(student_id, kind=kind), length=length)
    await check_student(work, settings, lesson, student_id=student_id)
    credits_left = 0
    if kind is not LessonType.TRIAL:
        credits_left = await packages.balance(work, tutor_id=settings.tutor_id, student_id=student_id)
    if kind is LessonType.PACKAGE and not credits_left:
        raise CreditGone
    return _offer(settings, lesson, LessonType.PACKAGE if credits_left else kind, credits_left)


def _offer(settings: AnyRow, lesson: Span, kind: LessonType, credits_left: int) -> LessonOffer:
    return LessonOffer(
        tutor_id=settings.tutor_id,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        kind=kind,
        price=settings.price if kind is LessonType.REGULAR else None,
        currency=settings.currency,
        cancellation_policy=settings.cancellation_policy,
        is_agreed=settings.auto_accept,
        credits_left=credits_left,
    )


async def check_student(work: Work, settings: AnyRow, lesson: Span, *, student_id: int) -> None:
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


async def _is_known(work: Work, tutor_id: int, student_id: int) -> bool:
    agreed = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED)
    lesson = select(Booking.id).where(
        Booking.tutor_id == tutor_id, Booking.student_id == student_id, Booking.status.in_(agreed)
    )
    return await work.session.scalar(lesson.limit(1)) is not None


async def keep(work: Work, settings: AnyRow, lesson: Span, *, student_id: int) -> datetime | None:
    """Hold a time that was checked in this transaction; return until when, None if it was held long enough."""
    found = await work.session.execute(select(*HOLD).where(HOLD.student_id == student_id))
    held_at, held_until = _spell(work, found.one_or_none(), settings.tutor_id, lesson.starts_at)
    await delete_hold(work, student_id)
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
    await _forget_lapsed(work)  # last: so nobody waits for their own row while they lock another person's
    return held_until if held_until > work.now else None


def _spell(work: Work, last: AnyRow | None, tutor_id: int, starts_at: datetime) -> tuple[datetime, datetime]:
    """Return since when this student holds times without an hour's pause, and until when this one is held."""
    until = work.now + work.policies.hold_for
    if last is None or work.now >= max(last.held_until, last.held_at + AGAIN_AFTER):
        return work.now, until
    is_same = (last.tutor_id, last.starts_at) == (tutor_id, starts_at)
    if is_same and last.held_until > last.held_at:
        return last.held_at, last.held_until
    return last.held_at, min(until, last.held_at + LONGEST_SPELL)


async def release_hold(work: Work, *, student_id: int) -> None:
    """Release the student's hold; the hourly limit keeps counting."""
    kept = update(table(SlotHold)).where(HOLD.student_id == student_id, HOLD.held_until > work.now)
    await work.session.execute(kept.values(held_until=HOLD.held_at))


async def delete_hold(work: Work, student_id: int) -> None:
    """Delete the student's hold and its hourly limit. The caller has locked the student."""
    await work.session.execute(delete(table(SlotHold)).where(HOLD.student_id == student_id))


async def _forget_lapsed(work: Work) -> None:
    """Delete some holds that have lapsed and no longer count; skip rows locked by other transactions."""
    lapsed = (
        select(HOLD.student_id)
        .where(HOLD.held_until <= work.now, HOLD.held_at <= work.now - AGAIN_AFTER)
        .limit(MOST_FORGOTTEN)
        .with_for_update(skip_locked=True)
    )
    gone = list(await work.session.scalars(lapsed))
    if gone:
        await work.session.execute(delete(table(SlotHold)).where(HOLD.student_id.in_(gone)))
