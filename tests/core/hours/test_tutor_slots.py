"""A tutor's day, slot by slot: blocked and extra slots, and never over a lesson."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.enums import SlotStatus
from core.errors import EmptyPeriod, LessonConflict, NotATutor, PeriodPassed, TimeTaken, TimeTooFarAhead, TooManyTimes
from core.hours import tutor_slots
from core.hours.tutor_slots import State
from core.pure.planning.values import Span
from core.times import offers
from db.models.time_slot import TimeSlot
from tests import builders
from tests.core import tables

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
TUESDAY_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(opens, closes, on=TUESDAY):
    return tutor_slots.span("Europe/Kyiv", on, time(opens), time(closes))


async def change(core, use_case, tutor, **facts):
    async with core.begin() as work:
        await use_case(work, tutor_id=tutor.id, **facts)


async def day(core, tutor, on=TUESDAY):
    async with core.read() as work:
        shown = await tutor_slots.day(work, tutor_id=tutor.id, on=on)
    return [(card.span.starts_at.hour + 2, card.state) for card in shown.slots]


async def offered(core, tutor, on=TUESDAY):
    async with core.read() as work:
        offer = await offers.day(work, tutor_id=tutor.id, on=on, timezone="Europe/Kyiv")
    return [(span.starts_at.hour + 2, span.ends_at.hour + 2) for span in offer.times]


async def test_a_day_shows_what_is_free_asked_booked_blocked_and_extra(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TUESDAY_AT_TEN)
    await builders.confirm(core, await builders.request(core, olena, ira, TUESDAY_AT_TEN + 2 * HOUR))
    await change(core, tutor_slots.block, olena, meant=at(13, 15))
    await change(core, tutor_slots.add_extra, olena, meant=at(18, 20))

    assert await day(core, olena) == [
        (9, State.FREE),
        (10, State.ASKED),
        (11, State.FREE),
        (12, State.BOOKED),
        (13, State.BLOCKED),
        (15, State.FREE),
        (16, State.FREE),
        (18, State.EXTRA),
    ]
    async with core.read() as work:
        shown = await tutor_slots.day(work, tutor_id=olena.id, on=TUESDAY)
    assert (shown.timezone, shown.on, shown.today) == ("Europe/Kyiv", TUESDAY, MONDAY)
    assert (shown.slots[1].booking_id, shown.slots[1].student_name) == (lesson.id, "Іра")
    assert await offered(core, olena) == [(9, 10), (11, 12), (15, 16), (16, 17), (18, 20)]


async def test_free_is_shown_regardless_of_notice_horizon_and_limits_and_past_days_are_today(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(
        core, olena, max_lessons_per_day=1, max_booking_advance=1, min_booking_notice=timedelta(hours=3)
    )
    await builders.request(core, olena, ira, TUESDAY_AT_TEN)
    assert len(await day(core, olena)) == 8
    assert len(await day(core, olena, date(2027, 6, 1))) == 8
    assert (await day(core, olena, date(2000, 1, 1)))[0] == (11, State.FREE)


async def test_what_is_blocked_is_not_offered_until_it_is_unblocked(core):
    olena = await builders.tutor(core)
    for _ in range(2):
        await change(core, tutor_slots.block, olena, meant=at(9, 16))
    await change(core, tutor_slots.block, olena, meant=at(10, 12))
    (row,) = await tables.rows(core, TimeSlot)
    assert row.status is SlotStatus.BLOCKED
    assert (row.date, row.start_time, row.end_time) == (TUESDAY, time(9), time(16))
    assert await offered(core, olena) == [(16, 17)]
    for _ in range(2):
        await change(core, tutor_slots.unblock, olena, slot_id=row.id)
    assert len(await offered(core, olena)) == 8


async def test_an_extra_slot_is_offered_in_its_own_length_and_withdrawn(core):
    olena, ira = await builders.tutor(core, windows=[]), await builders.person(core)
    for _ in range(2):
        await change(core, tutor_slots.add_extra, olena, meant=at(18, 20))
    assert await offered(core, olena) == [(18, 20)]
    lesson = await builders.request(core, olena, ira, at(18, 20).starts_at)
    assert lesson.ends_at - lesson.starts_at == 2 * HOUR
    assert await day(core, olena) == [(18, State.ASKED)]

    slot_id = next(row.id for row in await tables.rows(core, TimeSlot) if row.status is SlotStatus.AVAILABLE)
    await change(core, tutor_slots.remove_extra, olena, slot_id=slot_id)
    assert [row.status for row in await tables.rows(core, TimeSlot)] == [SlotStatus.BOOKED]


@pytest.mark.parametrize("use_case", [tutor_slots.block, tutor_slots.add_extra])
async def test_nothing_is_changed_over_a_lesson_in_the_past_or_nowhere(core, clock, use_case):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await builders.request(core, olena, ira, TUESDAY_AT_TEN)
    before = await tables.dump(core)
    for meant, refusal in (
        (at(9, 11), LessonConflict),
        (at(10, 11), LessonConflict),
        (at(22, 12, MONDAY), LessonConflict),
        (at(7, 9, MONDAY), PeriodPassed),
        (Span(TUESDAY_AT_TEN, TUESDAY_AT_TEN), EmptyPeriod),
    ):
        with pytest.raises(refusal):
            await change(core, use_case, olena, meant=meant)
    assert await tables.dump(core) == before
    await change(core, use_case, olena, meant=at(11, 12))


async def test_hours_that_have_begun_can_be_blocked_and_not_opened(core):
    olena = await builders.tutor(core)  # it is ten o'clock on Monday
    with pytest.raises(PeriodPassed):
        await change(core, tutor_slots.add_extra, olena, meant=at(9, 12, MONDAY))
    await change(core, tutor_slots.block, olena, meant=at(9, 13, MONDAY))
    assert [hour for hour, state in await day(core, olena, MONDAY) if state is State.FREE] == [13, 14, 15, 16]


async def test_a_time_is_not_opened_over_what_is_blocked(core):
    olena = await builders.tutor(core)
    await change(core, tutor_slots.block, olena, meant=at(12, 14))
    with pytest.raises(TimeTaken):
        await change(core, tutor_slots.add_extra, olena, meant=at(13, 15))


async def test_a_lesson_and_a_block_at_once_never_both_stand(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.race(
        [
            builders.request(core, olena, ira, TUESDAY_AT_TEN),
            change(core, tutor_slots.block, olena, meant=at(9, 12)),
        ]
    )
    assert len(await tables.rows(core, TimeSlot)) == 1


async def test_of_two_equal_clock_times_the_first_is_meant_and_a_missing_one_is_nothing():
    twice = tutor_slots.span("Europe/Kyiv", date(2026, 10, 25), time(3), time(4))
    assert twice.ends_at - twice.starts_at == 2 * HOUR
    missing = tutor_slots.span("Europe/Kyiv", date(2026, 3, 29), time(3), time(4))
    assert missing.ends_at == missing.starts_at


@pytest.mark.parametrize("status", [SlotStatus.BLOCKED, SlotStatus.AVAILABLE])
async def test_what_another_tutor_wrote_down_stays(core, status):
    olena, ostap, ira = await builders.tutor(core), await builders.tutor(core, "Остап"), await builders.person(core)
    write = tutor_slots.block if status is SlotStatus.BLOCKED else tutor_slots.add_extra
    remove = tutor_slots.unblock if status is SlotStatus.BLOCKED else tutor_slots.remove_extra
    other_remove = tutor_slots.remove_extra if status is SlotStatus.BLOCKED else tutor_slots.unblock
    await change(core, write, olena, meant=at(12, 14))
    (row,) = await tables.rows(core, TimeSlot)
    before = await tables.dump(core)

    await change(core, remove, ostap, slot_id=row.id)
    await change(core, other_remove, olena, slot_id=row.id)
    for stranger in (ira, None):
        with pytest.raises(NotATutor):
            async with core.begin() as work:
                await remove(work, tutor_id=stranger.id if stranger else 10**6, slot_id=row.id)
        with pytest.raises(NotATutor):
            async with core.begin() as work:
                await write(work, tutor_id=stranger.id if stranger else 10**6, meant=at(15, 16))
        with pytest.raises(NotATutor):
            async with core.begin() as work:
                await tutor_slots.day(work, tutor_id=stranger.id if stranger else 10**6, on=TUESDAY)
    assert await tables.dump(core) == before


@pytest.mark.parametrize("use_case", [tutor_slots.block, tutor_slots.add_extra])
async def test_only_so_many_times_are_kept_ahead(core, use_case, monkeypatch):
    monkeypatch.setattr(tutor_slots, "MOST_AHEAD", 2)
    olena = await builders.tutor(core)
    for opens in (18, 20):
        await change(core, use_case, olena, meant=at(opens, opens + 1))
    with pytest.raises(TooManyTimes):
        await change(core, use_case, olena, meant=at(22, 23))
    await change(core, use_case, olena, meant=at(18, 19))
    other = {tutor_slots.block: tutor_slots.add_extra, tutor_slots.add_extra: tutor_slots.block}[use_case]
    await change(core, other, olena, meant=at(22, 23))


@pytest.mark.parametrize("use_case", [tutor_slots.block, tutor_slots.add_extra])
async def test_a_time_is_kept_a_year_ahead_at_most(core, use_case):
    olena = await builders.tutor(core)
    await change(core, use_case, olena, meant=at(10, 11, MONDAY + timedelta(days=365)))
    with pytest.raises(TimeTooFarAhead):
        await change(core, use_case, olena, meant=at(10, 11, MONDAY + timedelta(days=366)))
