"""Lessons that a tutor writes down: agreed by telephone, for example, or with somebody who is not in Telegram."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, insert, select

from core.errors import BadName, NotFound, OwnHours, StudentBusy, StudentElsewhere, TimePassed, TooFarAhead
from core.lessons import packages
from core.lessons.changes import DAYS_AHEAD, check_free, insert_booking, remember, same_booking, terms_now
from core.lessons.lessons import LessonCard, card
from core.people import people, reminders, tutors
from core.people.people import full_name
from core.pure.planning.values import Span
from core.times import slots
from core.times.schedules import Asker
from core.work import Work
from db.base import AnyRow, table
from db.enums import BookingAction, Event
from db.models.person import Person
from db.models.tutor_student import TutorStudent

BACK = timedelta(days=30)
MAX_NAME = 60

STUDENTS = (
    select(Person.id, Person.first_name, Person.last_name, Person.telegram_id)
    .join(TutorStudent, TutorStudent.student_id == Person.id)
    .where(TutorStudent.tutor_id == bindparam("tutor_id"))
)
SAME_NAME = STUDENTS.where(Person.telegram_id.is_(None), Person.first_name == bindparam("name"))
INSERT_PERSON = insert(table(Person)).returning(table(Person).c.id)


@dataclass(frozen=True, slots=True)
class StudentName:
    """A student for whom a lesson can be written down."""

    id: int
    name: str
    is_in_telegram: bool


async def students(work: Work, *, tutor_id: int, limit: int, offset: int = 0) -> list[StudentName]:
    """Return this tutor's students, by name."""
    by_name = STUDENTS.order_by(func.lower(Person.first_name), Person.id).limit(limit).offset(offset)
    return [_name(row) for row in await work.session.execute(by_name, {"tutor_id": tutor_id})]


async def student(work: Work, *, tutor_id: int, student_id: int) -> StudentName:
    """Return a student of this tutor; raises NotFound."""
    row = (await work.session.execute(STUDENTS.where(Person.id == student_id), {"tutor_id": tutor_id})).one_or_none()
    if row is None:
        raise NotFound
    return _name(row)


async def add_student(work: Work, *, tutor_id: int, name: str) -> StudentName:
    """
    Add a student who is not in Telegram; the same name is the same student.

    - raises NotATutor, and BadName if nothing of the name can be seen
    """
    await tutors.lock(work, tutor_id)
    name = people.cleaned(name)[:MAX_NAME]
    if not name:
        raise BadName(MAX_NAME)
    known = await work.session.execute(SAME_NAME.limit(1), {"tutor_id": tutor_id, "name": name})
    row = known.one_or_none()
    if row is not None:
        return _name(row)
    language = await work.session.scalar(select(Person.language).where(Person.id == tutor_id))
    person = {
        "first_name": name,
        "language": language,
        "created_at": work.now,
        "is_tutor": False,
        "is_operator": False,
    }
    student_id: int = (await work.session.execute(INSERT_PERSON, person)).scalar_one()
    await tutors.meet(work, tutor_id=tutor_id, student_id=student_id)
    return StudentName(student_id, name, is_in_telegram=False)


async def write_down(
    work: Work,
    *,
    tutor_id: int,
    starts_at: datetime,
    student_id: int | None = None,
    name: str | None = None,
    length: timedelta | None = None,
) -> LessonCard:
    """
    Write down a lesson that tutor and student have agreed on; it is confirmed at once, and the student is notified.

    - the student is one of this tutor's, or somebody who is not in Telegram, by `name`
    - notice, hours and limits do not apply; up to 30 days back; it can't overlap another lesson
    - writing it down twice returns the first one
    - raises NotATutor, NotFound, BadName, OwnHours, TimePassed, TooFarAhead, TimeTaken, StudentElsewhere
    """
    assert (student_id is None) is not (name is None), "either student_id or name"
    settings = await tutors.lock(work, tutor_id)
    if student_id is None:
        student_id = (await add_student(work, tutor_id=tutor_id, name=name or "")).id
    if student_id == tutor_id:
        raise OwnHours
    person = await student(work, tutor_id=tutor_id, student_id=student_id)
    await people.lock(work, tutor_id, student_id)
    lesson_id = await same_booking(work, tutor_id=tutor_id, student_id=student_id, starts_at=starts_at)
    if lesson_id is None:
        span = await _check(work, settings, starts_at, length or settings.default_lesson_duration, student_id)
        lesson_id = await _write(work, settings, span, person)
    return await card(work, booking_id=lesson_id, viewer_id=tutor_id)


async def _check(work: Work, settings: AnyRow, starts_at: datetime, length: timedelta, student_id: int) -> Span:
    if starts_at < work.now - BACK:
        raise TimePassed(starts_at)
    if starts_at > work.now + timedelta(days=DAYS_AHEAD):
        raise TooFarAhead(DAYS_AHEAD)
    span = await slots.check(work, settings, starts_at, Asker(by_tutor=True), length=length)
    try:
        await check_free(work, span, student_id=student_id)
    except StudentBusy:
        raise StudentElsewhere(starts_at) from None
    return span


async def _write(work: Work, settings: AnyRow, span: Span, person: StudentName) -> int:
    tutor_id: int = settings.tutor_id
    terms = terms_now(work, settings, span.starts_at, is_agreed=True)
    terms |= await packages.use_credit(work, tutor_id=tutor_id, student_id=person.id)
    lesson_id = await insert_booking(work, settings, span, student_id=person.id, **terms)
    await remember(work, lesson_id, BookingAction.WRITTEN_DOWN, by=tutor_id)
    told = (person.id, tutor_id) if person.is_in_telegram else (tutor_id,)
    await reminders.schedule(work, booking_id=lesson_id, starts_at=span.starts_at, recipient_ids=told)
    if person.is_in_telegram:
        work.announce(Event.BOOKING_CREATED, to=person.id, booking_id=lesson_id, once=f"{lesson_id}")
    return lesson_id


def _name(row: AnyRow) -> StudentName:
    return StudentName(row.id, full_name(row.first_name, row.last_name), row.telegram_id is not None)
