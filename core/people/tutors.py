"""Tutors: how students find them, and the row of settings that a booking locks."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import String, and_, bindparam, cast, exists, or_, select, update

from core.errors import NotATutor, NotFound
from core.people.people import full_name
from core.pure.deadlines import FREE_CANCELLATION
from core.pure.setting_table import DEFAULTS
from core.work import Work, insert_new
from db.base import AnyRow, AnySelect, table
from db.models.person import Person
from db.models.tutor_availability import TutorAvailability
from db.models.tutor_settings import TutorSettings
from db.models.tutor_student import TutorStudent

SETTINGS = table(TutorSettings).c
SETTINGS_OF = select(*SETTINGS).where(SETTINGS.tutor_id == bindparam("tutor_id"))
LOCK = SETTINGS_OF.with_for_update(key_share=True)

# A row has the columns for the card and, like `settings_of`, those for planning
CARDS = select(Person.id, Person.first_name, Person.last_name, *SETTINGS).join(
    TutorSettings, TutorSettings.tutor_id == Person.id
)
CARD = CARDS.where(Person.id == bindparam("tutor_id"))
IS_LISTED = and_(
    Person.is_tutor,
    Person.unreachable_since.is_(None),
    TutorSettings.is_listed,
    TutorSettings.accepts_new_students,
    cast(TutorSettings.subjects, String) != "[]",
    exists().where(TutorAvailability.tutor_id == Person.id, TutorAvailability.is_active),
)
LISTED = CARDS.where(IS_LISTED, Person.id != bindparam("viewer_id"))
KNOWN = CARD.where(
    or_(
        Person.id == bindparam("to"),
        exists().where(TutorStudent.tutor_id == Person.id, TutorStudent.student_id == bindparam("to")),
        IS_LISTED,
    )
)
BY_SHARE_CODE = CARDS.where(TutorSettings.share_code == bindparam("code"))
OF_STUDENT = (
    CARDS.join(TutorStudent, TutorStudent.tutor_id == Person.id)
    .where(TutorStudent.student_id == bindparam("student_id"))
    .order_by(TutorStudent.met_at.desc(), Person.id)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)


@dataclass(frozen=True, slots=True)
class TutorCard:
    """
    What a student sees of a tutor before booking. `free_cancellation` before the start, by the tutor's policy; `trial`
    is the length of a trial lesson where one is offered (core.lessons.trials says who may still have one);
    `languages` are those taught in, by their codes.
    """

    id: int
    name: str
    timezone: str
    lesson: timedelta
    price: Decimal | None
    currency: str
    auto_accept: bool
    accepts_new_students: bool
    free_cancellation: timedelta
    subjects: tuple[str, ...] = ()
    about: str | None = None
    languages: tuple[str, ...] = ()
    trial: timedelta | None = None


async def become(work: Work, *, person_id: int) -> None:
    """Make this person a tutor, with default settings; a tutor keeps theirs."""
    timezone = await work.session.scalar(select(Person.timezone).where(Person.id == person_id))
    settings = {
        **DEFAULTS,
        "tutor_id": person_id,
        "share_code": _new_code(),
        "timezone": timezone or DEFAULTS["timezone"],
    }
    await insert_new(work, TutorSettings, [settings])
    await work.session.execute(update(Person).where(Person.id == person_id).values(is_tutor=True))


async def card(work: Work, tutor_id: int) -> TutorCard:
    return await _found(work, CARD, tutor_id=tutor_id)


async def known(work: Work, tutor_id: int, *, to: int) -> TutorCard:
    """Return a tutor if this person has met them, or the directory lists them, or it is this person; else NotFound."""
    return await _found(work, KNOWN, tutor_id=tutor_id, to=to)


async def by_share_code(work: Work, code: str) -> TutorCard:
    return await _found(work, BY_SHARE_CODE, code=code)


async def of_student(work: Work, student_id: int, *, limit: int = 20) -> list[TutorCard]:
    """Return the tutors this student has met, the latest first."""
    return [card_of(row) for row in await met_rows(work, student_id, limit=limit)]


async def met_rows(work: Work, student_id: int, *, limit: int, offset: int = 0) -> Sequence[AnyRow]:
    met = {"student_id": student_id, "most": limit, "skipped": offset}
    return (await work.session.execute(OF_STUDENT, met)).all()


async def listed_rows(work: Work, *, viewer_id: int) -> Sequence[AnyRow]:
    """
    Return the tutors in the directory, without the viewer.

    A listed tutor wants to be found, takes new students, has subjects and an availability, and can be reached.
    """
    return (await work.session.execute(LISTED, {"viewer_id": viewer_id})).all()


async def meet(work: Work, *, tutor_id: int, student_id: int) -> None:
    if tutor_id != student_id:
        row = {"tutor_id": tutor_id, "student_id": student_id, "met_at": work.now}
        await insert_new(work, TutorStudent, [row])


async def share_code(work: Work, tutor_id: int) -> str:
    code = await work.session.scalar(select(TutorSettings.share_code).where(TutorSettings.tutor_id == tutor_id))
    if code is None:
        raise NotATutor
    return code


async def renew_link(work: Work, *, tutor_id: int) -> str:
    """Return a new code; the old one stops working, students who have met the tutor stay. Raises NotATutor."""
    await lock(work, tutor_id)
    code = _new_code()
    await work.session.execute(
        update(table(TutorSettings)).where(SETTINGS.tutor_id == tutor_id).values(share_code=code)
    )
    return code


async def teaching_timezone(work: Work, tutor_id: int) -> str:
    """Return the zone of this tutor's weekly hours."""
    zone = await work.session.scalar(select(TutorSettings.timezone).where(TutorSettings.tutor_id == tutor_id))
    if zone is None:
        raise NotATutor
    return zone


async def lock(work: Work, tutor_id: int) -> AnyRow:
    """Lock the tutor until the commit and return the row of TutorSettings; raises NotATutor."""
    return await _settings(work, LOCK, tutor_id)


async def settings_of(work: Work, tutor_id: int) -> AnyRow:
    """Return the row of TutorSettings without locking; raises NotATutor."""
    return await _settings(work, SETTINGS_OF, tutor_id)


async def _settings(work: Work, statement: AnySelect, tutor_id: int) -> AnyRow:
    row = (await work.session.execute(statement, {"tutor_id": tutor_id})).one_or_none()
    if row is None:
        raise NotATutor
    return row


async def _found(work: Work, statement: AnySelect, **of: int | str) -> TutorCard:
    row = (await work.session.execute(statement, of)).one_or_none()
    if row is None:
        raise NotFound
    return card_of(row)


def _new_code() -> str:
    return secrets.token_urlsafe(9)


def card_of(row: AnyRow) -> TutorCard:
    return TutorCard(
        id=row.id,
        name=full_name(row.first_name, row.last_name),
        timezone=row.timezone,
        lesson=row.default_lesson_duration,
        price=row.price,
        currency=row.currency,
        auto_accept=row.auto_accept,
        accepts_new_students=row.accepts_new_students,
        free_cancellation=FREE_CANCELLATION[row.cancellation_policy],
        subjects=tuple(row.subjects),
        about=row.about,
        languages=tuple(row.languages),
        trial=row.trial_lesson_duration if row.trial_lesson_enabled else None,
    )
