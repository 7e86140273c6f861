"""
Who may become a tutor, where not everybody may (Policies.tutors).

    open        whoever says so
    invitation  whoever opens the operator's link
    approval    whoever an operator has said yes to; until then there is a TutorApplication
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
from db.models import Person, TutorApplication


@dataclass(frozen=True, slots=True)
class ApplicationCard:
    """`is_approved` is empty until an operator has answered."""

    person_id: int
    telegram_id: int | None
    name: str
    username: str | None
    asked_at: datetime
    is_approved: bool | None


async def ask_to_teach(work: Work, *, person_id: int, invitation: str | None = None) -> bool:
    """
    Become a tutor or ask for it, as the house rules have it; return whether this person is one now.

    - who is one already stays one, and the right invitation lets in under every rule
    - asking twice is asking once; what an operator has refused stays refused until an operator changes it
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
    """Return what somebody has asked; raises NotFound."""
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
    """Tell an operator of all who wait, each once: an operator may come in after them. Anybody else hears nothing."""
    if await is_operator(work, person_id):
        unanswered = select(TutorApplication.person_id).where(TutorApplication.is_approved.is_(None))
        for waiting in (await work.session.scalars(unanswered)).all():
            _announce(work, waiting, to=person_id)


async def approve(work: Work, *, person_id: int, operator_id: int) -> ApplicationCard:
    """
    Let somebody teach; they hear of it. A refusal can be taken back this way.

    - approving twice is approving once
    - raises NotFound, also for who is no operator
    """
    if (await _lock(work, person_id, operator_id)).is_approved is not True:
        await tutors.become(work, person_id=person_id)
        await _answer(work, person_id, Event.TUTOR_APPROVED, is_approved=True)
    return await card(work, person_id)


async def refuse(work: Work, *, person_id: int, operator_id: int) -> ApplicationCard:
    """
    Turn somebody down; they hear of it. Who teaches already goes on teaching.

    - raises NotFound, also for who is no operator
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
    await people.lock(work, person_id, operator_id)  # both at once, in the order in which all take people
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
    """Those of Policies.operators who have written to the bot; nobody else can be told."""
    named = or_(Person.telegram_id.in_(work.policies.operators), Person.is_operator)
    return list(await work.session.scalars(select(Person.id).where(named)))
