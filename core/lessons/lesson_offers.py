"""What a student agrees to by asking for a lesson: shown before, and booked on nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zlib import crc32

from core.errors import CreditGone
from core.lessons import packages, trials
from core.lessons.new_bookings import check_student
from core.pure import planning
from core.pure.booking_states import FREE_CANCELLATION
from core.times import schedules, slots
from core.times.schedules import Asker
from core.work import Work
from db.base import AnyRow
from db.enums import CancellationPolicy, LessonType


@dataclass(frozen=True, slots=True)
class LessonOffer:
    """
    One lesson and its terms. `kind` PACKAGE is paid with one of `credits_left`; a trial costs nothing. `is_agreed`:
    asked for is booked. Until `held_until` nobody else can ask for this time.
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
        """Stand for the terms in a button: other terms, another number."""
        price = None if self.price is None else f"{self.price:.2f}"
        length = (self.ends_at - self.starts_at) // timedelta(minutes=1)
        terms = (length, self.kind.value, price, self.currency, self.cancellation_policy.value, self.is_agreed)
        return crc32(repr(terms).encode())


async def make(work: Work, settings: AnyRow, starts_at: datetime, *, student_id: int, kind: LessonType) -> LessonOffer:
    """
    Return what this student would get by asking now. The caller has locked the tutor and both people.

    - a regular lesson is taken from a package where there is credit
    - raises TrialNotOffered, TrialUsed, CreditGone, and whatever slots.check and new_bookings.check_student raise
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


def _offer(settings: AnyRow, lesson: planning.Span, kind: LessonType, credits_left: int) -> LessonOffer:
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
