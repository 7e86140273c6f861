from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.errors import EmptyPeriod, NotATutor, NotFound, TooManyWindows
from core.hours import availability
from core.hours.availability import WeeklyWindow
from core.settings import Policies
from core.times import offers
from db.models.booking import Booking
from tests import builders
from tests.core import tables

MONDAY, TUESDAY = 0, 1
MORNING = WeeklyWindow(MONDAY, time(9), time(13))
EVENING = WeeklyWindow(MONDAY, time(15), time(19))
NIGHT = WeeklyWindow(TUESDAY, time(22), time(1))


@pytest.fixture
def policies() -> Policies:
    return Policies(max_windows=7)


async def hours(core, tutor):
    async with core.read() as work:
        return [window for _, window in (await availability.card(work, tutor_id=tutor.id)).windows]


async def test_a_week_is_told_by_day_and_time_and_doubles_are_dropped(core):
    olena = await builders.tutor(core, windows=[NIGHT, EVENING, MORNING, EVENING])

    assert await hours(core, olena) == [MORNING, EVENING, NIGHT]


async def test_a_new_week_replaces_the_old_one_of_this_tutor_only(core):
    olena = await builders.tutor(core, windows=[MORNING])
    ostap = await builders.tutor(core, "Остап", windows=[MORNING])

    async with core.begin() as work:
        await availability.set_week(work, tutor_id=olena.id, windows=[])

    assert await hours(core, olena) == []
    assert await hours(core, ostap) == [MORNING]


async def test_a_new_day_leaves_the_other_days(core):
    olena = await builders.tutor(core, windows=[MORNING, NIGHT])

    async with core.begin() as work:
        await availability.set_day(work, tutor_id=olena.id, weekday=MONDAY, windows=[EVENING])

    assert await hours(core, olena) == [EVENING, NIGHT]


async def test_a_day_refuses_hours_of_another_day(core):
    olena = await builders.tutor(core)
    with pytest.raises(AssertionError):
        async with core.begin() as work:
            await availability.set_day(work, tutor_id=olena.id, weekday=MONDAY, windows=[NIGHT])


async def test_a_window_added_twice_is_there_once(core):
    olena = await builders.tutor(core, windows=[MORNING])
    for _ in range(2):
        async with core.begin() as work:
            await availability.add_window(work, tutor_id=olena.id, window=EVENING)

    assert await hours(core, olena) == [MORNING, EVENING]


