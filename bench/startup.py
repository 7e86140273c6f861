"""
How soon the bot listens, and what it keeps in memory: `python -m bench.startup [runs]`, a minute.

From the start of the process to its first getUpdates, beside a bare PTB echo bot in turn within one run, so that the
ratios hold where the seconds do not. `start` is what `make run` starts, sandbox included: from the start of the
process until it says where to look, which it does once getMe is answered and it polls.
"""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil

from bench import updates
from bot.run import signals
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running

GOAL_SECONDS = 3.0
UPDATES = 1000
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("TUTORBOT_", "TELEGRAM_"))}
START = (sys.executable, "-m", "bot.cli", "start")
RUN = (sys.executable, "-m", "bot.cli", "run")
IMPORTS = (
    sys.executable,
    "-c",
    "import bot.cli, bot.run.logs, bot.run.sandboxed, bot.sandbox.server; print(flush=True)",
)


@dataclass(frozen=True, slots=True)
class Begun:
    seconds: float
    rss_mb: float


async def measure(runs: int) -> None:
    rounds = [await one_round() for _ in range(runs)]
    print(f"medians of {runs} runs in turn")
    echo = {"seconds": median(each["echo"].seconds for each in rounds), "rss": middle_rss(rounds, "echo")}
    print(f"{'':44}{'seconds':>8}{'x echo':>8}{'RSS MB':>8}{'x echo':>8}")
    for name in rounds[0]:
        seconds, rss = median(each[name].seconds for each in rounds), middle_rss(rounds, name)
        print(f"{name:44}{seconds:8.2f}{seconds / echo['seconds']:8.2f}{rss:8.0f}{rss / echo['rss']:8.2f}")
    second = median(each["start, the second time"].seconds for each in rounds)
    imports = median(each["imports of start"].seconds / each["start, the second time"].seconds for each in rounds)
    print(f"imports are {imports:.0%} of the second start")
    print(f"goal: second start within {GOAL_SECONDS} s: {'met' if second <= GOAL_SECONDS else 'missed'} ({second:.2f})")
    for bot in ("run", "echo"):
        before, after = await rss_of_updates(bot)
        print(f"{bot}: {before:.0f} MB at start, {after:.0f} MB after {UPDATES} updates, + {after - before:.0f}")


def middle_rss(rounds: list[dict[str, Begun]], name: str) -> float:
    return median(each[name].rss_mb for each in rounds)


async def one_round() -> dict[str, Begun]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        return {
            "start, the first time (an empty folder)": await started(Path(folder)),
            "start, the second time": await started(Path(folder)),
            "imports of start": await imported(),
            "run, the first time": await first_poll("run", Path(folder)),
            "run, the second time": await first_poll("run", Path(folder)),
            "echo": await first_poll("echo", Path(folder)),
        }


async def started(folder: Path) -> Begun:
    """Start the process and wait until it has printed its address."""
    begun = perf_counter()
    async with child(*START, TUTORBOT_DATA_FOLDER=f"{folder}/start", TUTORBOT_SANDBOX_PORT="0") as process:
        assert process.stdout
        said = await process.stdout.readline()
        assert said.startswith(b"Open "), said
        return Begun(perf_counter() - begun, rss_mb(process))


async def imported() -> Begun:
    begun = perf_counter()
    async with child(*IMPORTS) as process:
        assert process.stdout
        await process.stdout.readline()
        return Begun(perf_counter() - begun, rss_mb(process))


async def first_poll(bot: str, folder: Path) -> Begun:
    async with asked_for_updates() as (url, asked):
        begun = perf_counter()
        async with at_work(bot, url, folder) as process:
            await asked.wait()
            return Begun(perf_counter() - begun, rss_mb(process))


async def rss_of_updates(bot: str) -> tuple[float, float]:
    """Let a hundred people do ten things each, slowly enough for the bot's own pace."""
    habits = updates.LOOKING if bot == "run" else ("/hello", *["button"] * 11)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if bot == "run":
            await updates.furnish(f"sqlite+aiosqlite:///{folder}/run/tutorbot.sqlite3")
        async with asked_for_updates() as (url, asked), at_work(bot, url, Path(folder)) as process:
            await asked.wait()
            before = rss_mb(process)
            await visits(asked.sandbox, process, habits)
            return before, rss_mb(process)


async def visits(sandbox: Sandbox, process: Process, habits: tuple[str, ...]) -> None:
    hall = updates.Hall(sandbox, psutil.Process(process.pid))
    tasks = hall.fill(updates.chats()[: updates.PEOPLE], habits)
    hall.gate.set()
    while hall.answered < UPDATES:  # noqa: ASYNC110  a figure that grows
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Asked(asyncio.Event):
    """Set when the bot asks this sandbox for its first updates."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self.sandbox = sandbox
        sandbox.polls.on_begin = self.set


@asynccontextmanager
async def asked_for_updates() -> AsyncIterator[tuple[str, Asked]]:
    sandbox = updates.sandbox_with_people()
    asked = Asked(sandbox)
    async with running(sandbox) as url:
        yield url, asked
    await sandbox.aclose()


@asynccontextmanager
async def at_work(bot: str, url: str, folder: Path) -> AsyncIterator[Process]:
    command = RUN if bot == "run" else updates.command_of("echo", url, "")
    settings = {"TUTORBOT_API_URL": url, "TUTORBOT_DATA_FOLDER": f"{folder}/run", "TUTORBOT_RATE": "1000"}
    async with child(*command, **settings) as process:
        yield process


@asynccontextmanager
async def child(*command: str, **settings: str) -> AsyncIterator[Process]:
    process = await create_subprocess_exec(*command, env={**PLAIN, **settings}, stdout=PIPE, stderr=DEVNULL)
    try:
        async with asyncio.timeout(60):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def rss_mb(process: Process) -> float:
    return float(psutil.Process(process.pid).memory_info().rss) / 2**20


if __name__ == "__main__":
    signals.until_signal(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
