"""
Choose the leader: the one process that receives updates.

    PostgreSQL   an advisory lock of a session: the server releases it when the process or its machine dies
    SQLite       a locked file beside the database: a second process can't start

The lock is held on a separate connection, since a pool closes and replaces its own.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from db.engine import Database, is_sqlite, to_primary
from db.settings import DatabaseSettings

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: nothing keeps two processes off one file there
    fcntl = None  # type: ignore[assignment]

KEY = 746173
HOLDER = f"""
    SELECT EXISTS (
        SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database AND datname = current_database()
        WHERE locktype = 'advisory' AND classid = 0 AND objid = {KEY} AND objsubid = 1 AND granted
    )
"""
ASKED_EVERY = 1.0
NO_ANSWER_AFTER = 5.0
# If the leader's machine is gone, the server notices within about ten seconds, not after TCP's default of two hours
KEEPALIVE = {
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",  # keepalives are not sent while an answer of the server is unacknowledged
}

Sleep = Callable[[float], Coroutine[Any, Any, None]]
Lost = asyncio.Task[None]


class FileInUse(Exception):
    """Another process uses this SQLite file."""


@asynccontextmanager
async def leading(
    settings: DatabaseSettings, *, on_wait: Callable[[], None], sleep: Sleep = asyncio.sleep
) -> AsyncIterator[Lost]:
    """
    Be the leader while the block runs. If another process is the leader, call `on_wait` once and wait.

    The block gets a task that ends only when the lead is lost: then leave the block at once.
    """
    if is_sqlite(settings.url):
        lost = asyncio.create_task(_never())
    else:
        connection = await _won(settings, on_wait, sleep)
        lost = asyncio.create_task(_until_lost(connection, sleep))
    try:
        yield lost
    finally:
        lost.cancel()
        await asyncio.gather(lost, return_exceptions=True)


@contextmanager
def alone(settings: DatabaseSettings) -> Iterator[None]:
    """Stop other processes from using this SQLite file; raises FileInUse. Does nothing for PostgreSQL."""
    path = make_url(settings.url).database if is_sqlite(settings.url) else None
    if path is None:
        yield
        return
    descriptor = locked(Path(f"{Path(path).resolve()}.lock"))
    try:
        yield
    finally:
        os.close(descriptor)


async def is_led(database: Database) -> bool | None:
    """Return whether some process is the leader; None for SQLite, which needs none."""
    if is_sqlite(database.settings.url):
        return None
    async with database.reader.connect() as connection:
        return bool((await connection.exec_driver_sql(HOLDER)).scalar_one())


def locked(path: Path, flags: int = 0) -> int:
    """Open and lock a file; raises FileInUse if another process has locked it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise FileInUse from None
    return descriptor


async def _won(settings: DatabaseSettings, on_wait: Callable[[], None], sleep: Sleep) -> AsyncConnection:
    """Try again and again until we have the lock, also while the server can't be reached."""
    server = {"application_name": "tutorbot leader", **KEEPALIVE}
    engine = create_async_engine(
        settings.url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"server_settings": server, **to_primary(settings)},
    )
    has_told = False
    while (connection := await _try(engine)) is None:
        if not has_told:
            on_wait()
            has_told = True
        await sleep(ASKED_EVERY)
    return connection


async def _try(engine: AsyncEngine) -> AsyncConnection | None:
    has_won = False
    try:
        connection = await engine.connect()
    except (DBAPIError, OSError):
        return None
    try:
        answer = await connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({KEY})")
        has_won = bool(answer.scalar_one())
    except (DBAPIError, OSError):
        return None
    finally:
        if not has_won:
            await connection.close()
    return connection if has_won else None


async def _until_lost(connection: AsyncConnection, sleep: Sleep) -> None:
    """Return when the connection, and with it the lock, is lost; if cancelled, release it, but not during a query."""
    asking: asyncio.Task[None] | None = None
    try:
        while True:
            await sleep(ASKED_EVERY)
            asking = asyncio.create_task(_ask(connection))
            await asyncio.shield(asking)
    except (DBAPIError, OSError, TimeoutError):
        return
    finally:
        if asking is not None:
            await asyncio.wait({asking})
        await connection.close()


async def _ask(connection: AsyncConnection) -> None:
    async with asyncio.timeout(NO_ANSWER_AFTER):
        await connection.exec_driver_sql("SELECT 1")


async def _never() -> None:
    await asyncio.Event().wait()
