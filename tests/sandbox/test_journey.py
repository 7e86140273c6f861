"""The clock moves on without leaping over what the bot has planned."""

import asyncio
from datetime import datetime, timedelta

import aiohttp

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running

TOKEN_PATH = "/bot424242:sandbox-token-of-no-value/getUpdates"


class PlanningBot:
    """Polls, says what it plans, and is busy for one poll after each alarm."""

    def __init__(self, http: aiohttp.ClientSession, alarms: list[datetime]) -> None:
        self._http = http
        self._alarms = alarms
        self.woken_at: list[datetime] = []
        self.is_there = asyncio.Event()

    async def poll(self) -> None:
        """The first answer comes at once."""
        patience = 0
        while True:
            async with self._http.get(TOKEN_PATH, params={"timeout": patience}, headers=self._plan()) as answer:
                self._hear(datetime.fromisoformat(answer.headers["X-Sandbox-Now"]))
            self.is_there.set()
            patience = 50

    def _plan(self) -> dict[str, str]:
        if self._alarms and self.woken_at and self.woken_at[-1] >= self._alarms[0]:
            del self._alarms[0]
            return {"X-Wake-At": "busy"}
        return {"X-Wake-At": self._alarms[0].isoformat()} if self._alarms else {}

    def _hear(self, now: datetime) -> None:
        if self._alarms and now >= self._alarms[0]:
            self.woken_at.append(now)


async def test_the_clock_stops_at_each_instant_the_bot_has_planned(sandbox: Sandbox):
    begin = sandbox.clock.now()
    alarms = [begin + timedelta(hours=hours) for hours in (1, 5, 23, 48)]

    async with running(sandbox) as url, aiohttp.ClientSession(url) as http:
        bot = PlanningBot(http, list(alarms))
        polling = asyncio.create_task(bot.poll())
        await bot.is_there.wait()
        async with http.post("/sandbox/clock", json={"advance": 86_400}) as answer:
            assert (await answer.json())["now"] == "2026-11-24T14:00:00.000000Z"
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)

    assert bot.woken_at == alarms[:3]


async def test_without_a_bot_the_clock_leaps(sandbox: Sandbox):
    begin = sandbox.clock.now()

    await sandbox.journey.go_to(begin + timedelta(days=30))

    assert sandbox.clock.now() == begin + timedelta(days=30)


async def test_a_jump_between_two_polls_is_told_with_the_next(sandbox: Sandbox):
    sandbox.clock.advance(3_600)

    async with asyncio.timeout(5):
        assert await sandbox.polls.poll({"timeout": 50}) == []
