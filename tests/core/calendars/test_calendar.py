"""A calendar shows what is one's own, on one's own dates, and nothing of anybody else."""

from datetime import UTC, date, datetime, time, timedelta

from core.calendars import calendar
from core.calendars.calendar import Day, Month, Week
from core.calendars.layout import Kind, Piece
from core.enums import ExceptionType
from core.hours import exceptions, tutor_slots
from core.hours.exceptions import ExceptionDates
from core.lessons import bookings, outcomes
from core.people.people import Actor
from core.pure.planning.values import Span
from core.startup import Core
from db.models.busy_time import BusyTime
from db.models.external_calendar import ExternalCalendar
from tests import builders
from tests.conftest import MONDAY, FrozenClock
from tests.core import tables

KYIV, NEW_YORK = "Europe/Kyiv", "America/New_York"
HOUR = timedelta(hours=1)
TUESDAY = date(2026, 11, 24)
TUESDAY_AT_TEN = datetime(2026, 11, 24, 8, tzinfo=UTC)  # in Kyiv


async def month(core: Core, person: Actor, month: date | None = None, timezone: str = KYIV) -> Month:
    async with core.read() as work:
        return await calendar.month(work, person_id=person.id, month=month, timezone=timezone)


async def week(core: Core, person: Actor, on: date | None = None, timezone: str = KYIV) -> Week:
    async with core.read() as work:
        return await calendar.week(work, person_id=person.id, on=on, timezone=timezone)


async def day(core: Core, person: Actor, on: date = TUESDAY, timezone: str = KYIV) -> Day:
    async with core.read() as work:
        return await calendar.day(work, person_id=person.id, on=on, timezone=timezone)


def told(shown: Day) -> list[tuple[Kind, float, str | None]]:
    return [(entry.kind, begins / HOUR, entry.title) for begins, entry in map(whole, shown.view.entries)]


def whole(piece: Piece) -> tuple:
    assert piece.entry
    return piece.begins, piece.entry


async def test_both_see_their_lesson_and_nobody_else_does(core: Core):
    olena, petro = await builders.tutor(core), await builders.tutor(core, "Петро")
    ira, max_ = await builders.person(core, "Іра"), await builders.person(core, "Макс")
    await builders.confirm(core, await builders.request(core, olena, ira, TUESDAY_AT_TEN))
    await builders.request(core, olena, max_, TUESDAY_AT_TEN + HOUR)
    assert told(await day(core, olena)) == [(Kind.LESSON, 10, "Іра"), (Kind.ASKED, 11, "Макс")]
    assert told(await day(core, ira)) == [(Kind.LESSON, 10, "Олена")]
    assert told(await day(core, max_)) == [(Kind.ASKED, 11, "Олена")]
    assert told(await day(core, petro)) == []


async def test_who_teaches_and_learns_sees_both_sides(core: Core):
    olena, petro = await builders.tutor(core), await builders.tutor(core, "Петро")
    await builders.request(core, petro, olena, TUESDAY_AT_TEN)
    await builders.request(core, olena, await builders.person(core), TUESDAY_AT_TEN + HOUR)
    shown = await day(core, olena)
    assert [(piece.entry.title, piece.entry.is_taught) for piece in shown.view.entries] == [
        ("Петро", False),
        ("Іра", True),
    ]


