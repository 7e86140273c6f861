from core.people import people, talks
from core.people.people import Actor
from core.startup import Core
from tests import builders


async def known(core: Core, actor: Actor) -> Actor:
    async with core.read() as work:
        found = await people.find(work, actor.profile.telegram_id)
    assert found
    return found


async def ask(core: Core, actor: Actor, question: str, **draft: object) -> None:
    async with core.begin() as work:
        await talks.ask(work, person_id=actor.id, question=question, draft=draft)


async def test_a_question_waits_for_its_person_and_for_nobody_else(core):
    ira, max_ = await builders.person(core), await builders.person(core, "Макс")

    await ask(core, ira, "reason", lesson=7)

    assert ((await known(core, ira)).question, (await known(core, ira)).draft) == ("reason", {"lesson": 7})
    assert ((await known(core, max_)).question, (await known(core, max_)).draft) == (None, {})


async def test_a_new_question_takes_the_place_of_the_old_one(core):
    ira = await builders.person(core)
    await ask(core, ira, "reason", lesson=7)

    await ask(core, ira, "zone")

    assert ((await known(core, ira)).question, (await known(core, ira)).draft) == ("zone", {})


async def test_a_question_withdrawn_is_forgotten_and_withdrawing_twice_is_no_matter(core):
    ira = await builders.person(core)
    await ask(core, ira, "reason", lesson=7)

    for _ in range(2):
        async with core.begin() as work:
            await talks.withdraw(work, ira.id)

    assert (await known(core, ira)).question is None


async def test_a_question_of_a_step_that_failed_was_never_asked(core):
    ira = await builders.person(core)

    try:
        async with core.begin() as work:
            await talks.ask(work, person_id=ira.id, question="reason", draft={})
            raise KeyError
    except KeyError:
        pass

    assert (await known(core, ira)).question is None
