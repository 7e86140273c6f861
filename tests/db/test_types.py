"""What a column refuses, and that what goes in comes out."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Enum, func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from core.enums import ExceptionType
from db.base import Base
from db.models.date_exception import DateException
from db.models.talk import Talk
from db.models.tutor_settings import TutorSettings
from tests import builders
from tests.core import tables

IN_A_WEEK = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


async def test_a_naive_instant_is_refused_not_guessed(core):
    ira = await builders.person(core)
    naive = datetime(2026, 11, 23, 8, 0)  # noqa: DTZ001

    with pytest.raises(StatementError, match="a naive datetime is not an instant"):
        await tables.write(core, Talk, person_id=ira.id, question="reason", draft={}, asked_at=naive)
    assert await tables.rows(core, Talk) == []


async def test_an_instant_of_any_zone_comes_back_as_the_same_one_in_utc(core):
    ira = await builders.person(core)
    asked_at = datetime(2026, 11, 23, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    await tables.write(core, Talk, person_id=ira.id, question="reason", draft={}, asked_at=asked_at)

    (row,) = await tables.rows(core, Talk)

    assert row.asked_at == asked_at
    assert row.asked_at.utcoffset() == timedelta(0)


async def test_a_length_that_is_not_whole_minutes_is_refused(core):
    olena = await builders.tutor(core)

    for length in (timedelta(seconds=59), timedelta(minutes=1, microseconds=1), timedelta(seconds=-1)):
        with pytest.raises(StatementError, match="not a whole number of minutes"):
            await tables.arrange(core, olena, buffer_after=length)


async def test_a_length_over_a_day_comes_back_whole(core):
    olena = await builders.tutor(core)
    await tables.arrange(core, olena, min_booking_notice=timedelta(days=3, hours=1, minutes=7), slot_step=None)

    (row,) = await tables.rows(core, TutorSettings)

    assert (row.min_booking_notice, row.slot_step) == (timedelta(days=3, hours=1, minutes=7), None)


async def test_an_amount_comes_back_exactly(core):
    olena = await builders.tutor(core)
    for amount in ("0.00", "0.01", "0.29", "1.10", "350.50", "99999999.99"):
        await tables.arrange(core, olena, price=Decimal(amount))
        (row,) = await tables.rows(core, TutorSettings)
        assert str(row.price) == amount


async def test_ten_and_twenty_cents_are_thirty(core):
    for price in ("0.10", "0.20"):
        await tables.arrange(core, await builders.tutor(core), price=Decimal(price))

    async with core.read() as work:
        total = await work.session.scalar(select(func.sum(TutorSettings.price)))

    assert str(total) == "0.30"


async def test_an_amount_that_is_not_whole_cents_is_refused(core):
    olena = await builders.tutor(core)

    for amount in ("0.105", "10.999", "-0.001", "NaN"):
        with pytest.raises(StatementError, match="not a whole number of cents"):
            await tables.arrange(core, olena, price=Decimal(amount))


async def test_a_price_below_nothing_is_refused(core):
    olena = await builders.tutor(core)

    with pytest.raises(IntegrityError, match="price_not_negative"):
        await tables.arrange(core, olena, price=Decimal("-0.01"))


async def test_a_word_outside_the_set_is_refused_by_the_database_itself(core):
    await a_row_everywhere(core)
    columns = [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum)
    ]
    assert len(columns) >= 12

    for table, column in columns:
        with pytest.raises(IntegrityError, match=f"ck_{table}_{column}"):
            await run(core, f"UPDATE {table} SET {column} = 'unheard'")


async def run(core, sql):
    async with core.begin() as work:
        await work.session.execute(text(sql))


async def a_row_everywhere(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await builders.confirm(core, await builders.request(core, olena, ira, IN_A_WEEK))
    off = {"date": date(2026, 12, 24), "last_date": date(2026, 12, 24), "is_full_day": True, "is_working": False}
    await tables.write(core, DateException, tutor_id=olena.id, exception_type=ExceptionType.HOLIDAY, **off)
