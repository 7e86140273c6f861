from datetime import UTC, datetime, timedelta

import pytest

from core import bookings, outbox
from core.enums import BookingStatus, Event
from core.errors import TimeTaken
from tests import builders

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


async def test_a_request_holds_the_time_and_the_tutor_hears_of_it(core):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")

    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    assert lesson.status is BookingStatus.PENDING
    with pytest.raises(TimeTaken):
        await builders.request(core, olena, max_, TOMORROW_AT_TEN)
    async with core.begin() as work:
        claimed = await outbox.claim(work, limit=10)
    assert [(c.event, c.recipient_id) for c in claimed] == [(Event.BOOKING_CREATED, olena.id)]


async def test_a_confirmed_lesson_reminds_both_sides_at_each_distance(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN + timedelta(days=2)))

    clock.now = lesson.starts_at
    async with core.begin() as work:
        claimed = await outbox.claim(work, limit=10)

    reminders = {(c.minutes_before, c.recipient_id) for c in claimed if c.event is None}
    assert reminders == {(m, p.id) for m in (1440, 60, 15) for p in (olena, ira)}


async def test_a_cancelled_time_is_free_again(core):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))

    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)

    again = await builders.request(core, olena, max_, TOMORROW_AT_TEN)
    assert again.status is BookingStatus.PENDING
