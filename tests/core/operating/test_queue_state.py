"""What an operator sees of the queue, and what failed in it tried once more."""

from datetime import UTC, datetime, timedelta

from core.delivery import queue, settling
from core.enums import DeliveryStatus, Event
from core.operating import queue_state
from core.operating.queue_state import Depth
from db.models.notification import Notification
from db.models.reminder import Reminder
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def test_what_waits_is_counted_by_kind_and_the_oldest_is_as_late_as_it_is(core, clock):
    await a_confirmed_lesson(core)
    made_at = clock.now
    clock.advance(minutes=7)
    (first, *_) = await tables.claim(core)
    async with core.begin() as work:
        await settling.as_retry(work, first, at=work.now + MINUTE, error="ServerError: 500")
    state = await seen(core)
    assert state.depths[0] == Depth("reminder", 4, 0)
    assert [depth for depth in state.depths if depth.due] == []
    assert state.oldest_due_at == made_at, "tried again, and late all the same"
    clock.advance(minutes=2)
    state = await seen(core)
    assert Depth("booking.created", 1, 1) in state.depths
    assert state.due == sum(depth.due for depth in state.depths) > 1


async def test_an_empty_queue_is_empty(core):
    assert await seen(core) == queue_state.QueueState((), None, ())


async def test_failures_of_the_last_day_are_counted_by_kind_without_their_words(core, clock):
    await a_confirmed_lesson(core)
    claimed = await tables.claim(core)
    async with core.begin() as work:
        for message in claimed:
            await settling.as_failed(work, message, error="BadRequest: words about somebody")
    assert (await seen(core)).failures == (("BadRequest", len(claimed)),)
    clock.advance(hours=24, seconds=1)
    assert (await seen(core)).failures == ()


async def test_what_failed_and_is_still_in_time_is_tried_again_with_as_many_tries(core, clock):
    await a_confirmed_lesson(core)
    clock.now = TOMORROW_AT_TEN - timedelta(hours=1)
    claimed = await tables.claim(core)
    async with core.begin() as work:
        for message in claimed:
            await settling.as_failed(work, message, error="BadRequest: no")
    clock.advance(minutes=20)
    in_time = [message for message in claimed if message.minutes_before is None or message.minutes_before == 60]
    assert await retried(core, limit=1) == 1
    assert await retried(core, limit=100) == len(in_time) - 1
    assert await retried(core, limit=100) == 0
    again = await tables.claim(core)
    in_due_time = {message.id for message in in_time if message.event is None}
    assert {message.id for message in again if message.event is None and message.minutes_before == 60} == in_due_time
    assert all(message.attempt == 2 for message in again if message.id in in_due_time and message.minutes_before == 60)
    assert all(message.max_attempts == 41 for message in again if message.minutes_before == 60)


async def test_a_reminder_beyond_its_grace_and_a_notice_of_the_day_before_stay_failed(core, clock):
    await a_confirmed_lesson(core)
    clock.now = TOMORROW_AT_TEN - timedelta(hours=1)
    for message in await tables.claim(core):
        async with core.begin() as work:
            await settling.as_failed(work, message, error="BadRequest: no")
    clock.advance(days=1)
    assert await retried(core, limit=100) == 0
    for model in (Reminder, Notification):
        assert DeliveryStatus.FAILED in {row.status for row in await tables.rows(core, model)}


async def test_a_limit_may_be_meant_for_both_kinds_together(core, clock):
    await a_confirmed_lesson(core)
    clock.now = TOMORROW_AT_TEN - timedelta(hours=1)
    taken = []
    while batch := await claimed_together(core, limit=3):
        assert len(batch) <= 3
        taken += batch
    assert len(taken) > 3
    assert {Event.BOOKING_CREATED, None} <= {message.event for message in taken}


async def a_confirmed_lesson(core) -> None:
    olena, ira = await builders.tutor(core), await builders.person(core)
    await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))


async def seen(core):
    async with core.read() as work:
        return await queue_state.state(work)


async def retried(core, *, limit):
    async with core.begin() as work:
        return await queue_state.retry_failed(work, limit=limit)


async def claimed_together(core, *, limit):
    async with core.begin() as work:
        return await queue.claim(work, limit=limit, is_total=True)
