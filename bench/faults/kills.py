"""
kill -9 at random moments while people book and are reminded.

The sandbox runs in this process, the bot in its own. A call takes `ASKING` seconds to Telegram, its answer `ANSWER`
seconds back, and `READING` to be read: a kill within these has the message come again, and nothing can be done about
it, for the Bot API knows no key by which it could tell a repetition. `ours` are those that a kill made later.
"""

import asyncio
import math
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.faults.people import opened_core, until
from bench.faults.table import Row
from bench.faults.town import LATER, MONDAY, Books, Town, balance, confirmed_starts, waiting
from bot.run.opening import SANDBOX_TOKEN
from bot.sandbox.faults.faults import Fault, FaultKind
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running
from core.startup import Core
from db.settings import DatabaseSettings
from tests.e2e.processes import Tutorbot, kill

ASKING, ANSWER = 0.02, 0.025  # seconds on the way to Telegram and back
READING = 0.01  # seconds in which a busy bot reads an answer: until then it can't record it
LONG = 900.0
HOUR = timedelta(hours=1)
A_MOMENT = 0.5  # within which a kill falls, after a drawn number of bookings
LONGEST_LIFE = 30.0
REMINDING = 0.25  # of the kills
AT_ONCE, THINKS = 4, 0.5  # so many book at a time, and look at each screen for so many seconds
STANDS_STILL = 5.0  # seconds after which what waits is taken for a dead bot's


@dataclass
class Lives:
    """The bot's process, which is killed and started again."""

    tutorbot: Tutorbot
    variables: dict[str, str]
    sandbox: Sandbox
    chance: random.Random
    killed_at: list[float] = field(default_factory=list)

    async def begin(self) -> None:
        self._process, _ = await self.tutorbot.is_up("run", **self.variables)

    async def end(self) -> None:
        """Kill the process after a moment, and start it again when its leases are over."""
        await asyncio.sleep(self.chance.uniform(0, A_MOMENT))
        self.killed_at.append(time.monotonic())
        await kill(self._process)
        self.sandbox.clock.advance(LATER)
        await self.begin()


@asynccontextmanager
async def lives(settings: DatabaseSettings, town: Town) -> AsyncIterator[Lives]:
    with tempfile.TemporaryDirectory() as folder:
        tutorbot = Tutorbot(Path(folder))
        async with running(town.sandbox) as url:
            variables = {
                "TUTORBOT_API_URL": url,
                "TUTORBOT_DATABASE__URL": settings.url,
                "TUTORBOT_POLICIES__REMINDERS_BEFORE": '["PT1H"]',
                "TUTORBOT_POLICIES__MAX_ACTIVE_LESSONS": "1000",
                "TUTORBOT_LOG_LEVEL": "WARNING",
            }
            made = Lives(tutorbot, variables, town.sandbox, random.Random(town.seed))
            await made.begin()
            try:
                yield made
            except AssertionError:
                print(*tutorbot.said()[-30:], sep="\n")
                raise
            finally:
                await tutorbot.kill_all()


async def killed(settings: DatabaseSettings, *, kills: int, bookings: int, seed: int) -> Row:
    row, begun_at = Row("kill -9 while people book"), time.monotonic()
    sandbox = Sandbox(token=SANDBOX_TOKEN, flood_limits=False, first_people=False)
    sandbox.clock.set(MONDAY)
    town = Town(sandbox, seed, patience=4.0, thinks=THINKS)
    async with opened_core(settings, sandbox.clock.now, reminders_before=(HOUR,)) as core:
        tutors = max(2, math.ceil(bookings / 25))
        await town.settle(core, tutors=tutors, students=2 * tutors)
        for method in ("send*", "edit*", "answer*"):
            sandbox.faults.add(Fault(FaultKind.LATENCY, method=method, seconds=ASKING))
            sandbox.faults.add(Fault(FaultKind.LATE, method=method, seconds=ANSWER))
        async with lives(settings, town) as bot:
            await _book(core, town, bot, bookings=bookings, kills=kills - int(kills * REMINDING))
            await _remind(core, town, bot, kills=kills)
        found = await balance(core, town)
    await sandbox.aclose()
    _judge(row, town, bot, found, kills=kills, begun_at=begun_at)
    return row


