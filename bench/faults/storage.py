"""
The database gone for a while, full, or not to be written to, while people book. Afterwards all goes on by itself.

    PostgreSQL   the server is restarted at once, as after a crash, again and again
    full         the file lies on a real file system that something else has filled to the last byte; where none can be
                 mounted, SQLite's own limit of pages stands for it: the error is the same
    read-only    SQLite refuses every write as it does on a file system mounted read-only
"""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from bench.faults.people import at_work, clock_of, opened_core, quiet_sandbox, until
from bench.faults.table import Row
from bench.faults.town import LATER, MONDAY, Town, balance, waiting
from bot.edge.clock import Clock
from core.startup import Core
from db.settings import DatabaseSettings

LONG = 300.0
ROUNDS, A_MOMENT = 20, 0.5
FELT_WITHIN = 60.0  # SQLite uses the room again that its log has taken
APOLOGIES = "told to try again"
ROOM = "12m"
NO_MORE_PAGES, ALL_PAGES = 1, 2**30

Trouble = Callable[[Core], Coroutine[Any, Any, None]]


async def restarted(server: Any, settings: DatabaseSettings, *, restarts: int, bookings: int, seed: int) -> Row:
    """Restart PostgreSQL during the run, without warning its connections."""

    async def restart(_: Core) -> None:
        await asyncio.sleep(0.5)
        command = (
            server.bin_path / "pg_ctl",
            "-D",
            server.pgdata,
            "-l",
            server.log,
            "-m",
            "immediate",
            "-w",
            "restart",
        )
        process = await asyncio.create_subprocess_exec(
            *map(str, command), user=server.system_user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert await process.wait() == 0

    async def nothing(_: Core) -> None:
        """Do nothing: the server is already running again."""

    return await _endured("PostgreSQL restarted", settings, restart, nothing, restarts, bookings, seed, is_felt=False)


async def full(*, bookings: int, seed: int) -> Row:
    with _small_disk() as disk:
        folder, is_real = disk
        settings = DatabaseSettings(url=f"sqlite+aiosqlite:///{folder}/tutorbot.sqlite3")
        filler = folder / "filler"

        async def fill(core: Core) -> None:
            await (_fill(filler) if is_real else _pragma(core, f"max_page_count = {NO_MORE_PAGES}"))
            await asyncio.sleep(2)

        async def clear(core: Core) -> None:
            if is_real:
                filler.unlink()
            else:
                await _pragma(core, f"max_page_count = {ALL_PAGES}")

        name = "SQLite, disk full" + ("" if is_real else " (by its own limit)")
        return _told_clearly(await _endured(name, settings, fill, clear, 2, bookings, seed))


async def read_only(settings: DatabaseSettings, *, bookings: int, seed: int) -> Row:
    async def close(core: Core) -> None:
        await _pragma(core, "query_only = ON")
        await asyncio.sleep(2)

    async def open_(core: Core) -> None:
        await _pragma(core, "query_only = OFF")

    return _told_clearly(await _endured("SQLite, read-only", settings, close, open_, 2, bookings, seed))


def _told_clearly(row: Row) -> Row:
    """Check that people get a clear error; a restart may be over before anybody notices it."""
    row.demand("people are told clearly", bool(row.figures[APOLOGIES]))
    return row


async def _endured(
    name: str,
    settings: DatabaseSettings,
    begin: Trouble,
    end: Trouble,
    times: int,
    bookings: int,
    seed: int,
    *,
    is_felt: bool = True,
) -> Row:
    """People book before, during and after each trouble; who is told of a booking has it, and all notices come."""
    row = Row(name)
    sandbox = quiet_sandbox()
    sandbox.clock.set(MONDAY)
    clock, town = clock_of(sandbox), Town(sandbox, seed, patience=1.5)
    async with opened_core(settings, clock) as core:
        await town.settle(core, tutors=4, students=8)
        async with at_work(core, clock, sandbox), _crowd(town):
            for number in range(times):
                goal = bookings * (number + 1) // (times + 1)
                await until(lambda: len(town.told) >= goal, within=LONG)  # noqa: B023
                told_before = town.apologies
                await begin(core)
                if is_felt:
                    await until(lambda: town.apologies > told_before, within=FELT_WITHIN)  # noqa: B023
                await end(core)
            recovered = await until(lambda: len(town.told) >= bookings, within=LONG)
        quiet = await _comes_to_rest(core, clock, town)
        found = await balance(core, town)
    row.figures = {
        "times": times,
        "bookings answered": len(town.told),
        "in the database": found.bookings,
        "notices": found.sent,
        APOLOGIES: town.apologies,
        "twice": found.doubled,
    }
    row.against += found.wrong
    row.demand("it goes on by itself", recovered and quiet)
    return row


async def _comes_to_rest(core: Core, clock: Clock, town: Town) -> bool:
    """Wait until nothing is left to do: a later process may handle the last updates, and another send their notices."""
    for _ in range(ROUNDS):
        town.sandbox.clock.advance(LATER)
        async with at_work(core, clock, town.sandbox):
            await asyncio.sleep(A_MOMENT)
            await until(lambda: _is_told(core, town), within=LONG)
        if not town.sandbox.pending_updates() and await _is_told(core, town):
            return True
    return False


@asynccontextmanager
async def _crowd(town: Town) -> AsyncIterator[None]:
    async def goes_on(student: int) -> None:
        while True:
            await town.phones[student].books()
            await asyncio.sleep(0.1)

    people = [asyncio.create_task(goes_on(student)) for student in town.students]
    try:
        yield
    finally:
        for task in people:
            task.cancel()
        await asyncio.gather(*people, return_exceptions=True)


async def _is_told(core: Core, town: Town) -> bool:
    if await waiting(core, until=town.sandbox.clock.now()):
        town.sandbox.clock.advance(LATER / 10)
        return False
    return True


@contextmanager
def _small_disk() -> Iterator[tuple[Path, bool]]:
    with tempfile.TemporaryDirectory() as name:
        mount = ("mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", name)
        is_real = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
        try:
            yield Path(name), is_real
        finally:
            if is_real:
                subprocess.run(("umount", "-l", name), check=True)


async def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (2**16, 2**12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


async def _pragma(core: Core, what: str) -> None:
    """Run a PRAGMA on the writing connection, between two transactions."""
    async with core._database.writer.connect() as connection:  # noqa: SLF001
        raw = await connection.get_raw_connection()
        raw.driver_connection.plain.execute(f"PRAGMA {what}")  # type: ignore[union-attr]
