from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.enums import ExceptionType, SlotStatus
from core.errors import NotATutor
from core.hours.availability import WeeklyWindow
from core.lessons import bookings
from core.people import tutors
from core.times import offers
from db.models.date_exception import DateException
from db.models.time_slot import TimeSlot
from tests import builders
from tests.core import tables

TUESDAY = date(2026, 11, 24)
TUESDAY_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BEFORE_THE_CLOCKS_GO_BACK = datetime(
    2026, 10, 24, 3, 0, tzinfo=UTC
)  # 6:00 in Kyiv, which changes at 01:00 UTC next day
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def times(core, tutor, on, timezone="Europe/Kyiv"):
    async with core.read() as work:
        offer = await offers.day(work, tutor_id=tutor.id, on=on, timezone=timezone)
    assert offer.on == on
    return [span.starts_at for span in offer.times]


async def month(core, tutor, shown=None, timezone="Europe/Kyiv"):
    async with core.read() as work:
        return await offers.month(work, tutor_id=tutor.id, month=shown, timezone=timezone)


async def next_free(core, tutor):
    async with core.read() as work:
        return await offers.next_free_time(work, tutor_id=tutor.id)


async def test_a_reader_elsewhere_sees_the_same_instants_on_their_own_date(core, clock):
    clock.now = BEFORE_THE_CLOCKS_GO_BACK
    olena = await builders.tutor(core)
    await tables.arrange(core, olena, min_booking_notice=timedelta(0))
    seen = {
        ("Europe/Kyiv", 24): [(24, hour) for hour in range(6, 14)],
        ("Europe/Kyiv", 25): [(25, hour) for hour in range(7, 15)],
        ("America/New_York", 25): [(25, hour) for hour in range(7, 15)],
        ("Pacific/Auckland", 25): [(24, 11), (24, 12), (24, 13), (25, 7), (25, 8), (25, 9), (25, 10)],
    }

    for (timezone, on), hours in seen.items():
        offered = await times(core, olena, date(2026, 10, on), timezone)
        assert offered == [datetime(2026, 10, day, hour, tzinfo=UTC) for day, hour in hours]


async def test_every_free_time_is_on_one_date_of_every_reader(core, clock):
    clock.now = BEFORE_THE_CLOCKS_GO_BACK
    late = [WeeklyWindow(weekday, time(22), time(1)) for weekday in range(7)]
    sina = await builders.tutor(core, "Сіна", timezone="Pacific/Pago_Pago", windows=late)
    await tables.arrange(core, sina, max_booking_advance=6)
    async with core.read() as work:
        free = await offers.count_free(work, tutor_id=sina.id, days=30)
    dates = [date(2026, 10, 22) + days * DAY for days in range(13)]

    for timezone in ("Europe/Kyiv", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"):
        seen = [at for on in dates for at in await times(core, sina, on, timezone)]
        assert len(seen) == len(set(seen)) == free
        assert seen == sorted(seen)


async def test_the_month_shows_the_days_of_the_reader_that_have_free_times(core, clock):
    clock.now = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
    olena = await builders.tutor(core, windows=[WeeklyWindow(0, time(9), time(10))])

    november, december = await month(core, olena), await month(core, olena, date(2026, 12, 24))

    assert (november.month, november.free_days) == (date(2026, 11, 1), {date(2026, 11, 30)})
    assert (november.has_before, november.has_after) == (False, True)
    assert december.free_days == {date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21), date(2026, 12, 28)}
    assert (december.has_before, december.has_after) == (True, False)
    assert december.next_free == november.next_free == await next_free(core, olena)


async def test_the_month_shown_first_is_that_of_the_next_free_time(core, clock):
    clock.now = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
    olena = await builders.tutor(core)

    assert (await month(core, olena)).month == date(2026, 12, 1)


async def test_a_free_time_in_the_readers_next_month_can_be_paged_to(core, clock):
    clock.now = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    olena = await builders.tutor(core, windows=[WeeklyWindow(0, time(22), time(23))])
    await tables.arrange(core, olena, max_booking_advance=29)

    november = await month(core, olena, date(2026, 11, 1), "Asia/Tokyo")

    assert november.has_after
    assert (await month(core, olena, date(2026, 12, 1), "Asia/Tokyo")).free_days == {date(2026, 12, 1)}


async def test_a_day_points_to_the_free_days_around_it(core):
    olena = await builders.tutor(core, windows=[WeeklyWindow(day, time(9), time(12)) for day in (1, 4)])

    async with core.read() as work:
        found = [
            await offers.day(work, tutor_id=olena.id, on=on, timezone="Europe/Kyiv")
            for on in (TUESDAY, TUESDAY + DAY, TUESDAY + 3 * DAY)
        ]

    assert [(len(offer.times), offer.before, offer.after) for offer in found] == [
        (3, None, TUESDAY + 3 * DAY),
        (0, TUESDAY, TUESDAY + 3 * DAY),
        (3, TUESDAY, TUESDAY + 7 * DAY),
    ]


async def test_a_tutor_without_hours_offers_nothing(core):
    olena = await builders.tutor(core, windows=[])

    offer = await month(core, olena)

    assert (offer.month, offer.free_days, offer.next_free) == (date(2026, 11, 1), frozenset(), None)
    assert await next_free(core, olena) is None


