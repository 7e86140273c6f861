"""An address is mailed to once it is proved, and nobody's mailbox is filled."""

from datetime import timedelta

import pytest

from core.enums import ChannelKind
from core.errors import BadEmail, TooManyCodes
from core.people import emails, reminders
from core.startup import Core
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from tests import builders
from tests.conftest import MONDAY, engines
from tests.core.tables import rows

IRA = "ira@example.org"
IN_THREE_DAYS = MONDAY.replace(day=26, hour=10)


@pytest.fixture
async def core(database_settings, clock, policies):
    opened = Core(engines(database_settings), policies=policies, clock=clock, channels=frozenset(ChannelKind))
    yield opened
    await opened.close()


async def ask(core, person, email=IRA):
    async with core.begin() as work:
        return await emails.ask_code(work, person_id=person.id, email=email)


async def confirm(core, person, asked, code=None, kept=None):
    async with core.begin() as work:
        return await emails.confirm(
            work, person_id=person.id, mailed=kept or asked.kept, code=asked.code if code is None else code
        )


async def ahead(core, person):
    found = await rows(core, Reminder)
    return [(row.reminder_type, row.minutes_before) for row in found if row.recipient_id == person.id]


@pytest.mark.parametrize(
    ("typed", "written"),
    [(" Ira.K+tutor@Example.ORG ", "Ira.K+tutor@example.org"), ("o'neil@a-b.co.uk", "o'neil@a-b.co.uk")],
)
def test_an_address_is_taken_as_it_is_with_its_domain_in_small_letters(typed, written):
    assert emails.checked(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ira",
        "@example.org",
        "ira@",
        "ira@localhost",
        "ira@[127.0.0.1]",
        "ira@127.0.0.1",
        ".ira@example.org",
        "i..ra@example.org",
        "ira @example.org",
        "ira@exa mple.org",
        "ira@-a.org",
        "ira@example.org\r\nBcc: all@example.org",
        "ira@example.org, all@example.org",
        "Ira <ira@example.org>",
        "іра@example.org",
        "a" * 65 + "@example.org",
        "a@" + "b." * 130 + "org",
    ],
)
def test_what_can_not_be_mailed_to_is_refused(typed):
    with pytest.raises(BadEmail):
        emails.checked(typed)


async def test_lessons_ahead_are_reminded_of_by_mail_from_an_hour_on_and_no_more_when_given_up(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await builders.confirm(core, await builders.request(core, olena, ira, IN_THREE_DAYS))
    in_chat = await ahead(core, ira)
    assert (await confirm(core, ira, await ask(core, ira))).is_right
    by_mail = [(ChannelKind.EMAIL, 1440), (ChannelKind.EMAIL, 60)]
    assert sorted(await ahead(core, ira)) == sorted([*in_chat, *by_mail])
    async with core.begin() as work:
        await reminders.want_no_more(work, person_id=ira.id, before=timedelta(hours=1))
    assert (ChannelKind.EMAIL, 60) not in await ahead(core, ira)
    async with core.begin() as work:
        await emails.forget(work, person_id=ira.id)
    assert all(kind == ChannelKind.PUSH for kind, _ in await ahead(core, ira))


async def test_a_code_is_nowhere_but_in_the_mail(core):
    ira = await builders.person(core)
    asked = await ask(core, ira)
    assert asked.code not in str(asked.kept)
    (row,) = await rows(core, Notification)
    assert asked.code not in str(row)
    assert IRA not in str(row)


async def test_a_wrong_code_costs_a_try_and_the_last_one_the_code(core):
    ira = await builders.person(core)
    asked = await ask(core, ira)
    kept = asked.kept
    for left in (4, 3, 2, 1):
        checked = await confirm(core, ira, asked, "x", kept)
        kept = checked.kept
        assert (checked.is_right, kept.tries) == (False, left)
    assert (await confirm(core, ira, asked, "x", kept)).kept is None
    assert [row.email for row in await rows(core, Person)] == [None]


@pytest.mark.parametrize(("late", "is_right"), [(timedelta(), True), (timedelta(microseconds=1), False)])
async def test_a_code_holds_for_a_quarter_of_an_hour(core, clock, late, is_right):
    ira = await builders.person(core)
    asked = await ask(core, ira)
    clock.now += emails.CODE_LASTS + late
    assert (await confirm(core, ira, asked)).is_right is is_right


async def test_codes_are_few_for_a_person_and_for_an_address(core, clock):
    ira, max_ = await builders.person(core), await builders.person(core)
    for number in range(3):
        await ask(core, ira, f"ira{number}@example.org")
    with pytest.raises(TooManyCodes):
        await ask(core, ira, "ira3@example.org")
    for _ in range(2):
        await ask(core, max_, "ira0@example.org")
    mavka = await builders.person(core)
    with pytest.raises(TooManyCodes):
        await ask(core, mavka, "ira0@example.org")
    clock.advance(hours=1)
    await ask(core, ira, "ira3@example.org")
    await ask(core, mavka, "ira0@example.org")
