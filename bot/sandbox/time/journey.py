"""
Move the clock forward, and stop at each time for which the bot has planned something.

A bot may say with each getUpdates when it wants to be woken: `X-Wake-At: <ISO instant>`, or `busy` while it is at
work. The clock then stops at each such instant until the bot has done its work. A bot that says nothing sees one leap.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.sandbox.time.clock import SandboxClock

WAKE_HEADER: Final = b"x-wake-at"
BUSY: Final = "busy"
ANSWER_WITHIN: Final = 1.0
BREATH: Final = 0.02
LONGEST_WAY: Final = 20.0


class Journey:
    """Moves the clock. `ask` makes the bot poll again, so that it sends its next planned time."""

    def __init__(self, clock: SandboxClock, *, is_online: Callable[[], bool], ask: Callable[[], None]) -> None:
        self._clock = clock
        self._is_online = is_online
        self._ask = ask
        self._polled = asyncio.Event()
        self._plan: str | None = None
        self._under_way = asyncio.Lock()

    def hear(self, plan: str | None) -> None:
        """Store the plan that came with a poll."""
        self._plan = plan

    def polled(self) -> None:
        """Continue: a poll is waiting now, so that it can be answered."""
        self._polled.set()

    async def go_to(self, there: datetime) -> None:
        """Set the clock, stopping on the way forward; a bot that stays busy for too long is left behind."""
        give_up_at = time.monotonic() + LONGEST_WAY
        async with self._under_way:
            while self._clock.now() < there and time.monotonic() < give_up_at:
                stop = await self._next_stop(give_up_at)
                if stop is None or stop >= there:
                    break
                self._clock.set(max(stop, self._clock.now()))
            self._clock.set(there)

    async def _next_stop(self, give_up_at: float) -> datetime | None:
        while self._is_online() and time.monotonic() < give_up_at:
            plan = await self._ask_plan()
            if plan != BUSY:
                return datetime.fromisoformat(plan) if plan else None
            await asyncio.sleep(BREATH)
        return None

    async def _ask_plan(self) -> str | None:
        self._polled.clear()
        self._ask()
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._polled.wait()
        except TimeoutError:
            return None
        return self._plan
