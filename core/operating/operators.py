"""What operators see: numbers, and the people who have applied to teach. Everybody else gets NotFound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, select

from core.errors import NotFound
from core.operating import job_runs
from core.operating import queue_state as queue
from core.operating.job_runs import JobCard
from core.operating.queue_state import QueueState
from core.people import applications
from core.people.applications import ApplicationCard
from core.work import Work
from db.base import table
from db.enums import BookingStatus
from db.models.booking import Booking
from db.models.person import Person
from db.models.tutor_application import TutorApplication

LATELY = timedelta(days=7)
PERSON = table(Person).c
CANCELLED = (BookingStatus.CANCELLED_STUDENT, BookingStatus.CANCELLED_TUTOR)


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """Counts people with Telegram who have not left; a tutor who also learns counts as a tutor only."""

    tutors: int
    students: int
    new: int
    unreachable: int


@dataclass(frozen=True, slots=True)
class LessonCount:
    """Counts the lessons that began within the last week; `pending` counts the requests that wait now."""

    held: int
    cancelled: int
    no_shows: int
    pending: int


@dataclass(frozen=True, slots=True)
class Overview:
    people: PeopleCount
    lessons: LessonCount
    queue: QueueState
    jobs: Sequence[JobCard]
    applications: int


async def overview(work: Work, *, operator_id: int) -> Overview:
    """Return the overview; raises NotFound for anybody but operators."""
    await _check(work, operator_id)
    waiting = await work.session.scalar(select(func.count()).where(TutorApplication.is_approved.is_(None)))
    return Overview(
        await _people(work), await _lessons(work), await queue.state(work), await job_runs.overview(work), waiting or 0
    )


async def waiting(work: Work, *, operator_id: int, limit: int) -> list[ApplicationCard]:
    """Return the people who wait to teach, the longest first; raises NotFound for anybody but operators."""
    await _check(work, operator_id)
    unanswered = select(TutorApplication.person_id).where(TutorApplication.is_approved.is_(None))
    ids = (await work.session.scalars(unanswered.order_by(TutorApplication.asked_at).limit(limit))).all()
    return [await applications.card(work, person_id) for person_id in ids]


async def application(work: Work, *, operator_id: int, person_id: int) -> ApplicationCard:
    """Return this person's application; raises NotFound, also for anybody but operators."""
    await _check(work, operator_id)
    return await applications.card(work, person_id)


async def _check(work: Work, person_id: int) -> None:
    if not await applications.is_operator(work, person_id):
        raise NotFound


async def _people(work: Work) -> PeopleCount:
    counts = select(
        _count(PERSON.is_tutor),
        _count(~PERSON.is_tutor),
        _count(PERSON.created_at > work.now - LATELY),
        _count(PERSON.unreachable_since.is_not(None)),
    )
    here = and_(PERSON.telegram_id.is_not(None), PERSON.left_at.is_(None))
    return PeopleCount(*(await work.session.execute(counts.where(here))).one())


async def _lessons(work: Work) -> LessonCount:
    began = Booking.starts_at > work.now - LATELY, Booking.starts_at <= work.now
    counts = select(
        _count(Booking.status == BookingStatus.COMPLETED),
        _count(Booking.status.in_(CANCELLED)),
        _count(Booking.status == BookingStatus.NO_SHOW),
    )
    pending = select(func.count()).where(Booking.status == BookingStatus.PENDING)
    held, cancelled, no_shows = (await work.session.execute(counts.where(*began))).one()
    return LessonCount(held, cancelled, no_shows, await work.session.scalar(pending) or 0)


def _count(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
