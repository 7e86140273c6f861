import pytest

from core import availability, people, tutors
from core.enums import Language
from core.errors import NotFound, UnknownTimezone
from core.people import Profile
from db.models import Person
from tests import builders
from tests.core import desk

IRA = Profile(telegram_id=7, first_name="Іра", last_name=None, username="ira")


async def arrive(core, profile, language=Language.UKRAINIAN):
    async with core.begin() as work:
        return await people.arrive(work, profile, language=language)


async def test_who_arrives_twice_is_one_person_with_the_language_of_the_first_time(core):
    first = await arrive(core, IRA)
    again = await arrive(core, Profile(7, "Ірина", "Шевченко", None), Language.ENGLISH)

    assert again.id == first.id
    assert again.language is Language.UKRAINIAN
    assert again.profile == Profile(7, "Ірина", "Шевченко", None)
    assert len(await desk.rows(core, Person)) == 1


async def test_many_first_updates_at_once_make_one_person(core):
    actors = await desk.race([arrive(core, IRA) for _ in range(16)])

    assert len({actor.id for actor in actors}) == 1


async def test_nobody_is_found_who_has_not_arrived(core):
    async with core.read() as work:
        assert await people.find(work, 7) is None


async def test_who_writes_again_is_reachable_again(core):
    ira = await arrive(core, IRA)
    async with core.begin() as work:
        assert await people.mark_unreachable(work, ira.id)
        assert not await people.mark_unreachable(work, ira.id), "it is news only once"
        marked = await people.find(work, 7)

    assert marked is not None
    assert marked.is_unreachable
    assert not (await arrive(core, IRA)).is_unreachable


async def test_a_chosen_language_stays(core):
    ira = await arrive(core, IRA)
    async with core.begin() as work:
        await people.choose_language(work, person_id=ira.id, language=Language.ENGLISH)

    assert (await arrive(core, IRA)).language is Language.ENGLISH


async def test_a_zone_that_does_not_exist_is_refused(core):
    ira = await builders.person(core)
    before = await desk.dump(core)

    for name in ("Kyiv", "Europe/Atlantis", "", "UTC+2", "../etc/passwd"):
        with pytest.raises(UnknownTimezone):
            async with core.begin() as work:
                await people.choose_timezone(work, person_id=ira.id, timezone=name)

    assert await desk.dump(core) == before


async def test_a_tutor_who_moves_takes_the_hours_along(core):
    olena, other = await builders.tutor(core), await builders.tutor(core, "Остап")
    async with core.begin() as work:
        await people.choose_timezone(work, person_id=olena.id, timezone="Europe/Warsaw")

        assert (await availability.week(work, tutor_id=olena.id)).timezone == "Europe/Warsaw"
        assert await tutors.teaching_timezone(work, other.id) == "Europe/Kyiv"


async def test_a_tutor_who_teaches_by_another_zone_keeps_it_on_a_journey(core):
    olena = await builders.tutor(core)
    await desk.arrange(core, olena, timezone="Europe/London")
    async with core.begin() as work:
        await people.choose_timezone(work, person_id=olena.id, timezone="Asia/Tokyo")

        assert await tutors.teaching_timezone(work, olena.id) == "Europe/London"


async def test_a_lock_on_somebody_who_does_not_exist_is_refused(core):
    ira = await builders.person(core)
    async with core.begin() as work:
        await people.lock(work, ira.id, ira.id)
        with pytest.raises(NotFound):
            await people.lock(work, ira.id, ira.id + 1)


@pytest.mark.parametrize(("last_name", "full"), [(None, "Іра"), ("", "Іра"), ("Франко", "Іра Франко")])
def test_a_full_name_has_no_loose_space(last_name, full):
    assert people.full_name("Іра", last_name) == full
