"""
The clock of the house: what has to happen at its time, happens.

APScheduler only wakes us. What is due and when is in the database, so a job may run twice, late or never: the next
run finds what is left. Every job runs at the instant it named, when there is news or the clock was moved, and each
30 seconds whatever happened.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from telegram.ext import Application, JobQueue

from bot.clock import Clock
from bot.delivery import Dispatcher
from core import bookings, outcomes
from core.startup import Core

logger = logging.getLogger(__name__)

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

SAFETY_TICK: Final = timedelta(seconds=30)
NEWS_GATHERS: Final = timedelta(milliseconds=20)  # a busy hour has hundreds of commits a second: one run for many
STOP_GRACE: Final = 8.0
# PTB's default drops a job that comes due while the loop is busy for a second
JOB_KWARGS: Final = {"misfire_grace_time": None, "max_instances": 1, "coalesce": True}


class Ticker:
    """Run `job`, which returns when it wants to run again; never two runs at the same time."""

    def __init__(
        self,
        name: str,
        job: Callable[[], Awaitable[datetime | None]],
        *,
        job_queue: JobQueue[Any],
        clock: Callable[[], datetime],
    ) -> None:
        self._name = name
        self._job = job
        self._job_queue = job_queue
        self._clock = clock
        self._turn = asyncio.Lock()
        self._is_woken = False
        self._is_stopped = False
        self._running: asyncio.Task[Any] | None = None
        self.due_at: datetime | None = None

    def wake(self) -> None:
        """Run in a moment; during a run: once more after it."""
        if not self._is_woken:
            self._is_woken = True
            if not self._turn.locked():
                self._plan(NEWS_GATHERS)

    async def run(self, _: object = None) -> None:
        async with self._turn:
            if self._is_stopped:
                return
            self._running = asyncio.current_task()
            self._is_woken = False
            try:
                wait = await self._wait_after_job()
            finally:
                self._running = None
            self._plan(min(wait, NEWS_GATHERS) if self._is_woken else wait)

    @property
    def is_at_work(self) -> bool:
        return self._is_woken or self._turn.locked()

    async def stop(self, grace: float = STOP_GRACE) -> None:
        """Plan nothing more, and give a run `grace` seconds to end."""
        self._is_stopped = True
        self._unplan()
        if self._running:
            _, late = await asyncio.wait({self._running}, timeout=grace)
            for run in late:
                run.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _wait_after_job(self) -> timedelta:
        try:
            due_at = await self._job()
        except Exception:
            logger.exception("a job failed", extra={"job": self._name})
            due_at = None
        self.due_at = due_at
        wait = due_at - self._clock() if due_at else SAFETY_TICK
        return max(timedelta(), min(wait, SAFETY_TICK))

    def _plan(self, wait: timedelta) -> None:
        self._unplan()
        if not self._is_stopped:
            self._job_queue.run_once(self.run, wait, name=self._name, job_kwargs=JOB_KWARGS)

    def _unplan(self) -> None:
        for job in self._job_queue.get_jobs_by_name(self._name):
            job.schedule_removal()


class Jobs:
    """All tickers of one process. Stop them before the application."""

    def __init__(self, dispatcher: Dispatcher, tickers: list[Ticker]) -> None:
        self._dispatcher = dispatcher
        self._tickers = tickers

    @property
    def is_at_work(self) -> bool:
        return any(ticker.is_at_work for ticker in self._tickers)

    @property
    def due_at(self) -> datetime | None:
        """When something is to be done next."""
        return min((ticker.due_at for ticker in self._tickers if ticker.due_at), default=None)

    async def stop(self, grace: float = STOP_GRACE) -> None:
        self._dispatcher.close()
        await asyncio.gather(*(ticker.stop(grace) for ticker in self._tickers))


def schedule(application: AnyApplication, dispatcher: Dispatcher, core: Core, clock: Clock) -> Jobs:
    """Start what runs by itself. From now on news of the core and jumps of the clock wake it."""
    job_queue = application.job_queue
    assert job_queue, "built with one"

    async def expire() -> datetime | None:
        return await expire_requests(core)

    async def settle() -> datetime | None:
        return await settle_lessons(core)

    tickers = [
        Ticker("deliver", dispatcher.deliver_due, job_queue=job_queue, clock=clock),
        Ticker("expire requests", expire, job_queue=job_queue, clock=clock),
        Ticker("settle lessons", settle, job_queue=job_queue, clock=clock),
    ]

    def wake() -> None:
        for ticker in tickers:
            ticker.wake()

    core.on_news = wake
    clock.on_move(wake)
    wake()
    return Jobs(dispatcher, tickers)


async def expire_requests(core: Core) -> datetime | None:
    """Let go of the requests that nobody answered in time; return when the next one lapses."""
    async with core.read() as work:
        lapsed = await bookings.lapsed(work)
    expired = [await _expire(core, booking_id) for booking_id in lapsed]
    async with core.read() as work:
        # One that can't be expired stays overdue: naming its time would have us run without a pause
        return await bookings.next_lapse(work) if all(expired) else None


async def _expire(core: Core, booking_id: int) -> bool:
    try:
        async with core.begin() as work:
            await bookings.expire(work, booking_id=booking_id)
    except Exception:
        logger.exception("a request can't be expired", extra={"booking": booking_id})
        return False
    return True


async def settle_lessons(core: Core) -> datetime | None:
    """Count as held the lessons of which nobody has said anything; return when the next one is."""
    async with core.read() as work:
        unsettled = await outcomes.unsettled(work)
    settled = [await _settle(core, booking_id) for booking_id in unsettled]
    async with core.read() as work:
        return await outcomes.next_to_settle(work) if all(settled) else None


async def _settle(core: Core, booking_id: int) -> bool:
    try:
        async with core.begin() as work:
            await outcomes.complete_by_time(work, booking_id=booking_id)
    except Exception:
        logger.exception("a lesson can't be settled", extra={"booking": booking_id})
        return False
    return True