async def test_times_and_dates_are_the_readers(core: Core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await builders.request(core, olena, ira, datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert told(await day(core, ira, TUESDAY, NEW_YORK)) == [(Kind.ASKED, 3, "Олена")]
    assert told(await day(core, ira, TUESDAY, "Pacific/Honolulu")) == []
    assert told(await day(core, ira, date(2026, 11, 23), "Pacific/Honolulu")) == [(Kind.ASKED, 22, "Олена")]
    assert (await week(core, ira, timezone="Pacific/Honolulu")).today == date(2026, 11, 22)


async def test_past_days_tell_what_was_held_and_what_was_missed(core: Core, clock: FrozenClock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lessons = [
        await builders.confirm(core, await builders.request(core, olena, ira, TUESDAY_AT_TEN + hours * HOUR))
        for hours in range(4)
    ]
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lessons[3].id, actor_id=olena.id, reason="…")
    clock.now = TUESDAY_AT_TEN + 3 * HOUR
    async with core.begin() as work:
        await outcomes.no_show(work, booking_id=lessons[0].id, tutor_id=olena.id)
        await outcomes.complete(work, booking_id=lessons[1].id, actor_id=olena.id)
    assert [kind for kind, *_ in told(await day(core, olena))] == [Kind.MISSED, Kind.OVER, Kind.OVER]


async def test_a_tutor_sees_hours_days_off_blocked_times_and_those_of_other_calendars(core: Core):
    olena, petro = await builders.tutor(core), await builders.tutor(core, "Петро")
    off = ExceptionDates(ExceptionType.DAY_OFF, TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2))
    async with core.begin() as work:
        await exceptions.add(work, tutor_id=olena.id, exception=off)
        await tutor_slots.block(work, tutor_id=olena.id, meant=Span(TUESDAY_AT_TEN, TUESDAY_AT_TEN + HOUR))
        await tutor_slots.add_extra(
            work, tutor_id=olena.id, meant=Span(TUESDAY_AT_TEN + 10 * HOUR, TUESDAY_AT_TEN + 11 * HOUR)
        )
    await busy_elsewhere(core, olena, "Лікар")
    await busy_elsewhere(core, petro, "Чуже")
    shown = await day(core, olena)
    assert told(shown) == [(Kind.BLOCKED, 10, None), (Kind.ELSEWHERE, 14, "Лікар")]
    assert [(piece.begins / HOUR, piece.until / HOUR) for piece in shown.view.open] == [(9, 17), (20, 21)]
    days = (await week(core, olena)).days
    assert [one.on.day for one in days if one.is_day_off] == [25, 26]
    assert [one.on.day for one in days if one.open] == [23, 24, 27, 28, 29]
    marks = [mark for row in (await month(core, olena)).weeks for mark in row if mark]
    assert [mark.on.day for mark in marks if mark.is_day_off] == [25, 26]


async def test_a_day_off_of_the_tutor_is_on_the_readers_date(core: Core):
    """A tutor on a journey reads another zone but is off on the dates of the hours."""
    olena = await builders.tutor(core)
    async with core.begin() as work:
        await exceptions.add(
            work, tutor_id=olena.id, exception=ExceptionDates(ExceptionType.SICK_LEAVE, TUESDAY, TUESDAY)
        )
    for zone, on in ((NEW_YORK, 24), ("Pacific/Kiritimati", 25), ("Pacific/Pago_Pago", 23)):
        days = (await week(core, olena, TUESDAY, zone)).days
        assert [one.on.day for one in days if one.is_day_off] == [on]


async def test_the_hours_of_a_week_in_which_the_clock_is_set_back(core: Core, clock: FrozenClock):
    clock.now = datetime(2026, 10, 20, 8, tzinfo=UTC)
    olena = await builders.tutor(core, windows=[builders.WeeklyWindow(6, time(2), time(5))])
    sunday = (await week(core, olena, date(2026, 10, 25))).days[6]
    assert [(piece.begins / HOUR, piece.until / HOUR) for piece in sunday.open] == [(2, 5)]
    in_utc = (await week(core, olena, date(2026, 10, 25), "UTC")).days
    assert [(piece.begins / HOUR, piece.until / HOUR) for piece in in_utc[5].open] == [(23, 24)]
    assert [(piece.begins / HOUR, piece.until / HOUR) for piece in in_utc[6].open] == [(0, 3)]


async def test_a_full_month_takes_as_few_statements_as_an_empty_one(core: Core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    for days in range(1, 5):
        await builders.request(core, olena, ira, TUESDAY_AT_TEN + timedelta(days=days))
    async with core.read() as work:
        with tables.statements(work) as asked:
            await calendar.month(work, person_id=olena.id, month=None, timezone=KYIV)
            tutors = sum(one.startswith("SELECT") for one in asked)
            await calendar.month(work, person_id=ira.id, month=None, timezone=KYIV)
            students = sum(one.startswith("SELECT") for one in asked) - tutors
    assert (tutors, students) == (6, 2)
    marks = [mark for row in (await month(core, ira)).weeks for mark in row if mark and mark.asked]
    assert [mark.on.day for mark in marks] == [25, 26, 27, 28]


async def busy_elsewhere(core: Core, tutor: Actor, title: str) -> None:
    await tables.write(
        core, ExternalCalendar, id=tutor.id, tutor_id=tutor.id, name="…", next_sync_at=MONDAY, created_at=MONDAY
    )
    starts_at = TUESDAY_AT_TEN + 4 * HOUR
    await tables.write(
        core,
        BusyTime,
        calendar_id=tutor.id,
        tutor_id=tutor.id,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        title=title,
    )
