from datetime import time

import pytest

from core import availability
from core.availability import WeeklyWindow
from core.errors import NotATutor, TooManyWindows
from core.settings import Policies
from tests import builders
from tests.core import desk

MONDAY, TUESDAY = 0, 1
MORNING = WeeklyWindow(MONDAY, time(9), time(13))
EVENING = WeeklyWindow(MONDAY, time(15), time(19))
NIGHT = WeeklyWindow(TUESDAY, time(22), time(1))


@pytest.fixture
def policies() -> Policies:
    return Policies(max_windows=7)


async def hours(core, tutor):
    async with core.read() as work:
        return [window for _, window in (await availability.week(work, tutor_id=tutor.id)).windows]


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

    await desk.race([add(hour) for hour in range(10)])

    assert [window.opens.hour for window in await hours(core, olena)] == [0, 1, 2, 3, 4]


async def test_a_window_is_removed_by_its_tutor_only_and_twice_is_no_matter(core):
    olena = await builders.tutor(core, windows=[MORNING, NIGHT])
    ostap = await builders.tutor(core, "Остап", windows=[])
    async with core.read() as work:
        first_id = (await availability.week(work, tutor_id=olena.id)).windows[0][0]

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
    before = await desk.dump(core)

    for attempt in (
        lambda work: availability.add_window(work, tutor_id=olena.id, window=eight[7]),
        lambda work: availability.set_week(work, tutor_id=olena.id, windows=eight),
    ):
        with pytest.raises(TooManyWindows):
            async with core.begin() as work:
                await attempt(work)

    assert await desk.dump(core) == before


async def test_who_is_no_tutor_has_no_week(core):
    ira = await builders.person(core)
    with pytest.raises(NotATutor):
        await hours(core, ira)
    with pytest.raises(NotATutor):
        async with core.begin() as work:
            await availability.set_week(work, tutor_id=ira.id, windows=[MORNING])
