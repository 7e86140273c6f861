"""A student says that they will be there."""

from datetime import UTC, datetime, timedelta

import pytest

from core.delivery import queue, settling
from core.enums import BookingAction, BookingStatus
from core.errors import AlreadySettled, LessonBegun, NotFound
from core.lessons import answers, moves
from core.people import reminders
from db.models.booking_history import BookingHistory
from tests import builders
from tests.core import tables

THURSDAY = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def pair(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    return olena, ira, await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY))


async def confirm(core, lesson, person):
    async with core.begin() as work:
        return await answers.attend(work, booking_id=lesson.id, student_id=person.id)


async def said(core):
    return [row.booking_id for row in await tables.rows(core, BookingHistory) if row.action == BookingAction.ATTENDING]


async def test_saying_it_twice_is_saying_it_once(core, clock):
    _, ira, lesson = await pair(core)
    assert (await confirm(core, lesson, ira)).answers.is_attending
    clock.now = THURSDAY + HOUR / 2
    assert (await confirm(core, lesson, ira)).answers.is_attending
    assert await said(core) == [lesson.id]


async def test_only_the_student_says_it_of_a_lesson_that_stands_ahead(core, clock):
    olena, ira, lesson = await pair(core)
    waiting = await builders.request(core, olena, ira, THURSDAY + 2 * HOUR)
    for who, which, refusal in ((olena, lesson, NotFound), (ira, waiting, AlreadySettled)):
        with pytest.raises(refusal):
            await confirm(core, which, who)
    clock.now = THURSDAY
    with pytest.raises(LessonBegun):
        await confirm(core, lesson, ira)
    assert await said(core) == []


async def test_a_time_that_the_tutor_moved_it_to_suits_who_will_be_there(core):
    olena, ira, lesson = await pair(core)
    await confirm(core, lesson, ira)
    async with core.begin() as work:
        moved = await moves.move(work, booking_id=lesson.id, actor_id=olena.id, starts_at=THURSDAY + HOUR)
    assert not moved.answers.is_attending
    assert (await confirm(core, moved, ira)).answers.is_attending
    with pytest.raises(AlreadySettled):
        async with core.begin() as work:
            await answers.refuse(work, booking_id=moved.id, student_id=ira.id)
    assert moved.status is BookingStatus.CONFIRMED


@pytest.mark.parametrize(
    ("wanted", "asked_at"), [((1440, 720, 60), {1440}), ((60,), set()), ((180, 60), {180}), ((4320, 720, 179), {720})]
)
async def test_the_first_reminder_hours_before_asks_the_student(core, clock, wanted, asked_at):
    olena, ira = await builders.tutor(core), await builders.person(core)
    async with core.begin() as work:
        for person in (olena, ira):
            await reminders.want_none(work, person_id=person.id)
            for minutes in wanted:
                await reminders.want(work, person_id=person.id, before=timedelta(minutes=minutes))
    clock.now = THURSDAY - 70 * HOUR
    await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY))
    asked = []
    for minutes in wanted:
        clock.now = max(clock.now, THURSDAY - timedelta(minutes=minutes))
        asked += [message for message in await messages(core) if message and message.asks]
    assert {message.to.id for message in asked} <= {ira.id}
    assert {message.minutes_before for message in asked} == asked_at


async def messages(core):
    async with core.begin() as work:
        due = await queue.claim(work, limit=100)
        told = [await queue.message(work, claimed) for claimed in due]
        for claimed in due:
            await settling.as_sent(work, claimed, message_id=1)
    return told
