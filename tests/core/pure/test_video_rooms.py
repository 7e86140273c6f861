from datetime import UTC, datetime, timedelta

import pytest

from core.lessons import lessons
from core.pure import video_rooms
from db.models.booking import Booking
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (TOMORROW_AT_TEN - QUARTER - INSTANT, False),
        (TOMORROW_AT_TEN - QUARTER, True),
        (TOMORROW_AT_TEN + timedelta(hours=1) - INSTANT, True),
        (TOMORROW_AT_TEN + timedelta(hours=1), False),
    ],
)
async def test_the_room_is_told_while_its_door_is_open(core, clock, at, is_open):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))
    clock.now = at

    async with core.read() as work:
        cards = [await lessons.card(work, booking_id=lesson.id, viewer_id=who.id) for who in (olena, ira)]
    (row,) = await tables.rows(core, Booking)
    address = f"https://meet.jit.si/{row.classroom_id}" if is_open else None
    assert [card.room.join_url for card in cards] == [address, address]


async def test_a_room_is_made_with_the_agreement_and_nobody_guesses_it(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    requests = [
        await builders.request(core, olena, ira, TOMORROW_AT_TEN + timedelta(hours=number)) for number in range(3)
    ]
    assert {row.classroom_id for row in await tables.rows(core, Booking)} == {None}
    for lesson in requests[:2]:
        await builders.confirm(core, lesson)
        await builders.confirm(core, lesson)
    await tables.arrange(core, olena, auto_accept=True)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN + timedelta(hours=3))

    made = [row.classroom_id for row in await tables.rows(core, Booking)]
    assert made[2] is None
    assert len({*made} - {None}) == 3
    assert all(len(room) == 24 for room in made if room)

    clock.now = TOMORROW_AT_TEN + timedelta(hours=2)
    async with core.read() as work:
        unanswered = await lessons.card(work, booking_id=requests[2].id, viewer_id=ira.id)
    assert unanswered.room.join_url is None


async def test_a_tutors_own_room_holds_all_lessons(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))
    unanswered = await builders.request(core, olena, ira, TOMORROW_AT_TEN + timedelta(hours=1))
    await tables.arrange(core, olena, room_url="https://meet.example.org/olena")
    clock.now = TOMORROW_AT_TEN + timedelta(minutes=50)

    async with core.read() as work:
        cards = [await lessons.card(work, booking_id=one.id, viewer_id=ira.id) for one in (lesson, unanswered)]
    assert [card.room.join_url for card in cards] == ["https://meet.example.org/olena", None]


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://meet.google.com/abc-defg-hij", True),
        ("https://us02web.zoom.us/j/123?pwd=x#y", True),
        ("HTTPS://Meet.Example.org:8443", True),
        ("https://meet", False),
        ("https://.org/", False),
        ("https://1.2.3.4/", False),
        ("https://a..org", False),
        ("https://кімната.укр/", False),
        ("https://a.org/\n", False),
        ("https://u:p@a.org/", False),
        ("ftp://a.org", False),
        ("", False),
    ],
)
def test_what_is_an_address(url, is_one):
    assert video_rooms.is_address(url) is is_one
