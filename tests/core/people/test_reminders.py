"""Each person is reminded of a lesson as they want."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest

from core.delivery import queue, settling
from core.enums import DeliveryStatus, Event
from core.errors import BadReminder, EmptyPeriod, TooManyReminders
from core.lessons import bookings
from core.people import people, reminders
from db.models.reminder import Reminder
from tests import builders
from tests.core import tables

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
THURSDAY_AT_NINE = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)  # in Kyiv
NIGHT = (time(22), time(8))


async def pair(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY_AT_NINE))
    return olena, ira, lesson


async def want(core, person, *minutes):
    """Exactly these."""
    async with core.begin() as work:
        await reminders.want_none(work, person_id=person.id)
        for each in minutes:
            await reminders.want(work, person_id=person.id, before=each * MINUTE)


async def be_quiet(core, person, hours=NIGHT):
    async with core.begin() as work:
        await reminders.be_quiet(work, person_id=person.id, hours=hours)


async def planned(core, person):
    """Minutes before, and how long before it really comes."""
    waiting = [row for row in await tables.rows(core, Reminder) if row.status is DeliveryStatus.PENDING]
    mine = [row for row in waiting if row.recipient_id == person.id]
    return sorted(
        ((row.minutes_before, (THURSDAY_AT_NINE - row.scheduled_for) // MINUTE) for row in mine), reverse=True
    )


async def distances(core, person):
    return [minutes for minutes, _ in await planned(core, person)]


async def send_due(core):
    async with core.begin() as work:
        for claimed in await queue.claim(work, limit=100):
            await settling.as_sent(work, claimed, message_id=1)


async def test_each_side_keeps_a_list_of_its_own(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await want(core, ira, 2880, 30)
    await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY_AT_NINE))
    assert await distances(core, ira) == [2880, 30]
    assert await distances(core, olena) == [1440, 60, 15]


async def test_lessons_ahead_follow_what_is_wanted_now(core):
    olena, ira, _ = await pair(core)
    async with core.begin() as work:
        await reminders.want(work, person_id=ira.id, before=3 * HOUR)
        await reminders.want_no_more(work, person_id=ira.id, before=HOUR)
    assert await distances(core, ira) == [1440, 180, 15]
    await want(core, ira)
    assert await distances(core, ira) == []
    async with core.begin() as work:
        preferences = await reminders.want_as_usual(work, person_id=ira.id)
    assert preferences.is_as_usual
    assert await distances(core, ira) == await distances(core, olena) == [1440, 60, 15]


async def test_wanting_twice_is_wanting_once(core):
    _, ira, _ = await pair(core)
    await want(core, ira, 45, 45)
    assert await distances(core, ira) == [45]


async def test_what_was_sent_is_not_sent_again(core, clock):
    _, ira, _ = await pair(core)
    await be_quiet(core, ira, (time(8), time(10)))
    assert await planned(core, ira) == [(1440, 25 * 60), (15, 60)]
    clock.now = THURSDAY_AT_NINE - DAY - HOUR / 2
    await send_due(core)
    await be_quiet(core, ira, None)
    assert 1440 not in await distances(core, ira)


async def test_what_is_due_already_is_left_on_its_way(core, clock):
    _, ira, _ = await pair(core)
    clock.now = THURSDAY_AT_NINE - DAY
    async with core.begin() as work:
        claimed = await queue.claim(work, limit=100)
    await want(core, ira, 30)
    assert await distances(core, ira) == [1440, 30]
    async with core.begin() as work:
        for each in claimed:
            await settling.as_sent(work, each, message_id=1)
    assert await distances(core, ira) == [30]


async def test_a_quiet_night_moves_reminders_before_it_and_a_new_zone_moves_the_night(core):
    _, ira, _ = await pair(core)
    await want(core, ira, 1440, 120)
    await be_quiet(core, ira)
    assert await planned(core, ira) == [(1440, 1440), (120, 11 * 60)]
    async with core.begin() as work:
        await people.choose_timezone(work, person_id=ira.id, timezone="America/New_York")
    assert await planned(core, ira) == [(1440, 28 * 60), (120, 4 * 60)]


async def test_a_cancelled_lesson_is_not_planned_anew(core):
    _, ira, lesson = await pair(core)
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)
    await want(core, ira, 30)
    assert await distances(core, ira) == []


@pytest.mark.parametrize("before", [timedelta(0), 4 * MINUTE, -HOUR, 14 * DAY + MINUTE, 5.5 * MINUTE])
async def test_a_distance_out_of_bounds_is_refused(core, before):
    ira = await builders.person(core)
    with pytest.raises(BadReminder):
        async with core.begin() as work:
            await reminders.want(work, person_id=ira.id, before=before)


async def test_there_is_room_for_six(core):
    ira = await builders.person(core)
    await want(core, ira, 5, 10, 15, 20, 25, 14 * 1440)
    await want(core, ira, 5, 10, 15, 20, 25, 30)
    with pytest.raises(TooManyReminders):
        async with core.begin() as work:
            await reminders.want(work, person_id=ira.id, before=HOUR)


async def test_quiet_hours_that_end_as_they_begin_are_refused(core):
    ira = await builders.person(core)
    with pytest.raises(EmptyPeriod):
        await be_quiet(core, ira, (time(8), time(8)))


async def test_notices_are_told_in_quiet_hours_as_such(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await be_quiet(core, ira)
    await be_quiet(core, olena, (time(12), time(13)))
    clock.now = THURSDAY_AT_NINE - 2 * DAY - 4 * HOUR
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY_AT_NINE))
    messages = [await message(core, claimed) for claimed in await tables.claim(core)]
    assert {(told.event, told.to.id, told.to.is_quiet) for told in messages if told} == {
        (Event.BOOKING_CREATED, olena.id, False),
        (Event.BOOKING_CONFIRMED, ira.id, True),
    }
    assert lesson.starts_at == THURSDAY_AT_NINE


async def message(core, claimed):
    async with core.read() as work:
        return await queue.message(work, claimed)


async def test_choosing_while_the_tutor_confirms_reminds_as_chosen(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    for day in range(4):
        lesson = await builders.request(core, olena, ira, THURSDAY_AT_NINE + day * DAY)
        await asyncio.gather(builders.confirm(core, lesson), want(core, ira, 30 + day))
        mine = [row for row in await tables.rows(core, Reminder) if row.recipient_id == ira.id]
        assert {row.minutes_before for row in mine if row.status is DeliveryStatus.PENDING} == {30 + day}
        assert len(mine) == day + 1
