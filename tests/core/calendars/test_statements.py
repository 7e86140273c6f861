"""A month's statement is exact, and one's own."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.calendars import statements
from core.calendars.statements import Statement
from core.errors import NotATutor
from core.lessons import bookings, outcomes, packages
from core.lessons.lessons import LessonCard
from core.people.people import Actor
from core.startup import Core
from tests import builders
from tests.conftest import FrozenClock
from tests.core import tables

KYIV = "Europe/Kyiv"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY_AT_TEN = datetime(2026, 11, 24, 8, tzinfo=UTC)
CENTS = Decimal("333.33")


async def statement(core: Core, tutor: Actor, month: date | None = None, timezone: str = KYIV) -> Statement:
    async with core.read() as work:
        return await statements.month(work, tutor_id=tutor.id, month=month, timezone=timezone)


async def lesson(core: Core, olena: Actor, ira: Actor, starts_at: datetime) -> LessonCard:
    return await builders.confirm(core, await builders.request(core, olena, ira, starts_at))


async def test_only_what_was_held_or_charged_brings_money_each_currency_apart(core: Core, clock: FrozenClock):
    olena, petro, ira = await builders.tutor(core), await builders.tutor(core, "Петро"), await builders.person(core)
    await tables.arrange(core, olena, price=CENTS)
    each = [await lesson(core, olena, ira, TUESDAY_AT_TEN + number * HOUR) for number in range(6)]
    await tables.arrange(core, olena, price=Decimal(20), currency="USD")
    await lesson(core, olena, ira, TUESDAY_AT_TEN + DAY)
    await lesson(core, petro, ira, TUESDAY_AT_TEN + DAY + HOUR)
    clock.now = TUESDAY_AT_TEN - HOUR
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=each[3].id, actor_id=ira.id, charge_accepted=True)
        await bookings.cancel(work, booking_id=each[4].id, actor_id=ira.id, charge_accepted=True)
        await bookings.cancel(work, booking_id=each[5].id, actor_id=olena.id, reason="…")
    clock.now = TUESDAY_AT_TEN + 2 * DAY
    async with core.begin() as work:
        await outcomes.complete(work, booking_id=each[0].id, actor_id=olena.id)
        await outcomes.no_show(work, booking_id=each[2].id, tutor_id=olena.id)
        await outcomes.waive(work, booking_id=each[4].id, tutor_id=olena.id)
    shown = await statement(core, olena)
    assert shown.income == ((4 * CENTS, "UAH"), (Decimal(20), "USD"))
    assert (shown.held, shown.taught) == (3, 3 * HOUR)
    assert (shown.no_shows, shown.charged_late, shown.waived, shown.new_students) == (1, 1, 1, 1)
    assert [(day.on.day, day.held, day.missed) for day in shown.days if day.held] == [(24, 2, 1), (25, 1, 0)]


async def test_lessons_of_a_package_are_counted_apart(core: Core, clock: FrozenClock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(core, olena, price=CENTS)
    await lesson(core, olena, ira, TUESDAY_AT_TEN)
    package = packages.NewPackage(2, None, Decimal(500), "UAH")
    async with core.begin() as work:
        await packages.grant(work, tutor_id=olena.id, student_id=ira.id, after=0, package=package)
    await lesson(core, olena, ira, TUESDAY_AT_TEN + HOUR)
    clock.now = TUESDAY_AT_TEN + DAY
    shown = await statement(core, olena)
    assert (shown.held, shown.of_package, shown.income) == (2, 1, ((CENTS, "UAH"),))


async def test_a_lesson_belongs_to_the_readers_month_and_what_is_ahead_to_none(core: Core, clock: FrozenClock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await lesson(core, olena, ira, datetime(2026, 12, 1, 7, tzinfo=UTC))  # 30 November in Honolulu
    assert (await statement(core, olena, date(2026, 12, 1))).held == 0
    clock.now = datetime(2026, 12, 2, tzinfo=UTC)
    assert (await statement(core, olena)).held == 1
    in_honolulu = await statement(core, olena, date(2026, 11, 1), "Pacific/Honolulu")
    assert (in_honolulu.held, in_honolulu.days[-1].held, in_honolulu.new_students) == (1, 1, 1)
    assert (await statement(core, olena, date(2026, 12, 31), "Pacific/Honolulu")).held == 0


async def test_a_statement_is_for_who_teaches(core: Core):
    ira = await builders.person(core)
    with pytest.raises(NotATutor):
        await statement(core, ira)
