import pytest

from core.enums import Language
from core.errors import BadName, NotFound, UnknownTimezone
from core.hours import availability
from core.people import people, tutors
from core.people.people import Profile
from db.models.person import Person
from tests import builders
from tests.core import tables

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
    assert len(await tables.rows(core, Person)) == 1


async def test_many_first_updates_at_once_make_one_person(core):
    actors = await tables.race([arrive(core, IRA) for _ in range(16)])

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


async def choose_name(core, person, name):
    async with core.begin() as work:
        await people.choose_name(work, person_id=person.id, name=name)


async def test_a_chosen_name_stays_while_the_username_follows_telegram(core):
    ira = await arrive(core, IRA)
    await choose_name(core, ira, "Ірина")
    again = await arrive(core, Profile(7, "Irynka", "Sh", "irynka"))

    assert again.profile == Profile(7, "Ірина", None, "irynka")
    assert again.is_as_told(Profile(7, "Хто завгодно", None, "irynka"))
    assert not again.is_as_told(Profile(7, "Ірина", None, "iryna"))


async def test_as_in_telegram_is_followed_again(core):
    ira = await arrive(core, IRA)
    await choose_name(core, ira, "Ірина")
    async with core.begin() as work:
        await people.follow_telegram(work, person_id=ira.id, profile=IRA)

    assert (await arrive(core, IRA)).profile == IRA
    assert (await arrive(core, Profile(7, "Irynka", None, None))).name == "Irynka"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Іра \n\t Шевченко ", "Іра Шевченко"),
        ("Іра\x00\x07\u202e", "Іра"),
        ("👩\u200d🏫", "👩\u200d🏫"),
        ("\u200d\u200c \u2060", ""),
        ("<b>", "<b>"),
    ],
)
def test_a_name_is_one_line_of_what_can_be_seen(typed, name):
    assert people.cleaned(typed) == name


@pytest.mark.parametrize("name", ["", "\n", "\u200b\u202e", "Щ" * 65])
async def test_a_name_that_is_none_or_too_long_is_refused(core, name):
    ira = await arrive(core, IRA)
    before = await tables.dump(core)
    with pytest.raises(BadName):
        await choose_name(core, ira, name)
    assert await tables.dump(core) == before


async def test_a_zone_that_does_not_exist_is_refused(core):
    ira = await builders.person(core)
    before = await tables.dump(core)

    for name in ("Kyiv", "Europe/Atlantis", "", "UTC+2", "../etc/passwd"):
        with pytest.raises(UnknownTimezone):
            async with core.begin() as work:
                await people.choose_timezone(work, person_id=ira.id, timezone=name)

    assert await tables.dump(core) == before


async def test_a_tutor_who_moves_takes_the_hours_along(core):
    olena, other = await builders.tutor(core), await builders.tutor(core, "Остап")
    async with core.begin() as work:
        await people.choose_timezone(work, person_id=olena.id, timezone="Europe/Warsaw")

        assert (await availability.card(work, tutor_id=olena.id)).timezone == "Europe/Warsaw"
        assert await tutors.teaching_timezone(work, other.id) == "Europe/Kyiv"


async def test_a_tutor_who_teaches_by_another_zone_keeps_it_on_a_journey(core):
    olena = await builders.tutor(core)
    await tables.arrange(core, olena, timezone="Europe/London")
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
