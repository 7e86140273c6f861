"""
The background jobs: deliveries, expiry of requests, settling of lessons, cleaning, reading of feeds, alarms.

APScheduler only starts them. The database says what is due, and when. So a job may run twice, late, or miss a run: the
next run does what is left. A job runs at the time it asked for, after a commit that queued messages, when the clock
was moved, and at least every 30 seconds. Its outcome is stored in the database for operators.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeAlias

from telegram.ext import Application, JobQueue

from bot.calendars.feed_reader import FeedReader
from bot.delivery.dispatcher import Dispatcher
from bot.edge.clock import Clock
from bot.run.alarms import Alarms
from core.calendars import feeds
from core.delivery import queue
from core.enums import Job
from core.lessons import bookings, outcomes
from core.operating import cleaning, job_runs
from core.operating.job_runs import CLEANS_EVERY, NOTED_EVERY
from core.people.channels import CHANNELS
from core.startup import Core

logger = logging.getLogger(__name__)

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

SAFETY_TICK: Final = timedelta(seconds=30)
NEWS_GATHERS: Final = timedelta(milliseconds=20)  # a busy hour has hundreds of commits a second: one run for many
FEEDS_AT_ONCE: Final = 8
STOP_GRACE: Final = 8.0
# PTB's default drops a job that comes due while the loop is busy for a second
JOB_KWARGS: Final = {"misfire_grace_time": None, "max_instances": 1, "coalesce": True}


@dataclass(frozen=True, slots=True)
class Ran:
    """The outcome of a run: how much was done, when there is more to do, and which error it met."""

    done: int = 0
    due_at: datetime | None = None
    error: str | None = None


class Notes:
    """Store the outcome of a job's runs. Runs that did nothing are stored at most once every few minutes."""

    def __init__(self, core: Core, job: Job, clock: Callable[[], datetime]) -> None:
        self._core = core
        self._job = job
        self._clock = clock
        self._noted_at: datetime | None = None

    async def take(self, ran: Ran) -> None:
        now = self._clock()
        if not ran.done and ran.error is None and _is_within(NOTED_EVERY, since=self._noted_at, now=now):
            return
        try:
            async with self._core.begin() as work:
                await job_runs.note(work, job=self._job, done=ran.done, error=ran.error)
            self._noted_at = now
        except Exception:
            logger.warning("what a job did can't be noted", exc_info=True, extra={"job": self._job})


class Ticker:
    """Run `job`, which returns when to run again; never two runs at the same time."""

    def __init__(
        self,
        name: str,
        job: Callable[[], Awaitable[Ran]],
        *,
        job_queue: JobQueue[Any],
        clock: Callable[[], datetime],
        notes: Notes | None = None,
    ) -> None:
        self._name = name
        self._job = job
        self._job_queue = job_queue
        self._clock = clock
        self._notes = notes
        self._turn = asyncio.Lock()
        self._is_woken = False
        self._is_stopped = False
        self._running: asyncio.Task[Any] | None = None
        self.due_at: datetime | None = None

    def wake(self) -> None:
        """Run the job soon; if it is running, run it once more afterwards."""
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
        """Plan no further run, and give the current one `grace` seconds to end."""
        self._is_stopped = True
        self._unplan()
        if self._running:
            _, late = await asyncio.wait({self._running}, timeout=grace)
            for run in late:
                run.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _wait_after_job(self) -> timedelta:
        ran = await self._ran()
        self.due_at = ran.due_at
        if self._notes:
            await self._notes.take(ran)
        wait = ran.due_at - self._clock() if ran.due_at else SAFETY_TICK
        return max(timedelta(), min(wait, SAFETY_TICK))

    async def _ran(self) -> Ran:
        try:
            return await self._job()
        except Exception as error:
            logger.exception("a job failed", extra={"job": self._name})
            return Ran(error=type(error).__name__)

    def _plan(self, wait: timedelta) -> None:
        self._unplan()
        if not self._is_stopped:
            self._job_queue.run_once(self.run, wait, name=self._name, job_kwargs=JOB_KWARGS)

    def _unplan(self) -> None:
        for job in self._job_queue.get_jobs_by_name(self._name):
            job.schedule_removal()


class Jobs:
    """All tickers of one process. Stop them before the application."""

    def __init__(self, dispatchers: Sequence[Dispatcher], tickers: list[Ticker], alarms: Alarms) -> None:
        self._alarms = alarms
        self._dispatchers = dispatchers
        self._tickers = tickers

    @property
    def is_at_work(self) -> bool:
        return any(ticker.is_at_work for ticker in self._tickers)

    @property
    def due_at(self) -> datetime | None:
        """The earliest time at which a job has something to do."""
        return min((ticker.due_at for ticker in self._tickers if ticker.due_at), default=None)

    async def stop(self, grace: float = STOP_GRACE) -> None:
        for dispatcher in self._dispatchers:
            dispatcher.close()
        self._alarms.stop()
        await asyncio.gather(*(ticker.stop(grace) for ticker in self._tickers))