async def test_a_request_takes_its_time_and_the_buffers_around_it_from_the_list(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(core, olena, buffer_after=timedelta(minutes=1))
    free = await times(core, olena, TUESDAY)
    lesson = await builders.request(core, olena, ira, TUESDAY_AT_TEN)

    taken = [TUESDAY_AT_TEN + hours * HOUR for hours in (-1, 0, 1)]
    assert await times(core, olena, TUESDAY) == [at for at in free if at not in taken]

    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)
    assert await times(core, olena, TUESDAY) == free


async def test_a_tutor_who_learns_elsewhere_does_not_offer_that_time(core):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    await builders.request(core, ostap, olena, TUESDAY_AT_TEN)

    assert TUESDAY_AT_TEN not in await times(core, olena, TUESDAY)
    assert len(await times(core, olena, TUESDAY)) == 7


async def test_blocked_hours_are_not_offered_and_past_slots_change_nothing(core):
    olena = await builders.tutor(core)
    await make_slot(core, olena, TUESDAY_AT_TEN, SlotStatus.BLOCKED)
    await make_slot(core, olena, TUESDAY_AT_TEN + 2 * HOUR, SlotStatus.PAST)

    offered = await times(core, olena, TUESDAY)

    assert TUESDAY_AT_TEN not in offered
    assert TUESDAY_AT_TEN + 2 * HOUR in offered


async def test_an_extra_slot_is_offered_outside_the_hours(core):
    olena = await builders.tutor(core)
    evening = TUESDAY_AT_TEN + 9 * HOUR
    await make_slot(core, olena, evening, SlotStatus.AVAILABLE)

    assert (await times(core, olena, TUESDAY))[-1] == evening


async def test_a_day_off_offers_nothing_and_other_hours_replace_the_weekly_ones(core):
    olena = await builders.tutor(core)
    await make_exception(core, olena, TUESDAY, is_full_day=True)
    await make_exception(core, olena, TUESDAY + DAY, is_working=True, start_time=time(18), end_time=time(20))

    assert await times(core, olena, TUESDAY) == []
    assert await times(core, olena, TUESDAY + DAY) == [TUESDAY_AT_TEN + DAY + hours * HOUR for hours in (8, 9)]


async def test_the_next_free_time_moves_on_with_the_clock(core, clock):
    olena = await builders.tutor(core)
    first = await next_free(core, olena)
    assert first is not None
    assert first.starts_at == clock.now + 2 * HOUR

    clock.advance(hours=1)
    later = await next_free(core, olena)
    assert later is not None
    assert later.starts_at == first.starts_at + HOUR


async def test_times_are_counted_up_to_so_many_days_from_now(core):
    olena = await builders.tutor(core)
    async with core.read() as work:
        counts = [await offers.count_free(work, tutor_id=olena.id, days=days) for days in (0, 1, 2)]

    assert counts == [0, 6, 14]


async def test_who_does_not_teach_offers_nothing(core):
    ira = await builders.person(core)
    with pytest.raises(NotATutor):
        await times(core, ira, TUESDAY)


async def make_slot(core, tutor, starts_at, status):
    await tables.write(
        core,
        TimeSlot,
        tutor_id=tutor.id,
        date=starts_at.date(),
        start_time=starts_at.time(),
        end_time=(starts_at + HOUR).time(),
        start_datetime=starts_at,
        end_datetime=starts_at + HOUR,
        status=status,
        buffer_before=timedelta(0),
        buffer_after=timedelta(0),
        is_recurring=False,
    )


async def make_exception(core, tutor, on, **values):
    whole = {"is_full_day": False, "is_working": False, **values}
    await tables.write(
        core, DateException, tutor_id=tutor.id, exception_type=ExceptionType.OTHER, date=on, last_date=on, **whole
    )


async def test_many_tutors_asked_at_once_offer_what_each_offers_alone(core, clock):
    clock.now = BEFORE_THE_CLOCKS_GO_BACK
    kyiv, auckland, nowhere = [
        await builders.tutor(core, name, timezone=zone, windows=windows)
        for name, zone, windows in (
            ("Олена", "Europe/Kyiv", builders.EVERY_DAY_9_TO_17),
            ("Аніка", "Pacific/Auckland", [WeeklyWindow(day, time(22), time(2)) for day in range(7)]),
            ("Остап", "America/New_York", []),
        )
    ]
    late = await builders.tutor(core, "Марта", windows=[WeeklyWindow(2, time(9), time(12))])
    await tables.arrange(core, late, max_booking_advance=365, min_booking_notice=40 * DAY)
    await tables.arrange(core, kyiv, max_lessons_per_week=1)
    ira = await builders.person(core)
    await builders.request(core, kyiv, ira, clock.now + 6 * HOUR)
    everybody = (kyiv, auckland, nowhere, late)
    since = clock.now + DAY

    async with core.read() as work:
        asked = [await tutors.settings_of(work, one.id) for one in everybody]
        alone = {one.id: await offers.next_free_time(work, tutor_id=one.id) for one in everybody}
        assert await offers.next_free_times(work, asked) == {id_: span for id_, span in alone.items() if span}
        between = await offers.free_between(work, asked, since=since, until=since + 3 * DAY)
        assert await offers.free_between(work, [], since=since, until=since + DAY) == {}
    assert alone[nowhere.id] is None
    assert between.keys() == {kyiv.id, auckland.id}
    for one in (kyiv, auckland):
        offered = [at for days in range(5) for at in await times(core, one, date(2026, 10, 24) + days * DAY)]
        assert [span.starts_at for span in between[one.id]] == [at for at in offered if since <= at < since + 3 * DAY]
