"""Both ways on both databases, and what they make is what the models say."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Inspector, inspect

import db.models
from db import migrate
from db.base import Base
from db.engine import Database
from db.settings import DatabaseSettings
from tests.conftest import DATABASES, postgresql_settings, sqlite_settings

assert db.models, "imported for the tables it registers"

REVISIONS = migrate.revisions()
VERSION_TABLE = "alembic_version"


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> list[DatabaseSettings]:
    return [sqlite_settings(tmp_path / f"{name}.sqlite3") for name in "ab"]


@pytest.fixture
async def empty_postgresql(postgresql: str) -> AsyncIterator[list[DatabaseSettings]]:
    names = [f"empty_{uuid.uuid4().hex}" for _ in "ab"]
    connection = await asyncpg.connect(postgresql.format(database="postgres"))
    for name in names:
        await connection.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
    yield [postgresql_settings(postgresql, name) for name in names]
    for name in names:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture(params=DATABASES)
def empty_settings(request: pytest.FixtureRequest) -> list[DatabaseSettings]:
    settings: list[DatabaseSettings] = request.getfixturevalue(f"empty_{request.param}")
    return settings


@pytest.fixture
async def empty(empty_settings: list[DatabaseSettings]) -> AsyncIterator[list[Database]]:
    """Two databases of one kind without any table."""
    databases = [Database.open(settings) for settings in empty_settings]
    yield databases
    for database in databases:
        await database.close()


async def test_each_revision_goes_up_down_and_up_again(empty):
    database = empty[0]
    for revision, previous in zip(REVISIONS, ["base", *REVISIONS], strict=False):
        before = await shape(database)
        await migrate.upgrade(database, revision)
        after = await shape(database)
        await migrate.downgrade(database, previous)
        assert await shape(database) == before
        await migrate.upgrade(database, revision)
        assert await shape(database) == after != before


async def test_the_way_down_ends_with_nothing(empty):
    database = empty[0]
    await migrate.upgrade(database)
    await migrate.downgrade(database, "base")

    assert await shape(database) == {}


async def test_migrating_what_is_migrated_changes_nothing(empty):
    database = empty[0]
    await migrate.upgrade(database)
    once = await shape(database)
    await migrate.upgrade(database)

    assert await shape(database) == once


async def test_migrations_make_what_the_models_say(empty):
    migrated, created = empty
    await migrate.upgrade(migrated)
    async with created.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)

    async with migrated.writer.begin() as connection:
        assert await connection.run_sync(differences) == []
    assert await shape(migrated) == await shape(created)


async def test_every_check_and_partial_index_of_the_models_is_in_the_database(empty):
    await migrate.upgrade(empty[0])
    found = await shape(empty[0])

    checks = {
        str(one.name)
        for table in Base.metadata.sorted_tables
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    partial = {
        str(index.name)
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
    }
    assert len(checks) > 20
    assert len(partial) == 8
    assert {name for table in found.values() for name in table["checks"]} == checks
    assert {name for table in found.values() for name, where in table["indexes"].items() if where[-1]} == partial


async def test_processes_that_start_at_once_migrate_once(empty_settings):
    databases = [Database.open(empty_settings[0]) for _ in range(4)]

    async with asyncio.timeout(30):
        await asyncio.gather(*[migrate.upgrade(database) for database in databases])

    async with databases[0].reader.connect() as connection:
        assert await connection.run_sync(revision_of) == REVISIONS[-1]
    for database in databases:
        await database.close()


async def test_alembic_on_the_command_line_finds_the_database_by_its_variable(tmp_path, monkeypatch):
    settings = sqlite_settings(tmp_path / "named.sqlite3")
    monkeypatch.setenv("TUTORBOT_DATABASE__URL", settings.url)

    await asyncio.to_thread(command.upgrade, migrate.config(), "head")

    database = Database.open(settings)
    async with database.reader.connect() as connection:
        assert await connection.run_sync(revision_of) == REVISIONS[-1]
    await database.close()


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, Base.metadata)


def revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def shape(database: Database) -> dict[str, dict[str, dict[str, object]]]:
    """All tables with their columns, checks and indexes, as the database itself tells them."""
    async with database.writer.begin() as connection:
        return await connection.run_sync(lambda sync: _shape(inspect(sync)))


def _shape(inspector: Inspector) -> dict[str, dict[str, dict[str, object]]]:
    return {
        table: {
            "columns": {one["name"]: (repr(one["type"]), one["nullable"]) for one in inspector.get_columns(table)},
            "checks": {one["name"]: one["sqltext"] for one in inspector.get_check_constraints(table)},
            "unique": {one["name"]: one["column_names"] for one in inspector.get_unique_constraints(table)},
            "keys": {
                one["name"]: (one["constrained_columns"], one["referred_table"], one["options"])
                for one in inspector.get_foreign_keys(table)
            },
            "indexes": {
                one["name"]: (one["column_names"], one["unique"], _where(one)) for one in inspector.get_indexes(table)
            },
        }
        for table in inspector.get_table_names()
        if table != VERSION_TABLE
    }


def _where(index) -> str | None:
    conditions = [str(value) for name, value in index.get("dialect_options", {}).items() if name.endswith("_where")]
    return conditions[0] if conditions else None
