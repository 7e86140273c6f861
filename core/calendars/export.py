"""
Lessons for calendars kept elsewhere: a span of them as a file, or all of them under an address that calendars follow.

The address holds a secret. Whoever knows it reads the lessons, so it can be replaced and taken back.
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
from db.models import BookingHistory, Person

FOLLOWED_BACK = timedelta(days=60)
FOLLOWED_AHEAD = timedelta(days=400)
MOST_LESSONS = 2_000
PERSON = table(Person).c


@dataclass(frozen=True, slots=True)
class Exported:
    """`changed_at` tells for each lesson when it was changed last: the same lessons make the same file."""

    lessons: tuple[LessonCard, ...]
    changed_at: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Followed:
    """What stands under an address, for whom, in their language and zone."""

    person_id: int
    language: Language
    timezone: str
    exported: Exported


async def between(work: Work, *, person_id: int, since: datetime, until: datetime) -> Exported:
    """Return this person's lessons on either side that begin in the span, without cancelled ones and move requests."""
    found = await lessons.between(work, person_id=person_id, since=since, until=until, limit=MOST_LESSONS)
    return Exported(tuple(found), await _changes(work, [lesson.id for lesson in found]))


async def code(work: Work, *, person_id: int) -> str | None:
    """Return the secret of this person's address, if they have one."""
    return await work.session.scalar(select(PERSON.calendar_code).where(PERSON.id == person_id))


async def open_address(work: Work, *, person_id: int) -> str:
    """Return the secret of this person's address, a new one if they have none."""
    free = PERSON.id == person_id, PERSON.calendar_code.is_(None)
    await work.session.execute(update(table(Person)).where(*free).values(calendar_code=_new_code()))
    known = await code(work, person_id=person_id)
    if known is None:
        raise NotFound
    return known


async def close_address(work: Work, *, person_id: int) -> None:
    """The address leads nowhere from now on; the next one is another."""
    await work.session.execute(update(table(Person)).where(PERSON.id == person_id).values(calendar_code=None))


async def followed(work: Work, *, code: str) -> Followed:
    """Return what a calendar reads under this address; raises NotFound."""
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
