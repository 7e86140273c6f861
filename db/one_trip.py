"""
SQLite statements in one trip to the driver's thread.

aiosqlite makes a trip each for opening a cursor, executing, fetching and closing; through SQLAlchemy that is four for a
statement, and the trips cost more than SQLite itself. Every result here is read whole anyway, so one trip does it all.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Self

import aiosqlite

CHUNK = 64


class Answer:
    """What SQLAlchemy's adapter needs of a cursor; it holds all rows once it has been executed."""

    def __init__(self, connection: "OneTrip") -> None:
        self._connection = connection
        self._rows: Iterable[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        await self._connection.run(self._ask, False, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        await self._connection.run(self._ask, True, sql, parameters)
        return self

    async def fetchall(self) -> Iterable[Any]:
        return self._rows

    async def close(self) -> None:
        """It was closed when it had been read."""

    def _ask(self, connection: sqlite3.Connection, many: bool, sql: str, parameters: Sequence[Any]) -> None:
        cursor = connection.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(sql, parameters)
            self._rows = cursor.fetchall() if cursor.description else ()
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


class OneTrip(aiosqlite.Connection):
    def cursor(self) -> Answer:  # type: ignore[override]
        return Answer(self)

    async def run(self, work: Any, *args: Any) -> None:
        """Call `work` with the plain connection in its own thread."""
        await self._execute(work, self._conn, *args)  # type: ignore[no-untyped-call]


def connect(database: str, **options: Any) -> OneTrip:
    """Open as aiosqlite.connect does; the thread ends with the program."""
    connection = OneTrip(lambda: sqlite3.connect(database, **options), CHUNK)
    connection._thread.daemon = True  # noqa: SLF001
    return connection
