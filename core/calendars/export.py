"""
Lessons for other calendars: those of a period as a file, or all of them under a secret link to subscribe to.

Everybody who has the link can read the lessons, so a person can replace or stop it.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from core.errors import NotFound
from core.lessons import lessons
from core.lessons.lessons import LessonCard
from core.work import Work
from db.base import table
from db.enums import Language
from db.models.booking_history import BookingHistory
from db.models.person import Person

FOLLOWED_BACK = timedelta(days=60)
FOLLOWED_AHEAD = timedelta(days=400)
MOST_LESSONS = 2_000
PERSON = table(Person).c


@dataclass(frozen=True, slots=True)
class Exported:
    """`changed_at` is when each lesson was last changed, so that unchanged lessons give an identical file."""

    lessons: tuple[LessonCard, ...]
    changed_at: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Followed:
    """The lessons behind a link, with their owner's language and zone."""

    person_id: int
    language: Language
    timezone: str
    exported: Exported


async def between(work: Work, *, person_id: int, since: datetime, until: datetime) -> Exported:
    """
    Return the person's lessons as tutor or student that begin in [since, until), but no cancelled ones or move
    requests.
    """
    found = await lessons.between(work, person_id=person_id, since=since, until=until, limit=MOST_LESSONS)
    return Exported(tuple(found), await _changes(work, [lesson.id for lesson in found]))


async def code(work: Work, *, person_id: int) -> str | None:
    """Return the secret of this person's link, if they have one."""
    return await work.session.scalar(select(PERSON.calendar_code).where(PERSON.id == person_id))


async def open_address(work: Work, *, person_id: int) -> str:
    """Return the secret of this person's link; make one if there is none."""
    free = PERSON.id == person_id, PERSON.calendar_code.is_(None)
    await work.session.execute(update(table(Person)).where(*free).values(calendar_code=_new_code()))
    known = await code(work, person_id=person_id)
    if known is None:
        raise NotFound
    return known


async def close_address(work: Work, *, person_id: int) -> None:
    """Stop this person's link; the next one will have another secret."""
    await work.session.execute(update(table(Person)).where(PERSON.id == person_id).values(calendar_code=None))


async def followed(work: Work, *, code: str) -> Followed:
    """Return the lessons behind a link; raises NotFound."""
    asked = select(PERSON.id, PERSON.language, PERSON.timezone).where(PERSON.calendar_code == code)
    person = (await work.session.execute(asked)).one_or_none()
    if person is None:
        raise NotFound
    since, until = work.now - FOLLOWED_BACK, work.now + FOLLOWED_AHEAD
    exported = await between(work, person_id=person.id, since=since, until=until)
    return Followed(person.id, person.language, person.timezone or "UTC", exported)


async def _changes(work: Work, booking_ids: list[int]) -> dict[int, datetime]:
    row = table(BookingHistory).c
    latest = select(row.booking_id, func.max(row.created_at, type_=row.created_at.type).label("changed_at"))
    latest = latest.where(row.booking_id.in_(booking_ids)).group_by(row.booking_id)
    return {row.booking_id: row.changed_at for row in await work.session.execute(latest)}


def _new_code() -> str:
    return secrets.token_urlsafe(20)
