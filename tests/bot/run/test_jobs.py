import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from telegram.ext import Application, JobQueue

from bot.calendars.feed_reader import FeedReader
from bot.delivery.dispatcher import Tally
from bot.edge.clock import Clock
from bot.run import jobs
from bot.run.jobs import NEWS_GATHERS, SAFETY_TICK, Cleaning, Notes, Ran, Ticker
from core.calendars import feeds
from core.calendars.feed_reading.busy_times import Reading
from core.calendars.feeds import Found
from core.enums import BookingStatus, ChannelKind, Event, Job
from core.hours import tutor_slots
from core.lessons import bookings, outcomes
from core.operating import job_runs
from core.people.people import Actor
from core.pure.planning.values import Span
from core.startup import Core, open_core
from db.models.booking import Booking
from db.models.external_calendar import ExternalCalendar
from db.models.job_run import JobRun
from db.models.notification import Notification
from db.models.time_slot import TimeSlot
from tests import builders
from tests.conftest import MONDAY, FrozenClock
from tests.core.tables import rows

AT_ONCE = timedelta()
THURSDAY_NOON = MONDAY.replace(day=26, hour=10)


class WatchedQueue(JobQueue):
    """APScheduler as it is; `waits` is what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[tuple[str, timedelta]] = []

    def run_once(self, callback, when, **options):
        self.waits.append((options["name"], when))
        return super().run_once(callback, when, **options)

    def planned(self) -> list[str]:
        return [job.name for job in self.jobs()]


@pytest.fixture
def queue() -> WatchedQueue:
    return WatchedQueue()


@pytest.fixture
def application(queue: WatchedQueue) -> Application:
    return Application.builder().token("1:token").updater(None).job_queue(queue).build()


class Errand:
    """A job that counts its runs and answers as told; with a gate it stays inside until that opens."""

    def __init__(self) -> None:
        self.next: datetime | Exception | None = None
        self.done = 0
        self.gate: asyncio.Event | None = None
        self.began = asyncio.Event()
        self.runs = self.inside = self.most_inside = 0

    async def __call__(self) -> Ran:
        self.runs += 1
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        self.began.set()
        try:
            if self.gate:
                await self.gate.wait()
        finally:
            self.inside -= 1
        if isinstance(self.next, Exception):
            raise self.next
        return Ran(self.done, self.next)


@pytest.fixture
def errand() -> Errand:
    return Errand()


@pytest.fixture
def ticker(errand: Errand, queue: WatchedQueue, clock: FrozenClock) -> Ticker:
    return Ticker("errand", errand, job_queue=queue, clock=clock)


@pytest.mark.parametrize(
    ("due_in", "wait"),
    [
        (timedelta(seconds=12), timedelta(seconds=12)),
        (timedelta(hours=5), SAFETY_TICK),
        (None, SAFETY_TICK),
        (timedelta(seconds=-3), AT_ONCE),
    ],
    ids=["soon", "later than the safety tick", "nothing to do", "overdue"],
)
async def test_a_job_runs_again_when_it_asked_for_it(ticker, errand, queue, clock, due_in, wait):
    errand.next = clock.now + due_in if due_in is not None else None
    await ticker.run()
    await ticker.run()
    assert queue.waits == [("errand", wait)] * 2
    assert queue.planned() == ["errand"]


async def test_a_job_that_fails_is_told_and_tried_again(ticker, errand, queue, caplog):
    errand.next = RuntimeError("the database is away")
    await ticker.run()
    assert queue.waits == [("errand", SAFETY_TICK)]
    assert [record.job for record in caplog.records] == ["errand"]


async def test_much_news_replace_the_later_run_by_one_that_is_soon(ticker, errand, queue, clock):
    errand.next = clock.now + timedelta(seconds=20)
    await ticker.run()
    for _ in range(5):
        ticker.wake()
    assert queue.waits[1:] == [("errand", NEWS_GATHERS)]
    assert queue.planned() == ["errand"]


async def test_much_news_during_a_run_lead_to_one_more_and_never_to_two_at_once(ticker, errand, queue):
    errand.gate = asyncio.Event()
    first = asyncio.create_task(ticker.run())
    await errand.began.wait()

    ticker.wake()
    ticker.wake()
    second = asyncio.create_task(ticker.run())
    assert queue.waits == []
    errand.gate.set()
    await asyncio.gather(first, second)

    assert errand.most_inside == 1
    assert queue.waits[0] == ("errand", NEWS_GATHERS)
    assert queue.planned() == ["errand"]


async def test_a_run_that_comes_due_while_the_loop_is_busy_is_not_dropped(ticker, queue):
    ticker.wake()
    [job] = queue.jobs()
    assert job.job.misfire_grace_time is None
    assert (job.job.max_instances, job.job.coalesce) == (1, True)


async def test_the_scheduler_carries_it_out(ticker, errand, queue, application):
    await queue.start()
    ticker.wake()
    async with asyncio.timeout(5):
        await errand.began.wait()
    await ticker.stop()
    await queue.stop()


async def test_stopping_lets_a_run_end_and_plans_nothing_more(ticker, errand, queue):
    errand.gate = asyncio.Event()
    run = asyncio.create_task(ticker.run())
    await errand.began.wait()

    stopping = asyncio.create_task(ticker.stop())
    errand.gate.set()
    await stopping
    ticker.wake()
    await ticker.run()

    assert run.done()
    assert not run.cancelled()
    assert (errand.runs, queue.planned()) == (1, [])


async def test_stopping_cuts_off_a_run_that_does_not_end(ticker, errand):
    errand.gate = asyncio.Event()
    run = asyncio.create_task(ticker.run())
    await errand.began.wait()
    await ticker.stop(grace=0)
    assert run.cancelled()


ALL_JOBS = list(Job)


class Post:
    """A dispatcher with nothing to deliver."""

    is_closed = False
    last = Tally()

    def __init__(self, channel: ChannelKind = ChannelKind.PUSH) -> None:
        self.channel = channel

    async def deliver_due(self) -> datetime | None:
        return None

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
async def scheduled(application: Application, core: Core) -> AsyncIterator[tuple[Clock, Post]]:
    clock, post, mail = Clock.frozen(MONDAY), Post(), Post(ChannelKind.EMAIL)
    at_work = jobs.schedule(application, [post, mail], core, clock, FeedReader())
    yield clock, post
    await at_work.stop()
    assert post.is_closed
    assert mail.is_closed
    assert application.job_queue.planned() == []
    clock.advance(timedelta(days=1))
    assert application.job_queue.planned() == [], "a jump of the clock wakes what was stopped"


async def test_every_job_runs_at_the_start(queue, scheduled):
    assert queue.waits == [(name, NEWS_GATHERS) for name in ALL_JOBS]


async def test_every_job_is_noted(queue, scheduled, core):
    for job in queue.jobs():
        await _run_now(job.callback)
    assert {row.name for row in await rows(core, JobRun)} == set(ALL_JOBS)


@pytest.mark.parametrize("news", ["something announced", "a clock that was moved"])
async def test_every_job_is_woken_by(queue, scheduled, core, news):
    clock, _ = scheduled
    for job in queue.jobs():
        await _run_now(job.callback)
    assert {wait for _, wait in queue.waits[len(ALL_JOBS) :]} == {SAFETY_TICK}
    before = len(queue.waits)

    if news == "something announced":
        await _announce(core)
    else:
        clock.advance(timedelta(hours=1))

    assert queue.waits[before:] == [(name, NEWS_GATHERS) for name in ALL_JOBS]
    assert sorted(queue.planned()) == sorted(ALL_JOBS)


async def test_an_error_wakes_the_one_who_tells_operators(queue, scheduled):
    before = len(queue.waits)
    for job in queue.jobs():
        await _run_now(job.callback)
    logging.getLogger("bot.somewhere").error("something broke")
    await asyncio.sleep(0)
    assert queue.waits[before + len(ALL_JOBS) :] == [(Job.ALARM, NEWS_GATHERS)]


async def _run_now(callback: Callable[[object], Awaitable[None]]) -> None:
    await callback(None)


async def _announce(core: Core) -> None:
    person = await builders.person(core)
    async with core.begin() as work:
        work.announce(Event.BOOKING_CREATED, to=person.id, once="now")


async def test_a_request_that_nobody_answers_expires_and_both_hear_of_it(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, THURSDAY_NOON)
    assert await jobs.expire_requests(core) == Ran(0, lesson.expires_at)

    clock.now = lesson.expires_at
    assert await jobs.expire_requests(core) == Ran(1)
    await jobs.expire_requests(core)

    assert [row.status for row in await rows(core, Booking)] == [BookingStatus.EXPIRED]
    told = [row.recipient_id for row in await rows(core, Notification) if row.event == Event.BOOKING_EXPIRED]
    assert sorted(told) == sorted([olena.id, ira.id])


async def test_one_request_that_breaks_holds_up_no_other_and_is_not_tried_without_a_pause(core, clock, monkeypatch):
    olena = await builders.tutor(core)
    lessons = [
        await builders.request(core, olena, await builders.person(core), THURSDAY_NOON + timedelta(hours=hour))
        for hour in range(3)
    ]
    clock.now = lessons[0].expires_at
    expire = bookings.expire

    async def breaks_for_the_first(work, *, booking_id):
        if booking_id == lessons[0].id:
            raise RuntimeError("a mistake of ours")
        return await expire(work, booking_id=booking_id)

    monkeypatch.setattr(bookings, "expire", breaks_for_the_first)
    assert await jobs.expire_requests(core) == Ran(2, None, "RuntimeError")

    statuses = [row.status for row in await rows(core, Booking)]
    assert statuses == [BookingStatus.PENDING, BookingStatus.EXPIRED, BookingStatus.EXPIRED]


async def test_a_lesson_nobody_spoke_of_is_settled_once(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY_NOON))
    due_at = lesson.ends_at + timedelta(hours=72)
    assert await jobs.settle_lessons(core) == Ran(0, due_at)

    clock.now = due_at
    assert await jobs.settle_lessons(core) == Ran(1)
    await jobs.settle_lessons(core)
    assert [row.status for row in await rows(core, Booking)] == [BookingStatus.COMPLETED]


async def test_one_lesson_that_breaks_holds_up_no_other(core, clock, monkeypatch):
    olena, ira = await builders.tutor(core), await builders.person(core)
    for hours in (0, 2):
        asked = await builders.request(core, olena, ira, THURSDAY_NOON + timedelta(hours=hours))
        last = await builders.confirm(core, asked)
    clock.now = last.ends_at + timedelta(hours=72)
    complete = outcomes.complete_by_time

    async def breaks_for_the_first(work, *, booking_id):
        if booking_id != last.id:
            raise RuntimeError("a mistake of ours")
        return await complete(work, booking_id=booking_id)

    monkeypatch.setattr(outcomes, "complete_by_time", breaks_for_the_first)
    assert await jobs.settle_lessons(core) == Ran(1, None, "RuntimeError")
    statuses = [row.status for row in await rows(core, Booking)]
    assert statuses == [BookingStatus.CONFIRMED, BookingStatus.COMPLETED]


async def test_cleaning_is_done_once_an_hour_whatever_wakes_it_and_in_batches(core, clock, monkeypatch):
    monkeypatch.setattr("core.operating.cleaning.BATCH", 2)
    olena = await builders.tutor(core)
    await _times_opened(core, olena, count=5)
    cleaning = Cleaning(core, clock)
    clock.advance(days=2)
    assert await cleaning.clean() == Ran(5)
    clock.advance(days=365, minutes=59)
    clock.advance(days=-365)
    assert await cleaning.clean() == Ran(0), "an hour is not over"
    clock.advance(days=365)
    assert await cleaning.clean() == Ran(5)
    assert await rows(core, TimeSlot) == []


async def _times_opened(core: Core, olena: Actor, *, count: int) -> None:
    for hour in range(count):
        at = MONDAY + timedelta(hours=12 + hour)
        async with core.begin() as work:
            await tutor_slots.add_extra(work, tutor_id=olena.id, meant=Span(at, at + timedelta(hours=1)))


@pytest.fixture
def noted(errand: Errand, queue: WatchedQueue, core: Core, clock: FrozenClock) -> Ticker:
    return Ticker("errand", errand, job_queue=queue, clock=clock, notes=Notes(core, Job.EXPIRE, clock))


async def test_what_came_of_a_job_is_noted_and_an_idle_one_seldom(noted, errand, core, clock):
    began = clock.now
    for _ in range(10):
        await noted.run()
        clock.advance(seconds=30)
    assert await _noted(core) == [("expire requests", began, 0, None, None)]

    await noted.run()
    assert await _noted(core) == [("expire requests", clock.now, 0, None, None)]

    errand.done = 3
    clock.advance(seconds=1)
    await noted.run()
    did_at, errand.done, errand.next = clock.now, 0, RuntimeError("the words of somebody")
    assert await _noted(core) == [("expire requests", did_at, 3, None, None)]

    clock.advance(seconds=1)
    await noted.run()
    assert await _noted(core) == [("expire requests", clock.now, 3, clock.now, "RuntimeError")]


async def _noted(core: Core) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await rows(core, JobRun)]


async def test_a_job_whose_run_can_t_be_noted_has_run_all_the_same(noted, queue, core, monkeypatch, caplog):
    monkeypatch.setattr(job_runs, "note", None)
    await noted.run()
    assert queue.waits == [("errand", SAFETY_TICK)]
    assert [record.levelname for record in caplog.records] == ["WARNING"], "no alarm: the job did what it should"


async def test_jobs_of_two_processes_do_everything_once(postgresql_database, clock):
    cores = [open_core(postgresql_database, clock=clock) for _ in range(2)]
    olena, ira = await builders.tutor(cores[0]), await builders.person(cores[0])
    for hours in (0, 2, 4):
        asked = await builders.request(cores[0], olena, ira, THURSDAY_NOON + timedelta(hours=hours))
        if hours:
            await builders.confirm(cores[0], asked)
    await _times_opened(cores[0], olena, count=3)
    clock.now = THURSDAY_NOON + timedelta(days=5)
    for job, done in ((jobs.expire_requests, 1), (jobs.settle_lessons, 2)):
        ran = await asyncio.gather(*(job(core) for core in cores * 4))
        assert (sum(each.done for each in ran), {each.error for each in ran}) == (done, {None}), job
    clock.advance(days=365)
    assert sum(await asyncio.gather(*(jobs.clean(core) for core in cores * 4))) > 6
    assert await jobs.clean(cores[0]) == 0
    for core in cores:
        await core.close()


async def test_an_operator_reads_what_every_job_did_and_has_to_do(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, THURSDAY_NOON)
    async with core.begin() as work:
        await job_runs.note(work, job=Job.CLEAN, done=7)
        await job_runs.note(work, job=Job.EXPIRE, error="RuntimeError")
    before = clock.now
    clock.now = lesson.expires_at
    async with core.read() as work:
        cards = {card.job: card for card in await job_runs.overview(work)}
    assert list(cards) == [job for job in Job if job is not Job.MAIL], "no mail is configured"
    assert (cards[Job.CLEAN].done, cards[Job.CLEAN].next_at) == (7, before + job_runs.CLEANS_EVERY)
    expire = cards[Job.EXPIRE]
    assert (expire.failed_at, expire.error, expire.due, expire.next_at) == (before, "RuntimeError", 1, clock.now)
    assert cards[Job.DELIVER].due == 3, "the request, and the tutor's two nudges"
    assert (cards[Job.SETTLE].ran_at, cards[Job.SETTLE].is_late) == (None, True)


async def test_calendars_are_read_until_none_is_due(core: Core) -> None:
    read = Found(Reading("Work", 0, 0, ()), b"")
    for _ in range(3):
        olena = await builders.tutor(core)
        for number in range(feeds.MOST):
            async with core.begin() as work:
                nowhere = f"http://127.0.0.1/{number}.ics"
                await feeds.add(work, tutor_id=olena.id, name="Work", found=read, address=nowhere)
    async with core.begin() as work:
        await work.session.execute(update(ExternalCalendar).values(next_sync_at=work.now))
    assert await jobs.read_calendars(core, FeedReader()) == Ran(done=15)
    assert {row.failures for row in await rows(core, ExternalCalendar)} == {1}
