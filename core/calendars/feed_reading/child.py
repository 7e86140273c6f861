"""The child process that reads an untrusted calendar; started by core.calendars.feed_reading.expand."""

import json
import os
import signal
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from core.calendars.feed_reading import busy_times
from core.errors import NotACalendar, TooManyEvents

MEMORY: Final = 512 * 1024 * 1024
ENDED_BY_MEMORY: Final = 86  # exit status if there is not even memory for an answer


def main() -> None:
    timezone, since, until, most, seconds = sys.argv[2:]
    content = sys.stdin.buffer.read()
    try:
        _limit(float(seconds))
        told = _read(content, timezone, since, until, most)
        sys.stdout.write(json.dumps(told))
        sys.stdout.flush()
    except MemoryError:
        os._exit(ENDED_BY_MEMORY)


def _limit(seconds: float) -> None:
    """Limit CPU time and memory by the kernel; where the kernel can't, the parent kills the process."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _read(content: bytes, timezone: str, since: str, until: str, most: str) -> dict[str, Any]:
    try:
        found = busy_times.read(
            content,
            timezone=timezone,
            since=datetime.fromisoformat(since),
            until=datetime.fromisoformat(until),
            most=int(most),
        )
    except (NotACalendar, TooManyEvents) as refusal:
        return {"refused": type(refusal).__name__}
    times = [(one.starts_at.isoformat(), one.ends_at.isoformat(), one.title, one.uid) for one in found.times]
    return {"name": found.name, "events": found.events, "skipped": found.skipped, "times": times}