def schedule(
    application: AnyApplication,
    dispatchers: Sequence[Dispatcher],
    core: Core,
    clock: Clock,
    feed_reader: FeedReader,
) -> Jobs:
    """
    Start the background jobs. From now on they also run after a commit that queued messages, and when the clock jumps.

    Each channel has its own job, so that a slow channel delays no other.
    """
    job_queue = application.job_queue
    assert job_queue, "built with one"
    alarms = Alarms(core, clock)
    work: dict[Job, Callable[[], Awaitable[Ran]]] = {
        **{CHANNELS[each.channel].job: partial(deliver, each) for each in dispatchers},
        Job.EXPIRE: partial(expire_requests, core),
        Job.SETTLE: partial(settle_lessons, core),
        Job.CLEAN: Cleaning(core, clock).clean,
        Job.FEEDS: partial(read_calendars, core, feed_reader),
        Job.ALARM: partial(sound_alarms, alarms),
    }
    tickers = [
        Ticker(job, run, job_queue=job_queue, clock=clock, notes=Notes(core, job, clock)) for job, run in work.items()
    ]

    def wake() -> None:
        for ticker in tickers:
            ticker.wake()

    alarms.listen(partial(asyncio.get_running_loop().call_soon_threadsafe, tickers[-1].wake))
    core.on_news = wake
    clock.on_move(wake)
    wake()
    return Jobs(dispatchers, tickers, alarms)


async def deliver(dispatcher: Dispatcher) -> Ran:
    due_at = await dispatcher.deliver_due()
    return Ran(dispatcher.last.done, due_at)


async def sound_alarms(alarms: Alarms) -> Ran:
    return Ran(await alarms.write())


async def expire_requests(core: Core) -> Ran:
    """Expire the requests that nobody answered in time; run again when the next one expires."""
    async with core.read() as work:
        lapsed = await bookings.lapsed(work)
    done, error = await _one_by_one(core, bookings.expire, lapsed, failing="a request can't be expired")
    async with core.read() as work:
        # A request that can't be expired stays overdue: if its time were the next run, the job would never pause
        return Ran(done, await bookings.next_lapse(work) if error is None else None, error)


async def settle_lessons(core: Core) -> Ran:
    """Complete past lessons whose outcome nobody has entered; run again when the next one is due."""
    async with core.read() as work:
        unsettled = await outcomes.unsettled(work)
    done, error = await _one_by_one(core, outcomes.complete_by_time, unsettled, failing="a lesson can't be settled")
    async with core.read() as work:
        return Ran(done, await outcomes.next_to_settle(work) if error is None else None, error)


async def read_calendars(core: Core, feed_reader: FeedReader) -> Ran:
    """
    Read the feeds that are due, a few at once, until none is left. Like cleaning, it does not ask for its next run.
    """
    done, broken, is_more = 0, None, True
    while is_more:
        async with core.begin() as work:
            due = await feeds.claim(work, limit=FEEDS_AT_ONCE)
        ends = await asyncio.gather(*(feed_reader.sync(core, source) for source in due), return_exceptions=True)
        for source, end in zip(due, ends, strict=True):
            if isinstance(end, Exception):
                logger.error("a calendar can't be read", exc_info=end, extra={"feed": source.id})
                broken = type(end).__name__
        done, is_more = done + len(due), len(due) == FEEDS_AT_ONCE
    return Ran(done, error=broken)


class Cleaning:
    """Clean once an hour, however often it is started. It does not ask for its next run: see Jobs.due_at."""

    def __init__(self, core: Core, clock: Callable[[], datetime]) -> None:
        self._core = core
        self._clock = clock
        self._began_at: datetime | None = None

    async def clean(self) -> Ran:
        now = self._clock()
        if _is_within(CLEANS_EVERY, since=self._began_at, now=now):
            return Ran()
        self._began_at = now
        return Ran(await clean(self._core))


async def clean(core: Core) -> int:
    """Clean everything, one batch in each transaction, so that nobody waits for long; return the number of rows."""
    done = 0
    for step in (cleaning.mark_past, cleaning.clean):
        batch = cleaning.BATCH
        while batch >= cleaning.BATCH:
            async with core.begin() as work:
                batch = await step(work)
            done += batch
    async with core.begin() as work:
        return done + await queue.call_off_closed(work)


async def _one_by_one(
    core: Core, deed: Callable[..., Awaitable[bool]], booking_ids: Sequence[int], *, failing: str
) -> tuple[int, str | None]:
    """Call `deed` for each booking in its own transaction, so that a failure does not stop the others."""
    done, broken = 0, None
    for booking_id in booking_ids:
        try:
            async with core.begin() as work:
                done += await deed(work, booking_id=booking_id)
        except Exception as error:
            logger.exception(failing, extra={"booking": booking_id})
            broken = type(error).__name__
    return done, broken


def _is_within(length: timedelta, *, since: datetime | None, now: datetime) -> bool:
    """Whether `now` is less than `length` after `since`; False if the clock was set back."""
    return since is not None and timedelta() <= now - since < length
