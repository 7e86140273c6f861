"""
The sandbox's memory on disk: one line per commit, each a JSON list of changes.

A commit is one write, so a killed process leaves whole lines and at most one torn line at the end, whose
changes nobody had been told of. The file is rewritten at each start.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.sandbox.jsons import Json, decode, to_bytes

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: nothing keeps two sandboxes off one journal there
    fcntl = None  # type: ignore[assignment]


class JournalInUse(RuntimeError):
    """Another sandbox writes this journal; a second one would cut off the first one's lines."""


class JournalDamaged(RuntimeError):
    """A line before the last can't be read."""


class Journal:
    """Appends to `path`; without a path it forgets everything."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._waiting: list[Json] = []
        self._file: int | None = None
        self._lock: int | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(path.with_name(path.name + ".lock"))

    def read(self) -> Iterator[Json]:
        if self._path is None or not self._path.exists():
            return
        *lines, torn = self._path.read_bytes().split(b"\n")
        del torn  # empty, or a line whose write was cut off
        for number, line in enumerate(lines, 1):
            yield from _changes(line, number, is_last=number == len(lines))

    def rewrite(self, changes: Iterable[Json]) -> None:
        if self._path is None:
            return
        self._close_file()
        fresh = self._path.with_name(self._path.name + ".new")
        with fresh.open("wb") as file:
            file.writelines(to_bytes([change]) + b"\n" for change in changes)
        fresh.replace(self._path)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def append(self, change: Json) -> None:
        if self._path is not None:
            self._waiting.append(change)

    def flush(self) -> None:
        """Write what waits, in one go."""
        if self._waiting and self._file is not None:
            line = to_bytes(self._waiting) + b"\n"
            self._waiting = []
            _write_all(self._file, line)

    def close(self) -> None:
        self.flush()
        self._close_file()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _close_file(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _changes(line: bytes, number: int, *, is_last: bool) -> list[Json]:
    try:
        changes: list[Json] = decode(line)
    except ValueError as error:
        if is_last:
            return []
        raise JournalDamaged(f"line {number} of the sandbox's journal can't be read") from error
    return changes


def _write_all(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]


def _locked(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if fcntl is None:
        return lock
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise JournalInUse(f"another sandbox uses {path.stem}") from error
    return lock
