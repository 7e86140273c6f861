"""
Run SQLite statements on the event loop; only those that may block run in a thread.

aiosqlite sends every step of every statement to a thread and back, four trips through SQLAlchemy, and each trip costs
more than the statement: SQLite answers from memory in microseconds. Only beginning a writing transaction (another
program may hold the lock) and committing one (the disk) can take long: these two still go to the thread.

A reading transaction therefore never yields to the loop. So that many of them in a row don't block it, each begins in
its own turn of the loop, and the loop handles input between two turns.
"""

import asyncio
import sqlite3
from asyncio import AbstractEventLoop
from collections.abc import Iterable, Sequence
from typing import Any, Self
from weakref import WeakKeyDictionary

import aiosqlite

CHUNK = 64
BEGIN_TO_READ, BEGIN_TO_WRITE = "BEGIN", "BEGIN IMMEDIATE"
MAY_WAIT = (BEGIN_TO_WRITE, "PRAGMA")

_in_line: WeakKeyDictionary[AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


class Answer:
    """The part of a cursor that SQLAlchemy's adapter needs; after `execute` it has all rows in memory."""

    def __init__(self, connection: "ShortWay") -> None:
        self._connection = connection
        self._rows: Iterable[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        if sql.startswith(MAY_WAIT):
            await self._connection.in_thread(self._ask, False, sql, parameters)
            return self
        if sql == BEGIN_TO_READ:
            await _own_turn()
        self._ask(False, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        self._ask(True, sql, parameters)
        return self

    async def fetchall(self) -> Iterable[Any]:
        return self._rows

    async def close(self) -> None:
        """Do nothing: all rows are read already."""

    def _ask(self, many: bool, sql: str, parameters: Sequence[Any]) -> None:
        cursor = self._connection.plain.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(sql, parameters)
            self._rows = cursor.fetchall() if cursor.description else ()
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


class ShortWay(aiosqlite.Connection):
    """A connection. Only one transaction uses it at a time, so the loop and the thread never use it at once."""

    only_reads = False

    @property
    def plain(self) -> sqlite3.Connection:
        return self._conn

    def cursor(self) -> Answer:  # type: ignore[override]
        return Answer(self)

    async def in_thread(self, work: Any, *args: Any) -> None:
        await self._execute(work, *args)  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        if self.only_reads:
            self.plain.commit()
        else:
            await super().commit()

    async def rollback(self) -> None:
        self.plain.rollback()


async def _own_turn() -> None:
    """Wait for one turn of the loop, after one for each transaction that was here before."""
    async with _in_line.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        await asyncio.sleep(0)


def connect(database: str, **options: Any) -> ShortWay:
    """Open as aiosqlite.connect does; the thread ends with the program."""
    connection = ShortWay(lambda: sqlite3.connect(database, **(options | {"check_same_thread": False})), CHUNK)
    connection._thread.daemon = True  # noqa: SLF001
    return connection


def connect_to_read(database: str, **options: Any) -> ShortWay:
    """Open a connection that only reads: its commit has nothing to wait for, and runs on the loop."""
    connection = connect(database, **options)
    connection.only_reads = True
    return connection
