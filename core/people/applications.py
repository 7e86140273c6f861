"""
Who may become a tutor (Policies.tutors).

    open        everybody
    invitation  people who open the operator's link
    approval    people an operator has approved; until then there is a TutorApplication
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from core.errors import InvitationNeeded, NotFound, TeachingRefused
from core.people import people, tutors
from core.people.people import full_name
from core.work import Work, insert_new
from db.enums import Event
from db.models.person import Person
from db.models.tutor_application import TutorApplication


@dataclass(frozen=True, slots=True)
class ApplicationCard:
    """`is_approved` is None until an operator has answered."""

    person_id: int
    telegram_id: int | None
    name: str
    username: str | None
    asked_at: datetime
    is_approved: bool | None


async def ask_to_teach(work: Work, *, person_id: int, invitation: str | None = None) -> bool:
    """
    Become a tutor, or apply to become one, under Policies.tutors; return whether this person is a tutor now.

    - a tutor stays a tutor; a valid invitation admits under every policy
    - applying twice changes nothing; an operator's refusal is valid until an operator changes it
    - raises NotFound, InvitationNeeded, TeachingRefused
    """
    await people.lock(work, person_id)
    if await _may_teach(work, person_id, invitation):
        await tutors.become(work, person_id=person_id)
        await work.session.execute(delete(TutorApplication).where(TutorApplication.person_id == person_id))
        return True
    if work.policies.tutors == "invitation":
        raise InvitationNeeded
    await _apply(work, person_id)
    return False


async def is_operator(work: Work, person_id: int) -> bool:
    return person_id in await operators(work)


async def card(work: Work, person_id: int) -> ApplicationCard:
    """Return the application of this person; raises NotFound."""
    asked = (
        select(Person, TutorApplication.asked_at, TutorApplication.is_approved)
        .join(TutorApplication, TutorApplication.person_id == Person.id)
        .where(Person.id == person_id)
        .execution_options(populate_existing=True)
    )
    row = (await work.session.execute(asked)).one_or_none()
    if row is None:
        raise NotFound
    person, asked_at, is_approved = row
    name = full_name(person.first_name, person.last_name)
    return ApplicationCard(person.id, person.telegram_id, name, person.username, asked_at, is_approved)


async def tell_operator(work: Work, *, person_id: int) -> None:
    """Announce all waiting applications to this person, each once, if they are an operator."""
    if await is_operator(work, person_id):
        unanswered = select(TutorApplication.person_id).where(TutorApplication.is_approved.is_(None))
        for waiting in (await work.session.scalars(unanswered)).all():
            _announce(work, waiting, to=person_id)


async def approve(work: Work, *, person_id: int, operator_id: int) -> ApplicationCard:
    """
    Let this person teach and tell them. This also takes back a refusal.

    - approving twice changes nothing
    - raises NotFound, also for a person who is no operator
    """
    if (await _lock(work, person_id, operator_id)).is_approved is not True:
        await tutors.become(work, person_id=person_id)
        await _answer(work, person_id, Event.TUTOR_APPROVED, is_approved=True)
    return await card(work, person_id)


async def refuse(work: Work, *, person_id: int, operator_id: int) -> ApplicationCard:
    """
    Refuse this application and tell the person. A person who teaches already goes on teaching.

    - raises NotFound, also for a person who is no operator
    """
    if (await _lock(work, person_id, operator_id)).is_approved is None:
        await _answer(work, person_id, Event.TUTOR_REFUSED, is_approved=False)
    return await card(work, person_id)


async def _may_teach(work: Work, person_id: int, invitation: str | None) -> bool:
    is_tutor = await work.session.scalar(select(Person.is_tutor).where(Person.id == person_id))
    wanted = work.policies.tutor_invitation
    is_invited = bool(invitation and wanted) and secrets.compare_digest(
        (invitation or "").encode(), wanted.get_secret_value().encode() if wanted else b""
    )
    return bool(is_tutor) or is_invited or work.policies.tutors == "open" or await is_operator(work, person_id)


async def _apply(work: Work, person_id: int) -> None:
    asked = {"person_id": person_id, "asked_at": work.now, "is_approved": None}
    await insert_new(work, TutorApplication, [asked])
    application = await card(work, person_id)
    if application.is_approved is False:
        raise TeachingRefused
    for operator_id in await operators(work):
        _announce(work, person_id, to=operator_id)


def _announce(work: Work, person_id: int, *, to: int) -> None:
    work.announce(Event.TUTOR_ASKED, to=to, once=f"{person_id}", person_id=person_id)


async def _lock(work: Work, person_id: int, operator_id: int) -> ApplicationCard:
    await _check_operator(work, operator_id)
    await people.lock(work, person_id, operator_id)  # lock both, in the order that everybody uses
    return await card(work, person_id)


async def _check_operator(work: Work, person_id: int) -> None:
    if not await is_operator(work, person_id):
        raise NotFound


async def _answer(work: Work, person_id: int, event: Event, *, is_approved: bool) -> None:
    await work.session.execute(
        update(TutorApplication).where(TutorApplication.person_id == person_id).values(is_approved=is_approved)
    )
    work.announce(event, to=person_id, once=f"{person_id}", person_id=person_id)


async def operators(work: Work) -> list[int]:
    """Return those of Policies.operators who have written to the bot; the bot can't write to the others."""
    named = or_(Person.telegram_id.in_(work.policies.operators), Person.is_operator)
    return list(await work.session.scalars(select(Person.id).where(named)))
