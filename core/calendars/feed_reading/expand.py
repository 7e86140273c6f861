"""
Reading an untrusted calendar in a child process, which can be killed.

    bytes on stdin  ->  core.calendars.feed_reading.child, within limits  ->  JSON on stdout

The parent checks only the size.
"""

import asyncio
import json
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from core.calendars.feed_reading.busy_times import BusyTime, Reading
from core.calendars.feed_reading.child import ENDED_BY_MEMORY
from core.errors import CalendarTooLarge, CalendarTooSlow, FeedRefused, NotACalendar, TooManyEvents

LARGEST: Final = 5 * 1024 * 1024
MOST_TIMES: Final = 5_000
CPU_SECONDS: Final = 2
PATIENCE: Final = 15.0  # wall-clock time, on a busy machine
AT_ONCE: Final = 2

ROOT: Final = str(Path(__file__).parents[3])
# -I ignores the environment and our paths, so the child gets the path of our code
START: Final = "import sys; sys.path.insert(0, sys.argv[1]); from core.calendars.feed_reading.child import main; main()"


class Expander:
    """Runs at most two child processes at once. Belongs to the event loop in which it is used."""

    def __init__(self, *, at_once: int = AT_ONCE, patience: float = PATIENCE, cpu_seconds: float = CPU_SECONDS) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._patience = patience
        self._cpu_seconds = cpu_seconds

    async def read(self, content: bytes, *, timezone: str, since: datetime, until: datetime) -> Reading:
        """
        Return what core.calendars.feed_reading.busy_times.read returns, with limits on time, memory and events.

        - raises NotACalendar, CalendarTooLarge, TooManyEvents, CalendarTooSlow
        """
        if len(content) > LARGEST:
            raise CalendarTooLarge(LARGEST)
        asked = (timezone, since.isoformat(), until.isoformat(), str(MOST_TIMES), str(self._cpu_seconds))
        async with self._places:
            status, told = await self._run(content, asked)
        if status == ENDED_BY_MEMORY:
            raise TooManyEvents(MOST_TIMES)
        if status < 0:
            raise CalendarTooSlow(CPU_SECONDS)
        if status > 0:
            raise RuntimeError(f"a calendar could not be read: the child ended with {status}")
        return _reading(json.loads(told))

    async def _run(self, content: bytes, asked: tuple[str, ...]) -> tuple[int, bytes]:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-c", START, ROOT, *asked),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(self._patience):
                told, _ = await child.communicate(content)
        except TimeoutError:
            raise CalendarTooSlow(CPU_SECONDS) from None
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
        return child.returncode or 0, told


def _reading(told: dict[str, Any]) -> Reading:
    if refused := told.get("refused"):
        raise _REFUSALS[refused]
    times = (BusyTime(_at(starts), _at(ends), title, uid) for starts, ends, title, uid in told["times"])
    return Reading(told["name"], told["events"], told["skipped"], tuple(times))


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told)


_REFUSALS: dict[str, FeedRefused] = {"NotACalendar": NotACalendar(), "TooManyEvents": TooManyEvents(MOST_TIMES)}
