"""What nobody needs any more goes, and nothing else."""

from datetime import UTC, datetime, timedelta

from core.delivery import settling
from core.enums import SlotStatus
from core.hours import tutor_slots
from core.lessons import outcomes
from core.operating import cleaning
from core.pure.planning.values import Span
from db.models.booking import Booking
from db.models.notification import Notification
from db.models.reminder import Reminder
from db.models.slot_hold import SlotHold
from db.models.talk import Talk
from db.models.time_slot import TimeSlot
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_times_are_past_when_they_are_over_and_slots_of_lessons_when_nothing_can_be_undone(core, clock):
    olena, _ = await a_lesson(core)
    async with core.begin() as work:
        await tutor_slots.block(work, tutor_id=olena.id, meant=Span(TOMORROW_AT_TEN + HOUR, TOMORROW_AT_TEN + 2 * HOUR))

    assert await marked(core) == 0
    clock.now = TOMORROW_AT_TEN + 2 * HOUR
    assert await marked(core) == 1
    clock.now = TOMORROW_AT_TEN + HOUR + timedelta(hours=72)
    assert await marked(core) == 0, "the lesson is still to be settled"
    await complete(core)
    assert await marked(core) == 1
    assert await marked(core) == 0
    assert {row.status for row in await tables.rows(core, TimeSlot)} == {SlotStatus.PAST}


async def test_what_is_old_goes_but_lessons_and_what_stands_stay(core, clock):
    olena, ira = await a_lesson(core)
    async with core.begin() as work:
        await tutor_slots.block(work, tutor_id=olena.id, meant=Span(TOMORROW_AT_TEN + HOUR, TOMORROW_AT_TEN + 2 * HOUR))
    await tables.write(core, Talk, person_id=ira.id, question="note", draft={}, asked_at=clock.now)
    await tell_all(core, clock)
    assert len(await tables.rows(core, Reminder)) == 4

    assert await cleaned(core) == 0
    clock.now = TOMORROW_AT_TEN + timedelta(hours=73)
    await complete(core)
    clock.advance(days=90)
    await marked(core)
    assert await cleaned(core) > 0
    assert await cleaned(core) == 0
    for gone in (Reminder, Notification, Talk, SlotHold):
        assert await tables.rows(core, gone) == []
    assert len(await tables.rows(core, Booking)) == 1
    assert [row.start_datetime for row in await tables.rows(core, TimeSlot)] == [TOMORROW_AT_TEN]


async def test_what_was_said_of_a_lesson_ahead_stays_however_old(core, clock):
    await a_lesson(core)
    await tell_all(core, clock)
    before = len(await tables.rows(core, Notification))
    clock.advance(days=91)  # nobody has settled it: it counts as standing
    await cleaned(core)
    assert len(await tables.rows(core, Notification)) == before > 0


async def a_lesson(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))
    return olena, ira


async def tell_all(core, clock) -> None:
    """Everything due until the lesson counts as sent."""
    began, clock.now = clock.now, TOMORROW_AT_TEN
    for claimed in await tables.claim(core):
        async with core.begin() as work:
            await settling.as_sent(work, claimed, message_id=1)
    clock.now = began


async def complete(core) -> None:
    async with core.begin() as work:
        for booking_id in await outcomes.unsettled(work):
            assert await outcomes.complete_by_time(work, booking_id=booking_id)


async def marked(core) -> int:
    async with core.begin() as work:
        return await cleaning.mark_past(work)


async def cleaned(core) -> int:
    async with core.begin() as work:
        return await cleaning.clean(work)
