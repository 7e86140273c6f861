"""
Messages that were sent and may not be recorded in the database yet: a file to which the process appends at once.

A database takes time: SQLite's only writer may be busy, PostgreSQL's commit waits for the disk. A process killed
meanwhile would send the message twice. Appending waits for nobody and survives the process, though not a power cut.

    SQLite       beside the database, for its one process
    PostgreSQL   in the data folder, the first file that no other living process has locked
"""

import errno
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from db.engine import is_sqlite
from db.leader import FileInUse, locked
from db.settings import DatabaseSettings

logger = logging.getLogger(__name__)

LARGE = 64 * 1024
MOST_PROCESSES = 64
SENT, DONE = "sent", "done"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A message that was sent: its row and the claim that sent it. `due_at`, in ISO 8601, tells it from a row of an
    earlier database with the same id. `shows` is the lesson and the line of its history.
    """

    table: str
    row_id: int
    attempt: int
    due_at: str
    message_id: int | None
    shows: tuple[int, int] | None


class SentLog:
    """The log file. `left` are the entries that a dead process had not finished. Without a file it stores nothing."""

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = descriptor
        self._on_the_way = 0
        self.left: tuple[Entry, ...] = ()
        if descriptor is not None:
            os.lseek(descriptor, 0, os.SEEK_SET)  # Windows has no pread
            self.left = tuple(_left(os.read(descriptor, os.fstat(descriptor).st_size)))

    def note(self, entry: Entry) -> None:
        self._on_the_way += 1
        self._append([SENT, *astuple(entry)])

    def done(self, entry: Entry) -> None:
        """Mark the entry as finished: it is recorded in the database, or due again under a new claim."""
        self._on_the_way -= 1
        self._append([DONE, *_key(entry)])
        self._shorten(LARGE)

    def forget(self, entry: Entry) -> None:
        """Drop a leftover entry."""
        self.left = tuple(each for each in self.left if each != entry)
        self._shorten(0)

    def _append(self, line: list[Any]) -> None:
        if self._descriptor is None:
            return
        with _told():
            os.write(self._descriptor, b"\n" + json.dumps(line).encode())  # ends what a full disk cut off

    def _shorten(self, longest: int) -> None:
        if self._descriptor is None or self._on_the_way or self.left:
            return
        with _told():
            if os.fstat(self._descriptor).st_size > longest:
                os.ftruncate(self._descriptor, 0)


@contextmanager
def _told() -> Iterator[None]:
    """Only log an error of the file: it must not stop the delivery of messages."""
    try:
        yield
    except OSError as error:
        logger.warning("what was sent can't be noted: %s", error.strerror)


@contextmanager
def opened(settings: DatabaseSettings, folder: Path) -> Iterator[SentLog]:
    """Open the log file while the block runs; if no file can be written, continue without one."""
    try:
        descriptor = _first_free(settings, folder)
    except OSError as error:
        logger.warning("what is sent can't be noted in %s: %s", folder, error.strerror)
        yield SentLog()
        return
    try:
        _adopt(settings, folder, descriptor)
        yield SentLog(descriptor)
    finally:
        os.close(descriptor)


def _adopt(settings: DatabaseSettings, folder: Path, descriptor: int) -> None:
    """Take over the entries of other dead processes: perhaps not all of them are started again."""
    for path in _paths(settings, folder):
        if not path.exists():
            continue
        with suppress(FileInUse), _told():
            other = locked(path, os.O_APPEND)
            try:
                os.write(descriptor, os.read(other, os.fstat(other).st_size))
                os.ftruncate(other, 0)
            finally:
                os.close(other)


def _first_free(settings: DatabaseSettings, folder: Path) -> int:
    for path in _paths(settings, folder):
        try:
            return locked(path, os.O_APPEND)
        except FileInUse:
            continue
    raise OSError(errno.EAGAIN, "no file can be locked")


def _paths(settings: DatabaseSettings, folder: Path) -> Iterator[Path]:
    url = make_url(settings.url)
    if is_sqlite(settings.url):
        yield Path(f"{Path(url.database or '').resolve()}.sent")
        return
    database = hashlib.sha256(f"{url.host}:{url.port}/{url.database}?{url.query}".encode()).hexdigest()[:12]
    for number in range(MOST_PROCESSES):
        yield folder / f"{database}-{number}.sent"


def _left(octets: bytes) -> list[Entry]:
    noted: dict[tuple[str, int, int], Entry] = {}
    for line in octets.splitlines():
        match _read(line):
            case [str(said), table, row_id, attempt, due_at, message_id, shows] if said == SENT:
                entry = Entry(table, row_id, attempt, due_at, message_id, tuple(shows) if shows else None)
                noted[_key(entry)] = entry
            case [str(said), table, row_id, attempt] if said == DONE:
                noted.pop((table, row_id, attempt), None)
            case _:
                pass
    return list(noted.values())


def _read(line: bytes) -> Any:
    """Return None for a line that was cut off."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _key(entry: Entry) -> tuple[str, int, int]:
    return entry.table, entry.row_id, entry.attempt