async def _book(core: Core, town: Town, bot: Lives, *, bookings: int, kills: int) -> None:
    """Let people book while the bot is killed again and again; each run of the bot gets its share of the bookings."""
    allowed = 0
    crowd = asyncio.Semaphore(AT_ONCE)
    confirming = [asyncio.create_task(town.phones[id_].confirms()) for id_ in town.tutors]

    async def goes_on(student: int) -> None:
        while len(town.told) < bookings:
            if len(town.told) >= allowed:
                await asyncio.sleep(0.05)
                continue
            async with crowd:
                await town.phones[student].books()

    people = [asyncio.create_task(goes_on(student)) for student in town.students]
    for life in range(kills):
        allowed = bookings * (life + 1) // kills
        drawn = bot.chance.randint(len(town.told), max(allowed - 1, len(town.told)))
        await until(lambda: len(town.told) >= drawn, within=LONGEST_LIFE)  # noqa: B023
        await bot.end()
    allowed = bookings
    await asyncio.wait(people, timeout=LONG)
    await until(lambda: not any(town.phones[id_].requests for id_ in town.tutors), within=LONG)
    await _until_told(core, town)
    for task in (*people, *confirming):
        task.cancel()
    await asyncio.gather(*people, *confirming, return_exceptions=True)


async def _remind(core: Core, town: Town, bot: Lives, *, kills: int) -> None:
    """Move the clock to each hour with a reminder; the remaining kills happen in the first of these hours."""
    for due_at in [at - HOUR for at in await confirmed_starts(core)]:
        if due_at > town.sandbox.clock.now():
            town.sandbox.clock.set(due_at)
        while len(bot.killed_at) < kills and await _left(core, town):
            await asyncio.sleep(bot.chance.uniform(0, 0.2))
            town_now = town.sandbox.clock.now()
            await bot.end()
            if town.sandbox.clock.now() - town_now > HOUR / 6:
                break
        await _until_told(core, town)


async def _left(core: Core, town: Town) -> int:
    return await waiting(core, until=town.sandbox.clock.now())


async def _until_told(core: Core, town: Town) -> None:
    """Wait until all messages are sent; those that a dead bot had claimed wait for the end of the lease."""
    left, since = await _left(core, town), time.monotonic()
    deadline = since + LONG
    while left and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
        before, left = left, await _left(core, town)
        if left != before:
            since = time.monotonic()
        elif time.monotonic() - since > STANDS_STILL:
            town.sandbox.clock.advance(LATER)
            since = time.monotonic()


def _judge(row: Row, town: Town, bot: Lives, found: Books, *, kills: int, begun_at: float) -> None:
    again = [heard for heard in town.heard if (heard.chat_id, heard.message_id) not in found.settled]
    gaps = sorted(_gap(bot.killed_at, heard.at) for heard in again)
    ours = sum(gap > ANSWER + READING for gap in gaps)
    row.figures = {
        "kills": len(bot.killed_at),
        "bookings answered": len(town.told),
        "in the database": found.bookings,
        "notices and reminders": found.sent,
        "minutes": (time.monotonic() - begun_at) / 60,
        "lost": len(found.wrong),
        "twice, the call or its answer on the way": len(gaps) - ours,
        "twice, the answer there": ours,
        "ms from the chat to the kill where twice": [round(1000 * gap) for gap in gaps if gap < math.inf],
    }
    row.against += found.wrong
    row.demand("as many kills as were asked for", len(bot.killed_at) == kills)
    row.demand("what is twice is twice after a kill", all(gap < math.inf for gap in gaps))
    row.demand("fewer than 1 in 100 kills is ours", ours * 100 < max(kills, 100))


def _gap(killed_at: list[float], sent_at: float) -> float:
    """
    Return the seconds from sending a message to the kill that may concern it; below 0 its sender was dead by then.
    """
    return min((at - sent_at for at in killed_at if at >= sent_at - ASKING - READING), default=math.inf)
