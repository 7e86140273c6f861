"""A tutor's students, each with the numbers of their lessons."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, and_, func, or_, select

from core.errors import NotFound
from core.people.people import full_name
from core.pure.booking_states import LIVE
from core.work import Work
from db.base import AnyRow, AnySelect
from db.enums import BookingStatus
from db.models.booking import Booking
from db.models.lesson_package import LessonPackage
from db.models.person import Person
from db.models.tutor_student import TutorStudent


@dataclass(frozen=True, slots=True)
class StudentCard:
    """`held` and `no_shows` count lessons; `credits` are left on packages."""

    id: int
    name: str
    is_in_telegram: bool
    held: int
    no_shows: int
    next_at: datetime | None
    credits: int


async def of_tutor(work: Work, *, tutor_id: int, limit: int, offset: int = 0) -> list[StudentCard]:
    """Return this tutor's students: by their next lesson, then those without one by name."""
    students, lessons = _students(work, tutor_id)
    ordered = students.order_by(lessons.c.next_at.is_(None), lessons.c.next_at, Person.first_name, Person.id)
    return [_card(row) for row in await work.session.execute(ordered.limit(limit).offset(offset))]


async def of_one(work: Work, *, tutor_id: int, student_id: int) -> StudentCard:
    """Return one student of this tutor; raises NotFound for anybody else."""
    students, _ = _students(work, tutor_id)
    row = (await work.session.execute(students.where(Person.id == student_id))).one_or_none()
    if row is None:
        raise NotFound
    return _card(row)


def _students(work: Work, tutor_id: int) -> tuple[AnySelect, Subquery]:
    lessons, packages = _lessons(work, tutor_id), _packages(tutor_id)
    students = (
        select(
            Person.id,
            Person.first_name,
            Person.last_name,
            Person.telegram_id,
            func.coalesce(lessons.c.held, 0).label("held"),
            func.coalesce(lessons.c.no_shows, 0).label("no_shows"),
            lessons.c.next_at,
            func.coalesce(packages.c.credits, 0).label("credits"),
        )
        .join(TutorStudent, TutorStudent.student_id == Person.id)
        .outerjoin(lessons, lessons.c.student_id == Person.id)
        .outerjoin(packages, packages.c.student_id == Person.id)
        .where(TutorStudent.tutor_id == tutor_id)
    )
    return students, lessons


def _lessons(work: Work, tutor_id: int) -> Subquery:
    """Count lessons for each student; a confirmed lesson that is over counts as held."""
    over = and_(Booking.status == BookingStatus.CONFIRMED, Booking.ends_at <= work.now)
    ahead = and_(Booking.status.in_(LIVE), Booking.ends_at > work.now)
    return (
        select(
            Booking.student_id,
            func.count().filter(or_(Booking.status == BookingStatus.COMPLETED, over)).label("held"),
            func.count().filter(Booking.status == BookingStatus.NO_SHOW).label("no_shows"),
            func.min(Booking.starts_at).filter(ahead).label("next_at"),
        )
        .where(Booking.tutor_id == tutor_id)
        .group_by(Booking.student_id)
        .subquery()
    )


def _packages(tutor_id: int) -> Subquery:
    return (
        select(LessonPackage.student_id, func.sum(LessonPackage.left_over).label("credits"))
        .where(LessonPackage.tutor_id == tutor_id)
        .group_by(LessonPackage.student_id)
        .subquery()
    )


def _card(row: AnyRow) -> StudentCard:
    return StudentCard(
        id=row.id,
        name=full_name(row.first_name, row.last_name),
        is_in_telegram=row.telegram_id is not None,
        held=row.held,
        no_shows=row.no_shows,
        next_at=row.next_at,
        credits=int(row.credits),
    )
