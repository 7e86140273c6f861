"""Who may become a tutor, under each rule that an operator can set."""

import pytest

from core.errors import InvitationNeeded, NotFound, TeachingRefused
from core.people import applications, people
from core.settings import Policies
from core.startup import open_core
from db.models.notification import Notification
from db.models.tutor_application import TutorApplication
from tests import builders
from tests.core import tables

SECRET = "a-secret-word"
OPERATOR = 77


@pytest.fixture
async def opened(database_settings, clock):
    """Open the core under a rule; the operator is somebody who has written to the bot."""
    opened = []

    async def under(**rules):
        core = open_core(database_settings, clock=clock, policies=Policies(**rules))
        opened.append(core)
        async with core.begin() as work:
            vira = await people.arrive(work, people.Profile(OPERATOR, "Віра", None, None), language="uk")
        return core, vira

    yield under
    for core in opened:
        await core.close()


async def test_by_default_whoever_says_so_teaches(opened):
    core, _ = await opened()
    ira = await builders.person(core)
    assert await ask(core, ira)
    assert await teaches(core, ira)
    assert await tables.rows(core, Notification) == []


async def test_an_invitation_lets_in_and_nothing_else_does(opened):
    core, _ = await opened(tutors="invitation", tutor_invitation=SECRET)
    ira = await builders.person(core)
    for wrong in (None, "", "nearly", SECRET.upper(), f"{SECRET} ", "секрет"):
        with pytest.raises(InvitationNeeded):
            await ask(core, ira, invitation=wrong)
    assert not await teaches(core, ira)
    assert await ask(core, ira, invitation=SECRET)
    assert await ask(core, ira)
    assert await teaches(core, ira)


async def test_an_application_reaches_every_operator_once_and_waits(opened):
    core, vira = await opened(tutors="approval", operators=(OPERATOR, 78), tutor_invitation=SECRET)
    ira = await builders.person(core)
    assert not await ask(core, ira)
    assert not await ask(core, ira)
    assert not await teaches(core, ira)
    (notice,) = await tables.rows(core, Notification)
    assert (notice.recipient_id, notice.details) == (vira.id, {"person_id": ira.id})
    async with core.begin() as work:
        zoya = await people.arrive(work, people.Profile(78, "Зоя", None, None), language="uk")
        for comer in (zoya, zoya, vira, ira):
            await applications.tell_operator(work, person_id=comer.id)
    assert [row.recipient_id for row in await tables.rows(core, Notification)] == [vira.id, zoya.id]

    assert await ask(core, ira, invitation=SECRET)
    assert await teaches(core, ira)
    assert await tables.rows(core, TutorApplication) == []
    assert await ask(core, vira)  # nobody else could say yes


async def test_an_approval_is_told_once_and_a_refusal_can_be_taken_back(opened):
    core, vira = await opened(tutors="approval", operators=(OPERATOR,))
    ira, max_ = await builders.person(core), await builders.person(core, "Макс")
    for person in (ira, max_):
        await ask(core, person)
    await answer(core, applications.refuse, ira, vira)
    assert (await answer(core, applications.refuse, ira, vira)).is_approved is False
    with pytest.raises(TeachingRefused):
        await ask(core, ira)
    assert not await teaches(core, ira)
    for _ in range(2):
        assert (await answer(core, applications.approve, ira, vira)).is_approved
    assert (await answer(core, applications.refuse, ira, vira)).is_approved  # who teaches goes on
    assert await teaches(core, ira)
    assert not await teaches(core, max_)
    told = [row.event for row in await tables.rows(core, Notification) if row.recipient_id == ira.id]
    assert told == ["tutor.refused", "tutor.approved"]


async def test_only_an_operator_answers(opened):
    core, vira = await opened(tutors="approval", operators=(OPERATOR,))
    ira, max_ = await builders.person(core), await builders.person(core, "Макс")
    await ask(core, ira)
    before = await tables.dump(core)
    for verb in (applications.approve, applications.refuse):
        for somebody in (ira, max_):
            with pytest.raises(NotFound):
                await answer(core, verb, ira, somebody)
        with pytest.raises(NotFound):
            await answer(core, verb, max_, vira)  # has not asked
    assert await tables.dump(core) == before


@pytest.mark.parametrize(
    "rules",
    [
        {"tutors": "invitation"},
        {"tutors": "approval"},
        {"tutor_invitation": "short"},
        {"tutor_invitation": "with space!"},
        {"tutor_invitation": "x" * 59},
        {"room_template": "https://meet.jit.si/"},
        {"room_template": "http://meet.jit.si/{room}"},
        {"room_template": "https://meet/{room}"},
    ],
)
def test_rules_that_let_nobody_in_stop_the_start(rules):
    with pytest.raises(ValueError):
        Policies(**rules)


async def ask(core, person, invitation=None):
    async with core.begin() as work:
        return await applications.ask_to_teach(work, person_id=person.id, invitation=invitation)


async def answer(core, verb, person, operator):
    async with core.begin() as work:
        return await verb(work, person_id=person.id, operator_id=operator.id)


async def teaches(core, person):
    async with core.read() as work:
        known = await people.find(work, person.profile.telegram_id)
    return known.is_tutor
