"""A trial lesson is free: one for each student of a tutor; if it is cancelled, the student can have another."""

from sqlalchemy import bindparam, select

from core.errors import TrialNotOffered, TrialUsed
from core.people import tutors
from core.work import Work
from db.base import AnyRow
from db.enums import BookingStatus, LessonType
from db.models.booking import Booking

USES_IT_UP = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)

TRIAL = (
    select(Booking.id)
    .where(
        Booking.tutor_id == bindparam("tutor_id"),
        Booking.student_id == bindparam("student_id"),
        Booking.lesson_type == LessonType.TRIAL,
        Booking.status.in_(USES_IT_UP),
    )
    .limit(1)
)


async def is_offered(work: Work, *, tutor_id: int, student_id: int) -> bool:
    """Return whether this student can still ask this tutor for a trial lesson; raises NotATutor."""
    try:
        await check(work, await tutors.settings_of(work, tutor_id), student_id=student_id)
    except (TrialNotOffered, TrialUsed):
        return False
    return True


async def check(work: Work, settings: AnyRow, *, student_id: int) -> None:
    """Raise TrialNotOffered or TrialUsed if this student can have no trial lesson with the tutor."""
    if not settings.trial_lesson_enabled:
        raise TrialNotOffered
    both = {"tutor_id": settings.tutor_id, "student_id": student_id}
    if await work.session.scalar(TRIAL, both) is not None:
        raise TrialUsed
