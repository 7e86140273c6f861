"""getUpdates: one poller at a time, woken by an update or a moved clock."""

import asyncio
import time
from collections.abc import Callable
from itertools import islice, takewhile
from typing import Final

from bot.sandbox.jsons import Json
from bot.sandbox.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, Refused, conflict
from bot.sandbox.state.world import World
from bot.sandbox.time.clock import real_seconds

LONGEST_POLL_SECONDS: Final = 50
RETENTION_SECONDS: Final = 86_400
CALLBACK_RETENTION_SECONDS: Final = 150
EXPIRY_PERIOD_SECONDS: Final = 1.0


class Poll:
    """A getUpdates that waits."""

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self.refusal: Refused | None = None

    async def wait(self, until: float) -> None:
        """Return when woken or when the time is over."""
        try:
            async with asyncio.timeout(until - time.monotonic()):
                await self.wake.wait()
        except TimeoutError:
            return
        if self.refusal:
            raise self.refusal


class Polls:
    def __init__(self, world: World) -> None:
        self._world = world
        self._current: Poll | None = None
        self._last_offset: int | None = None
        self._last_began = self._last_ended = 0.0
        self._expired_at = 0.0
        self._is_clock_news = False
        self.on_begin: Callable[[], None] = lambda: None
        world.hooks["update"].append(self._wake)
        world.hooks["clock"].append(self._clock_moved)
        world.hooks["webhook"].append(self._webhook_changed)

    async def poll(self, params: Json) -> list[Json]:
        """Answer getUpdates: confirm below the offset, then what waits, or wait for it."""
        world = self._world
        if world.state.webhook:
            raise conflict(WEBHOOK_ACTIVE)
        remember_allowed(world, params)
        limit, timeout = self._throttled(params)
        self._confirm(params.get("offset", 0))
        poll = self._take_over()
        gone = True
        try:
            batch = await self._batch(poll, limit, timeout)
            gone = False
        except Refused:
            gone = False
            raise
        finally:
            self._leave(poll, gone=gone)
        return world.faults.disturb(batch)

    def stop(self, reason: str) -> None:
        """Send the waiting poller away."""
        if self._current:
            self._current.refusal = conflict(reason)
            self._wake()

    def release(self) -> None:
        """Answer the waiting poller with nothing."""
        self._wake()

    def _clock_moved(self) -> None:
        """The clock was moved: answer the poll that is waiting or, if there is none, the next one."""
        self._is_clock_news = True
        self._wake()

    def _webhook_changed(self) -> None:
        if self._world.state.webhook:
            self.stop("terminated by setWebhook request")

    def expire(self) -> None:
        """Delete updates that the bot did not fetch for too long, in real time: a moved clock does not age them."""
        now = real_seconds()
        if now - self._expired_at < EXPIRY_PERIOD_SECONDS:
            return
        self._expired_at = now
        old = [
            update_id
            for update_id, waiting in self._world.state.updates.items()
            if now - waiting.arrived
            > (CALLBACK_RETENTION_SECONDS if "callback_query" in waiting.update else RETENTION_SECONDS)
        ]
        if old:
            self._world.record("confirmed", ids=old)
            self._world.commit()

    def _throttled(self, params: Json) -> tuple[int, float]:
        """Slow down a poller that asks for the same offset again and again, as Telegram does."""
        offset, limit = params.get("offset", 0), params.get("limit", 100)
        limit = limit if 1 <= limit <= 100 else 100
        timeout = min(max(params.get("timeout", 0), 0), LONGEST_POLL_SECONDS)
        now = time.monotonic()
        if self._world.limits.is_on and offset == self._last_offset:
            limit = 1 if now < self._last_ended + 0.5 else limit
            timeout = max(timeout, 3) if now < self._last_began + 3 else timeout
        self._last_offset, self._last_began = offset, now
        return limit, timeout

    def _confirm(self, offset: int) -> None:
        waiting = self._world.state.updates
        self.expire()
        below = takewhile(lambda update_id: update_id < offset, waiting)
        done = list(waiting)[:offset] if offset < 0 else list(below)
        if done:
            self._world.record("confirmed", ids=done)
            self._world.commit()

    async def _batch(self, poll: Poll, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 - the API's own
        until = time.monotonic() + timeout
        if not self._world.state.updates and timeout and not self._is_clock_news:
            await poll.wait(until)
        self._is_clock_news = False
        return [waiting.update for waiting in islice(self._world.state.updates.values(), limit)]

    def _take_over(self) -> Poll:
        self.stop(OTHER_POLLER)
        self._current = Poll()
        self.on_begin()
        self._world.presence.poll_begins()
        return self._current

    def _leave(self, poll: Poll, *, gone: bool) -> None:
        self._last_ended = time.monotonic()
        if self._current is poll:
            self._current = None
        self._world.presence.poll_ends(gone=gone)

    def _wake(self) -> None:
        if self._current:
            self._current.wake.set()


def remember_allowed(world: World, params: Json) -> None:
    """Store the kinds of updates that a bot wants; if it names none, the former ones stay."""
    names = params.get("allowed_updates")
    if names is not None and names != world.state.allowed_updates:
        world.record("allowed_updates", names=names)
        world.commit()