async def test_windows_added_at_once_are_all_kept(core):
    olena = await builders.tutor(core, windows=[])

    async def add(hour):
        async with core.begin() as work:
            window = WeeklyWindow(MONDAY, time(hour // 2), time(23))
            await availability.add_window(work, tutor_id=olena.id, window=window)

    await tables.race([add(hour) for hour in range(10)])

    assert [window.opens.hour for window in await hours(core, olena)] == [0, 1, 2, 3, 4]


async def test_a_window_is_removed_by_its_tutor_only_and_twice_is_no_matter(core):
    olena = await builders.tutor(core, windows=[MORNING, NIGHT])
    ostap = await builders.tutor(core, "Остап", windows=[])
    async with core.read() as work:
        first_id = (await availability.card(work, tutor_id=olena.id)).windows[0][0]

    async with core.begin() as work:
        await availability.remove_window(work, tutor_id=ostap.id, window_id=first_id)
    assert await hours(core, olena) == [MORNING, NIGHT]
    for _ in range(2):
        async with core.begin() as work:
            await availability.remove_window(work, tutor_id=olena.id, window_id=first_id)
    assert await hours(core, olena) == [NIGHT]


async def test_a_window_too_many_is_refused_and_the_week_stays(core):
    eight = [WeeklyWindow(TUESDAY, time(hour), time(hour + 1)) for hour in range(8)]
    olena = await builders.tutor(core, windows=eight[:7])
    before = await tables.dump(core)

    for attempt in (
        lambda work: availability.add_window(work, tutor_id=olena.id, window=eight[7]),
        lambda work: availability.set_week(work, tutor_id=olena.id, windows=eight),
    ):
        with pytest.raises(TooManyWindows):
            async with core.begin() as work:
                await attempt(work)

    assert await tables.dump(core) == before


async def test_who_is_no_tutor_has_no_week(core):
    ira = await builders.person(core)
    with pytest.raises(NotATutor):
        await hours(core, ira)
    with pytest.raises(NotATutor):
        async with core.begin() as work:
            await availability.set_week(work, tutor_id=ira.id, windows=[MORNING])


# One window


FRIDAY = date(2026, 11, 27)
TUESDAY_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


async def ids(core, tutor):
    async with core.read() as work:
        return [id_ for id_, _ in (await availability.card(work, tutor_id=tutor.id)).windows]


async def change(core, use_case, tutor, **facts):
    async with core.begin() as work:
        return await use_case(work, tutor_id=tutor.id, **facts)


async def free_days(core, tutor):
    async with core.read() as work:
        return (await offers.month(work, tutor_id=tutor.id, month=date(2026, 12, 1), timezone="Europe/Kyiv")).free_days


async def test_a_paused_window_is_not_offered_until_it_is_resumed(core):
    olena = await builders.tutor(core, windows=[MORNING])
    (window_id,) = await ids(core, olena)
    for _ in range(2):
        await change(core, availability.pause, olena, window_id=window_id)
    assert await hours(core, olena) == [replace(MORNING, is_active=False)]
    assert not await free_days(core, olena)

    await change(core, availability.resume, olena, window_id=window_id)
    assert await hours(core, olena) == [MORNING]
    assert await free_days(core, olena)


async def test_both_dates_of_a_window_are_taught_and_none_around_them(core):
    olena = await builders.tutor(core, windows=[MORNING])
    (window_id,) = await ids(core, olena)
    await change(core, availability.begin_on, olena, window_id=window_id, on=date(2026, 12, 7))
    await change(core, availability.end_on, olena, window_id=window_id, on=date(2026, 12, 14))

    assert {on.day for on in await free_days(core, olena)} == {7, 14}
    await change(core, availability.begin_on, olena, window_id=window_id, on=None)
    await change(core, availability.end_on, olena, window_id=window_id, on=None)
    assert {on.day for on in await free_days(core, olena)} == {7, 14, 21}


async def test_a_window_does_not_end_before_it_begins(core):
    olena = await builders.tutor(core, windows=[MORNING])
    (window_id,) = await ids(core, olena)
    await change(core, availability.begin_on, olena, window_id=window_id, on=FRIDAY)
    with pytest.raises(EmptyPeriod):
        await change(core, availability.end_on, olena, window_id=window_id, on=FRIDAY - timedelta(days=1))
    await change(core, availability.end_on, olena, window_id=window_id, on=FRIDAY)


async def test_a_window_of_another_tutor_is_not_found(core):
    olena = await builders.tutor(core, windows=[MORNING])
    ostap = await builders.tutor(core, "Остап", windows=[])
    (window_id,) = await ids(core, olena)
    before = await tables.dump(core)
    for use_case, facts in (
        (availability.window, {}),
        (availability.pause, {}),
        (availability.resume, {}),
        (availability.begin_on, {"on": FRIDAY}),
        (availability.end_on, {"on": FRIDAY}),
    ):
        with pytest.raises(NotFound):
            await change(core, use_case, ostap, window_id=window_id, **facts)
    assert await tables.dump(core) == before


async def test_a_day_is_copied_with_its_dates_and_pauses_in_place_of_the_others(core):
    summer = replace(EVENING, valid_from=FRIDAY)
    paused = replace(MORNING, is_active=False)
    olena = await builders.tutor(core, windows=[summer, paused, NIGHT, replace(NIGHT, weekday=2)])
    await change(core, availability.copy_day, olena, weekday=MONDAY, to=[MONDAY, TUESDAY, 5])

    assert await hours(core, olena) == [
        replace(window, weekday=weekday) for weekday in (0, 1) for window in (paused, summer)
    ] + [replace(NIGHT, weekday=2)] + [replace(window, weekday=5) for window in (paused, summer)]


async def test_a_copy_too_many_is_refused_whole(core):
    olena = await builders.tutor(core, windows=[MORNING, EVENING])
    before = await tables.dump(core)
    with pytest.raises(TooManyWindows):
        await change(core, availability.copy_day, olena, weekday=MONDAY, to=range(7))
    assert await tables.dump(core) == before


async def test_a_typed_week_leaves_windows_with_dates_and_paused_ones(core):
    summer = replace(EVENING, valid_from=FRIDAY)
    paused = replace(MORNING, is_active=False)
    olena = await builders.tutor(core, windows=[summer, paused, MORNING])
    await change(core, availability.set_week, olena, windows=[NIGHT])
    assert await hours(core, olena) == [paused, summer, NIGHT]
    await change(core, availability.set_day, olena, weekday=MONDAY, windows=[])
    assert await hours(core, olena) == [paused, summer, NIGHT]


async def test_a_change_tells_how_many_lessons_it_leaves_outside_and_they_stay(core):
    olena, ira = await builders.tutor(core, windows=[replace(MORNING, weekday=TUESDAY)]), await builders.person(core)
    for hour in (0, 1):
        await builders.request(core, olena, ira, TUESDAY_AT_TEN + timedelta(hours=hour))
    (window_id,) = await ids(core, olena)
    booked = await tables.rows(core, Booking)

    shorter = [WeeklyWindow(TUESDAY, time(9), time(11))]
    left = [
        await change(core, availability.pause, olena, window_id=window_id),
        await change(core, availability.pause, olena, window_id=window_id),
        await change(core, availability.resume, olena, window_id=window_id),
        await change(core, availability.begin_on, olena, window_id=window_id, on=FRIDAY),
        await change(core, availability.begin_on, olena, window_id=window_id, on=None),
        await change(core, availability.set_day, olena, weekday=TUESDAY, windows=shorter),
        await change(core, availability.set_week, olena, windows=[]),
    ]
    assert [each.left_outside for each in left] == [2, 0, 0, 2, 0, 1, 1]
    assert await tables.rows(core, Booking) == booked
