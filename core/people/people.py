"""People: their names, language and time zone."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytz
from sqlalchemy import bindparam, or_, select, update

from core.errors import BadName, NotFound, UnknownTimezone
from core.people import reminders
from core.work import Work, insert_new
from db.base import AnyRow, table
from db.enums import Language
from db.models.person import Person
from db.models.talk import Talk
from db.models.tutor_settings import TutorSettings

LONGEST_NAME = 64
GONE = "👤\u2060"  # the name of people who have left; no one can choose it
JOINERS = "\u200c\u200d"  # joiners that some scripts and emoji need

BY_TELEGRAM_ID = (
    select(
        Person.id,
        Person.telegram_id,
        Person.first_name,
        Person.last_name,
        Person.username,
        Person.language,
        Person.timezone,
        Person.is_tutor,
        Person.is_operator,
        Person.has_own_name,
        Person.unreachable_since,
        Talk.question,
        Talk.draft,
        Talk.asked_at,
        Person.heard_update_id,
    )
    .outerjoin(Talk, Talk.person_id == Person.id)
    .where(Person.telegram_id == bindparam("telegram_id"))
)

LOCK = (
    select(Person.id)
    .where(Person.id.in_(bindparam("ids", expanding=True)), Person.left_at.is_(None))
    .order_by(Person.id)
    .with_for_update(key_share=True)  # weaker than FOR UPDATE: rows that refer to the person can still be inserted
)

HEARD = (
    update(table(Person))
    .where(table(Person).c.id == bindparam("person_id"))
    .values(heard_update_id=bindparam("update_id"))
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What Telegram says about a person in every update."""

    telegram_id: int
    first_name: str
    last_name: str | None
    username: str | None


@dataclass(frozen=True, slots=True)
class Actor:
    """
    The person an update came from, and the question they were asked last.

    With `has_own_name` the names in `profile` are those the person chose, not Telegram's.
    """

    id: int
    profile: Profile
    has_own_name: bool
    language: Language
    timezone: str | None
    is_tutor: bool
    is_operator: bool
    is_unreachable: bool
    question: str | None
    draft: dict[str, Any]
    asked_at: datetime | None
    heard_update_id: int | None

    @property
    def name(self) -> str:
        return full_name(self.profile.first_name, self.profile.last_name)

    def is_as_told(self, profile: Profile) -> bool:
        """Whether what we have stored is what Telegram says about this person now."""
        if self.has_own_name:
            profile = replace(profile, first_name=self.profile.first_name, last_name=self.profile.last_name)
        return self.profile == profile


def full_name(first_name: str, last_name: str | None) -> str:
    return f"{first_name} {last_name or ''}".strip()


async def find(work: Work, telegram_id: int) -> Actor | None:
    row = (await work.session.execute(BY_TELEGRAM_ID, {"telegram_id": telegram_id})).one_or_none()
    return _actor(row) if row else None


async def arrive(work: Work, profile: Profile, *, language: Language) -> Actor:
    """
    Store a new person, or what has changed about a known one.

    - a new person gets `language`; a known one keeps theirs
    - the name follows Telegram, unless the person has chosen one; a person who writes is reachable again
    """
    new = {
        "telegram_id": profile.telegram_id,
        "language": language,
        "first_name": profile.first_name,
        "created_at": work.now,
        "is_tutor": False,
        "is_operator": False,
    }
    await insert_new(work, Person, [new])
    same = update(Person).where(Person.telegram_id == profile.telegram_id)
    await work.session.execute(same.values(username=profile.username, unreachable_since=None))
    await work.session.execute(same.where(Person.has_own_name.is_(False)).values(**_names(profile)))
    actor = await find(work, profile.telegram_id)
    assert actor, "just written in this transaction"
    return actor


async def choose_name(work: Work, *, person_id: int, name: str) -> None:
    """
    Store the name that this person chose instead of Telegram's.

    - invisible characters and line breaks are removed
    - raises BadName if nothing visible is left, or the name is too long
    """
    seen = cleaned(name)
    if not 1 <= len(seen) <= LONGEST_NAME:
        raise BadName(LONGEST_NAME)
    own = {"first_name": seen, "last_name": None, "has_own_name": True}
    await work.session.execute(update(Person).where(Person.id == person_id).values(own))


async def follow_telegram(work: Work, *, person_id: int, profile: Profile) -> None:
    """Use the name from Telegram again."""
    names = {**_names(profile), "has_own_name": False}
    await work.session.execute(update(Person).where(Person.id == person_id).values(names))


def cleaned(name: str) -> str:
    """Return the name in one line without control and formatting characters; empty if nothing is visible."""
    one_line = " ".join(name.split())
    kept = "".join(c for c in one_line if c in JOINERS or not unicodedata.category(c).startswith("C"))
    return " ".join(kept.split()) if any(unicodedata.category(c)[0] in "LNPS" for c in kept) else ""


async def choose_language(work: Work, *, person_id: int, language: Language) -> None:
    await work.session.execute(update(Person).where(Person.id == person_id).values(language=language))


async def choose_timezone(work: Work, *, person_id: int, timezone: str) -> None:
    """
    Set the IANA zone in which this person sees all times.

    - a tutor's weekly hours change to this zone too, if they were in the tutor's old zone or the tutor had none yet
    - booked lessons stay; quiet hours follow the new zone
    - raises UnknownTimezone
    """
    if timezone not in pytz.all_timezones_set:
        raise UnknownTimezone(timezone)
    old = select(Person.timezone).where(Person.id == person_id).scalar_subquery()
    await work.session.execute(
        update(TutorSettings)
        .where(TutorSettings.tutor_id == person_id, or_(TutorSettings.timezone == old, old.is_(None)))
        .values(timezone=timezone)
        .execution_options(synchronize_session=False)
    )
    await work.session.execute(update(Person).where(Person.id == person_id).values(timezone=timezone))
    await reminders.plan_anew(work, person_id=person_id)


async def heard(work: Work, *, person_id: int, update_id: int) -> None:
    """Store the id of the person's last handled update, in the same transaction as its effects."""
    await work.session.execute(HEARD, {"person_id": person_id, "update_id": update_id})


async def mark_unreachable(work: Work, person_id: int) -> bool:
    """Record that the bot can't reach this person; return whether that is new."""
    marked: Any = await work.session.execute(
        update(Person)
        .where(Person.id == person_id, Person.unreachable_since.is_(None))
        .values(unreachable_since=work.now)
    )
    return bool(marked.rowcount)


async def lock(work: Work, *person_ids: int) -> None:
    """
    Lock the rows of these people until the commit, in the order of their ids, so that no one else books for them.

    Raises NotFound, also for a person who has left.
    """
    if len(set(await work.session.scalars(LOCK, {"ids": person_ids}))) < len(set(person_ids)):
        raise NotFound


def _names(profile: Profile) -> dict[str, str | None]:
    return {"first_name": profile.first_name, "last_name": profile.last_name}


def _actor(row: AnyRow) -> Actor:
    return Actor(
        id=row.id,
        profile=Profile(row.telegram_id, row.first_name, row.last_name, row.username),
        has_own_name=row.has_own_name,
        language=row.language,
        timezone=row.timezone,
        is_tutor=row.is_tutor,
        is_operator=row.is_operator,
        is_unreachable=row.unreachable_since is not None,
        question=row.question,
        draft=row.draft or {},
        asked_at=row.asked_at,
        heard_update_id=row.heard_update_id,
    )
