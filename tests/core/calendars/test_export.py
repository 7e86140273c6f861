"""Lessons for other calendars: what stands, of one person, under a secret that can be taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from core.calendars import export
from core.errors import NotFound
from core.lessons import bookings, moves
from tests import builders

TUESDAY_AT_TEN = datetime(2026, 11, 24, 8, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def between(core, person, since=TUESDAY_AT_TEN - DAY, until=TUESDAY_AT_TEN + 30 * DAY):
    async with core.read() as work:
        return await export.between(work, person_id=person.id, since=since, until=until)


async def test_both_sides_get_what_stands_and_nobody_elses(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    max_ = await builders.person(core, "Макс")
    agreed = await builders.confirm(core, await builders.request(core, olena, ira, TUESDAY_AT_TEN))
    asked = await builders.request(core, olena, max_, TUESDAY_AT_TEN + HOUR)
    gone = await builders.request(core, olena, ira, TUESDAY_AT_TEN + 2 * HOUR)
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=gone.id, actor_id=ira.id)

    assert [each.id for each in (await between(core, olena)).lessons] == [agreed.id, asked.id]
    assert [each.id for each in (await between(core, ira)).lessons] == [agreed.id]
    assert (await between(core, olena, since=TUESDAY_AT_TEN + HOUR, until=TUESDAY_AT_TEN + HOUR)).lessons == ()
    assert [each.id for each in (await between(core, olena, since=TUESDAY_AT_TEN + HOUR)).lessons] == [asked.id]


async def test_a_move_request_is_no_second_entry_and_a_move_is_the_same_one(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    agreed = await builders.confirm(core, await builders.request(core, olena, ira, TUESDAY_AT_TEN + 3 * DAY))
    async with core.begin() as work:
        await moves.move(work, booking_id=agreed.id, actor_id=ira.id, starts_at=TUESDAY_AT_TEN + 4 * DAY)
    assert [each.id for each in (await between(core, ira)).lessons] == [agreed.id]

    clock.advance(minutes=5)
    async with core.begin() as work:
        moved = await moves.move(work, booking_id=agreed.id, actor_id=olena.id, starts_at=TUESDAY_AT_TEN + 5 * DAY)
    exported = await between(core, ira)
    [entry] = exported.lessons
    assert (entry.id, entry.uid) == (moved.id, agreed.uid)
    assert entry.sequence > agreed.sequence
    assert exported.changed_at[moved.id] == clock.now


async def test_an_address_leads_to_its_owner_until_it_is_closed(core):
    olena, ira = await builders.tutor(core), await builders.person(core, timezone="Europe/Warsaw", language="en")
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TUESDAY_AT_TEN))
    async with core.begin() as work:
        code = await export.open_address(work, person_id=ira.id)
        assert await export.open_address(work, person_id=ira.id) == code
        assert await export.open_address(work, person_id=olena.id) != code
    async with core.read() as work:
        followed = await export.followed(work, code=code)
    assert (followed.person_id, followed.language, followed.timezone) == (ira.id, "en", "Europe/Warsaw")
    assert [each.id for each in followed.exported.lessons] == [lesson.id]

    async with core.begin() as work:
        await export.close_address(work, person_id=ira.id)
        assert await export.code(work, person_id=ira.id) is None
        assert await export.open_address(work, person_id=ira.id) != code
    for wrong in (code, "", "x" * 200):
        async with core.read() as work:
            with pytest.raises(NotFound):
                await export.followed(work, code=wrong)


async def test_who_is_not_there_has_no_address(core):
    async with core.begin() as work:
        with pytest.raises(NotFound):
            await export.open_address(work, person_id=10**6)
