"""
Engines for both databases, one for writing and one that only reads.

SQLite has only one writer at a time, so it gets exactly one writing connection: writers wait in our pool, not in
SQLite's busy handler, which is unfair and slow. Readers work at the same time (WAL).

Errors hide their parameters, because errors are logged and parameters contain text that people wrote.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import NullPool, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from db import lost_connections, short_way
from db.settings import DatabaseSettings

SQLITE_READERS = 4
POOL_WAIT_SECONDS = 30
# If the server's machine is gone, there is no error: TCP waits 15 minutes, which is too long for reminders
CONNECTS_WITHIN = 10.0
ANSWERS_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Database:
    """The engines of one database. `writing()` and `reading()` make sessions; the caller closes them."""

    settings: DatabaseSettings
    writer: AsyncEngine
    reader: AsyncEngine
    writing: Callable[[], AsyncSession]
    reading: Callable[[], AsyncSession]

    @classmethod
    def open(cls, settings: DatabaseSettings) -> Self:
        writer, reader = _sqlite(settings) if is_sqlite(settings.url) else _postgresql(settings)
        return cls(settings, writer, reader, _sessions(writer), _sessions(reader))

    async def close(self) -> None:
        await self.writer.dispose()
        await self.reader.dispose()


@asynccontextmanager
async def migrating(database: Database) -> AsyncIterator[AsyncConnection]:
    """Open a writing transaction without a time limit for its statements."""
    if is_sqlite(database.settings.url):
        async with database.writer.begin() as connection:
            yield connection
        return
    engine = create_async_engine(
        database.settings.url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args=_to_postgresql(database.settings, None),
    )
    async with engine.begin() as connection:
        yield connection


def to_primary(settings: DatabaseSettings) -> dict[str, str]:
    """Connect to the primary of several hosts, unless the URL says otherwise: each host has its own locks."""
    asked = make_url(settings.url).query
    return {} if "target_session_attrs" in asked else {"target_session_attrs": "primary"}


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False)


def _postgresql(settings: DatabaseSettings) -> tuple[AsyncEngine, AsyncEngine]:
    engine = create_async_engine(
        settings.url,
        pool_size=settings.pool_size,
        max_overflow=settings.pool_size,
        hide_parameters=True,
        connect_args=_to_postgresql(settings, ANSWERS_WITHIN),
    )
    lost_connections.replace(engine.sync_engine)
    return engine, engine.execution_options(postgresql_readonly=True)


def _to_postgresql(settings: DatabaseSettings, answers_within: float | None) -> dict[str, Any]:
    server = {"application_name": "tutorbot", "timezone": "UTC"}
    limits = {"timeout": CONNECTS_WITHIN, "command_timeout": answers_within}
    return {"server_settings": server, **limits, **to_primary(settings)}


def _sqlite(settings: DatabaseSettings) -> tuple[AsyncEngine, AsyncEngine]:
    path = make_url(settings.url).database
    assert path, "an in-memory SQLite has one connection; this needs several"
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    writer = _sqlite_engine(settings, connections=1, begin=short_way.BEGIN_TO_WRITE, query_only=False)
    reader = _sqlite_engine(settings, connections=SQLITE_READERS, begin=short_way.BEGIN_TO_READ, query_only=True)
    return writer, reader


def _sqlite_engine(settings: DatabaseSettings, *, connections: int, begin: str, query_only: bool) -> AsyncEngine:
    engine = create_async_engine(
        settings.url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        hide_parameters=True,
        connect_args={"async_creator_fn": short_way.connect_to_read if query_only else short_way.connect},
    )

    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver would send BEGIN too late, and deferred
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {settings.sqlite_synchronous}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 5000")
        cursor.execute(f"PRAGMA query_only = {'ON' if query_only else 'OFF'}")
        cursor.close()

    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin_transaction)
    return engine
