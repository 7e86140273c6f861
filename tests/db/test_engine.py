"""What the engines promise: one writer at a time, readers that only read, references that hold."""

import asyncio
import socket
import sqlite3
from itertools import pairwise

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.startup import open_core
from db import engine, lost_connections, migrate
from db.engine import Database
from db.models.person import Person
from db.models.talk import Talk
from tests import builders
from tests.conftest import DATABASES
from tests.core import tables

NOBODY = 10**6

on_postgresql = pytest.mark.parametrize("database_settings", sorted({"postgresql"} & set(DATABASES)), indirect=True)


async def test_a_reference_to_nobody_is_refused(core, clock):
    with pytest.raises(IntegrityError):
        await tables.write(core, Talk, person_id=NOBODY, question="reason", draft={}, asked_at=clock.now)


async def test_who_is_deleted_takes_their_question_along(core, clock):
    ira = await builders.person(core)
    await tables.write(core, Talk, person_id=ira.id, question="reason", draft={}, asked_at=clock.now)
    async with core.begin() as work:
        await work.session.execute(text(f"DELETE FROM person WHERE id = {ira.id}"))

    assert await tables.rows(core, Talk) == []


async def test_a_reader_can_not_write_and_leaves_the_writer_able_to(core):
    ira = await builders.person(core)
    before = await tables.dump(core)

    for _ in range(6):
        with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
            await rename_while_reading(core, ira)
    assert await tables.dump(core) == before

    async with core.begin() as work:
        await work.session.execute(text(f"UPDATE person SET first_name = 'Ірина' WHERE id = {ira.id}"))
    assert [row.first_name for row in await tables.rows(core, Person)] == ["Ірина"]


async def test_a_reader_neither_waits_for_a_writer_nor_sees_the_unfinished(core):
    ira = await builders.person(core)
    async with core.begin() as work:
        await work.session.execute(text(f"UPDATE person SET first_name = 'Ірина' WHERE id = {ira.id}"))
        assert [row.first_name for row in await tables.rows(core, Person)] == ["Іра"]
    assert [row.first_name for row in await tables.rows(core, Person)] == ["Ірина"]


async def test_sqlite_writes_ahead_and_holds_references_on_both_sides(sqlite_database, clock):
    core = open_core(sqlite_database, clock=clock)
    for door in (core.begin, core.read):
        async with door() as work:
            found = [await work.session.scalar(text(f"PRAGMA {one}")) for one in ("journal_mode", "foreign_keys")]
        assert found == ["wal", 1]
    await core.close()


async def test_sqlite_begins_as_a_writer_before_the_first_statement(sqlite_database, clock):
    core = open_core(sqlite_database, clock=clock)
    other = sqlite3.connect(make_url(sqlite_database.url).database, timeout=0, isolation_level=None)
    async with core.begin():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()
    await core.close()


async def test_between_two_that_read_from_sqlite_what_comes_from_outside_has_its_turn(sqlite_database, clock):
    core = open_core(sqlite_database, clock=clock)
    ours, theirs = socket.socketpair()
    happened: list[str] = []

    def hear():
        ours.recv(1)
        happened.append("from outside")

    async def read(number):
        async with core.read() as work:
            await work.session.execute(text("SELECT count(*) FROM person"))
        happened.append(f"read {number}")
        theirs.send(b"!")

    asyncio.get_running_loop().add_reader(ours, hear)
    await asyncio.gather(*(read(number) for number in range(6)))
    asyncio.get_running_loop().remove_reader(ours)
    ours.close()
    theirs.close()
    await core.close()

    ends = sorted(happened.index(f"read {number}") for number in range(6))
    assert all("from outside" in happened[one:other] for one, other in pairwise(ends)), happened


async def test_who_waited_for_their_turn_to_write_reads_the_clock_afterwards(sqlite_database, clock):
    core = open_core(sqlite_database, clock=clock)
    waiting = asyncio.Event()

    async def write_second():
        waiting.set()
        async with core.begin() as work:
            return work.now

    async with core.begin():
        second = asyncio.create_task(write_second())
        await waiting.wait()
        clock.advance(minutes=5)
    assert await second == clock.now
    await core.close()


async def test_an_error_does_not_tell_what_people_wrote(core):
    for door in (core.begin, core.read):
        with pytest.raises(DBAPIError) as failed:
            async with door() as work:
                await work.session.execute(text("SELECT :words FROM nowhere"), {"words": "у мене мігрень"})
        assert "nowhere" in str(failed.value)
        assert "мігрень" not in str(failed.value)


@on_postgresql
async def test_a_connection_that_the_server_closed_is_replaced(core, database_settings, clock):
    lost = await idle_connection(core)
    assert await idle_connection(core) is lost
    operator = open_core(database_settings, clock=clock)
    async with operator.read() as work:
        await work.session.execute(text(f"SELECT pg_terminate_backend({lost.get_server_pid()})"))
    await operator.close()
    while not lost.is_closed():  # noqa: ASYNC110  its end is heard by the loop and told to nobody
        await asyncio.sleep(0)

    assert await tables.rows(core, Person) == []


@on_postgresql
async def test_a_connection_that_was_silent_for_long_is_asked_first(core, monkeypatch):
    lost = await idle_connection(core)
    monkeypatch.setattr(lost_connections, "SILENT_SECONDS", 0)
    lost._transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
    assert not lost.is_closed()

    assert await tables.rows(core, Person) == []


async def idle_connection(core):
    """The driver's connection that has just gone back into the pool."""
    async with core.read() as work:
        connection = await work.session.connection()
        return (await connection.get_raw_connection()).driver_connection


async def rename_while_reading(core, person):
    async with core.read() as work:
        await work.session.execute(text(f"UPDATE person SET first_name = 'Ірина' WHERE id = {person.id}"))


async def test_a_postgresql_that_does_not_answer_is_given_up(postgresql_database, clock, monkeypatch):
    monkeypatch.setattr(engine, "ANSWERS_WITHIN", 0.2)
    core = open_core(postgresql_database, clock=clock)
    with pytest.raises(TimeoutError):
        async with core.read() as work:
            await work.session.execute(text("SELECT pg_sleep(3600)"))
    await core.close()


async def test_a_migration_may_take_as_long_as_it_takes(postgresql_database, monkeypatch):
    monkeypatch.setattr(engine, "ANSWERS_WITHIN", 1e-6)
    database = Database.open(postgresql_database)
    await migrate.upgrade(database)
    await database.close()
