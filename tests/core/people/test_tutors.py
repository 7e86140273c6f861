from datetime import timedelta
from decimal import Decimal

import pytest

from core.enums import CancellationPolicy, Language
from core.errors import NotATutor, NotFound
from core.people import people, tutors
from core.people.people import Profile
from core.pure.setting_table import DEFAULTS
from db.models.tutor_settings import TutorSettings
from tests import builders
from tests.core import tables


async def test_becoming_a_tutor_twice_keeps_the_settings_of_the_first_time(core):
    olena = await builders.tutor(core)
    await tables.arrange(core, olena, price=Decimal("350.50"))
    before = await tables.dump(core)

    async with core.begin() as work:
        await tutors.become(work, person_id=olena.id)

    assert await tables.dump(core) == before


async def test_a_tutor_without_a_zone_starts_with_the_default_one(core):
    async with core.begin() as work:
        actor = await people.arrive(work, Profile(7, "Олена", None, None), language=Language.UKRAINIAN)
        await tutors.become(work, person_id=actor.id)
        again = await people.find(work, 7)

        assert again is not None
        assert again.is_tutor
        assert await tutors.teaching_timezone(work, actor.id) == DEFAULTS["timezone"]


async def test_a_card_tells_the_terms(core):
    olena = await builders.tutor(core)
    await tables.arrange(
        core,
        olena,
        price=Decimal(400),
        cancellation_policy=CancellationPolicy.STRICT,
        default_lesson_duration=timedelta(minutes=45),
        auto_accept=True,
    )

    async with core.read() as work:
        card = await tutors.card(work, olena.id)

    assert (card.name, card.timezone, card.currency) == ("Олена", "Europe/Kyiv", "UAH")
    assert (card.price, card.lesson, card.auto_accept) == (Decimal("400.00"), timedelta(minutes=45), True)
    assert card.free_cancellation == timedelta(hours=48)


async def test_the_code_of_the_link_leads_to_its_tutor_only(core):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    async with core.read() as work:
        codes = [await tutors.share_code(work, tutor.id) for tutor in (olena, ostap)]
        found = [(await tutors.by_share_code(work, code)).id for code in codes]

        assert found == [olena.id, ostap.id]
        with pytest.raises(NotFound):
            await tutors.by_share_code(work, codes[0][:-1])


async def test_a_student_is_not_taken_for_a_tutor(core):
    ira = await builders.person(core)
    async with core.begin() as work:
        with pytest.raises(NotFound):
            await tutors.card(work, ira.id)
        for question in (tutors.share_code, tutors.teaching_timezone, tutors.lock, tutors.settings_of):
            with pytest.raises(NotATutor):
                await question(work, ira.id)


async def test_the_tutor_met_last_comes_first_and_meeting_again_changes_nothing(core, clock):
    ira = await builders.person(core)
    met = [await builders.tutor(core, name) for name in ("Олена", "Остап", "Оксана")]
    for tutor in (*met, met[0]):
        clock.advance(minutes=1)
        async with core.begin() as work:
            await tutors.meet(work, tutor_id=tutor.id, student_id=ira.id)

    async with core.read() as work:
        assert [card.id for card in await tutors.of_student(work, ira.id)] == [tutor.id for tutor in reversed(met)]
        assert [card.id for card in await tutors.of_student(work, ira.id, limit=1)] == [met[2].id]
        assert await tutors.of_student(work, met[0].id) == []


async def test_a_tutor_does_not_meet_themselves(core):
    olena = await builders.tutor(core)
    async with core.begin() as work:
        await tutors.meet(work, tutor_id=olena.id, student_id=olena.id)
        assert await tutors.of_student(work, olena.id) == []


async def test_share_codes_are_secrets_of_their_own(core):
    for name in ("Олена", "Остап", "Оксана"):
        await builders.tutor(core, name)

    codes = {row.share_code for row in await tables.rows(core, TutorSettings)}
    assert len(codes) == 3
    assert min(map(len, codes)) >= 12


async def test_a_new_link_makes_the_old_one_lead_nowhere_and_loses_no_student(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    async with core.begin() as work:
        await tutors.meet(work, tutor_id=olena.id, student_id=ira.id)
        old = await tutors.share_code(work, olena.id)
        new = await tutors.renew_link(work, tutor_id=olena.id)
        assert new != old
        assert await tutors.share_code(work, olena.id) == new
        assert (await tutors.by_share_code(work, new)).id == olena.id
        with pytest.raises(NotFound):
            await tutors.by_share_code(work, old)
        assert [card.id for card in await tutors.of_student(work, ira.id)] == [olena.id]
        with pytest.raises(NotATutor):
            await tutors.renew_link(work, tutor_id=ira.id)
