"""Measure the queue: the cost of a claim, the rate compared with the allowed one, and how long people wait."""

import asyncio
import pickle
import random
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import psutil
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import create_engine, insert, literal, select, text

from bench.faults.bulk import lessons_at
from bench.faults.people import opened_core, quiet_sandbox, until
from bench.faults.table import Row
from bench.faults.town import MONDAY, Phone, Town, deliveries, waiting
from bot.run.opening import SANDBOX_TOKEN
from bot.sandbox.faults.faults import Fault, FaultKind
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running
from core.delivery import queue
from core.startup import Core
from db.base import table
from db.enums import ChannelKind, DeliveryStatus
from db.models.reminder import Reminder
from db.settings import DatabaseSettings
from tests.e2e.processes import Tutorbot

SAME = 1.5
CLAIM, ROUNDS = 50, 40
RATE, QUEUE_SHARE, NEAR = 28, 6 / 7, 0.95
CALL = 0.05
PATIENT = 0.3
LATE = 2.0
START = 30  # seconds in which the bot has to be up
LOOKING = ("/lessons", "/settings", "/help")
EVERY = 6.0  # seconds between one person's questions


class RolledBackError(Exception):
    """Raised to roll back what was measured."""


# What a claim costs


async def claims(small: DatabaseSettings, large: DatabaseSettings, *, rows: int, name: str) -> Row:
    """Claim from a table of a thousand rows and from a large one, in turn."""
    row = Row(f"a claim of {CLAIM}, {name}")
    async with opened_core(small, lambda: MONDAY) as few, opened_core(large, lambda: MONDAY) as many:
        for core, size in ((few, 1_000), (many, rows)):
            await _fill(core, size)
        took: dict[str, list[float]] = {"few": [], "many": []}
        for number in range(ROUNDS):
            for key, core in (("few", few), ("many", many)):
                seconds = await _claim(core)
                if number >= ROUNDS // 5:  # the first ones warm up
                    took[key].append(seconds)
        few_kb, many_kb = await _peak_kb(_claim(few)), await _peak_kb(_claim(many))
    few_ms, many_ms = (1000 * median(took[key]) for key in ("few", "many"))
    row.figures = {
        "ms of 1,000 rows": few_ms,
        f"ms of {rows:,} rows": many_ms,
        "times as much": many_ms / few_ms,
        "kB of memory": few_kb,
        "kB of memory of many": many_kb,
    }
    row.demand(f"the same within {SAME}", many_ms / few_ms <= SAME)
    return row


async def _fill(core: Core, size: int) -> None:
    """Make one lesson with `size` sent reminders, and some that are due."""
    await lessons_at(core, Town(quiet_sandbox(), 0), [MONDAY + timedelta(days=3)], befores=())
    async with core.begin() as work:
        lesson = (await work.session.execute(text("SELECT id, student_id FROM booking"))).one()
        made = {"booking_id": lesson.id, "recipient_id": lesson.student_id}
        await _insert(work.session, size - 2 * CLAIM, status=DeliveryStatus.SENT, since=1_000, **made)
        await _insert(work.session, 2 * CLAIM, status=DeliveryStatus.PENDING, since=0, **made)
    async with core._database.writer.connect() as connection:  # noqa: SLF001
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).exec_driver_sql("ANALYZE")


async def _insert(session: Any, count: int, *, status: DeliveryStatus, since: int, **of: int) -> None:
    number = select(literal(1).label("n")).cte("numbers", recursive=True)
    number = number.union_all(select(number.c.n + 1).where(number.c.n < count))
    columns = table(Reminder).c
    due_at = MONDAY - timedelta(hours=1)
    values = of | {
        "reminder_type": ChannelKind.PUSH,
        "status": status,
        "scheduled_for": due_at,
        "next_try_at": due_at,
        "retry_count": 0,
        "max_retries": 40,
    }
    chosen = [literal(value, columns[name].type).label(name) for name, value in values.items()]
    rows = select(*chosen, (number.c.n + since).label("minutes_before"))
    await session.execute(insert(table(Reminder)).from_select([*values, "minutes_before"], rows))


async def _claim(core: Core) -> float:
    seconds = 0.0
    try:
        async with core.begin() as work:
            begun = perf_counter()
            claimed = await queue.claim(work, limit=CLAIM)
            seconds = perf_counter() - begun
            assert len(claimed) == CLAIM
            raise RolledBackError
    except RolledBackError:
        return seconds


async def _peak_kb(taking: Awaitable[object]) -> float:
    """Return the peak of Python's memory during this work; don't use it in a timed run."""
    tracemalloc.start()
    try:
        await taking
        return tracemalloc.get_traced_memory()[1] / 1024
    finally:
        tracemalloc.stop()


# Beside APScheduler's own store


def tick() -> None:
    """The function of a stored job; it does nothing."""


async def beside_apscheduler(settings: DatabaseSettings, *, jobs: int) -> Row:
    """Take fifty due rows, each way with all that makes them taken: a commit; there a removal for each job."""
    row = Row("beside APScheduler's job store")
    with tempfile.TemporaryDirectory() as folder:
        theirs, theirs_kb = await _take_jobs(f"sqlite:///{folder}/jobs.sqlite3", jobs)
    async with opened_core(settings, lambda: MONDAY) as core:
        await _fill(core, jobs)
        ours_kb = await _peak_kb(_claim(core))
        begun = perf_counter()
        async with core.begin() as work:
            claimed = await queue.claim(work, limit=CLAIM)
        ours = perf_counter() - begun
        assert len(claimed) == CLAIM
    row.figures = {
        "jobs": jobs,
        "ms theirs": 1000 * theirs,
        "ms ours": 1000 * ours,
        "times as fast": theirs / ours,
        "kB of memory theirs": theirs_kb,
        "kB of memory ours": ours_kb,
    }
    row.demand("not slower than a job store", ours <= theirs)
    return row


async def _take_jobs(url: str, count: int) -> tuple[float, float]:
    engine = create_engine(url)
    store = SQLAlchemyJobStore(engine=engine)
    scheduler = BackgroundScheduler()
    store.start(scheduler, "default")
    state = Job(
        scheduler, id="1", func=tick, trigger=DateTrigger(MONDAY), executor="default", args=(), kwargs={}, name="tick",
        misfire_grace_time=1, coalesce=True, max_instances=1, next_run_time=MONDAY,
    ).__getstate__()  # fmt: skip
    rows = [_job(state, number) for number in range(count)]
    with engine.begin() as connection:
        connection.execute(insert(store.jobs_t), rows)
    peak_kb = await _peak_kb(_due_jobs(store))
    begun = perf_counter()
    due = store.get_due_jobs(MONDAY)
    for job in due[:CLAIM]:
        store.remove_job(job.id)
    seconds = perf_counter() - begun
    assert len(due) == CLAIM
    store.shutdown()
    return seconds, peak_kb


async def _due_jobs(store: SQLAlchemyJobStore) -> None:
    store.get_due_jobs(MONDAY)


def _job(state: dict[str, Any], number: int) -> dict[str, Any]:
    at = MONDAY if number < CLAIM else MONDAY + timedelta(seconds=number)
    mine = state | {"id": str(number), "next_run_time": at}
    return {"id": str(number), "next_run_time": at.timestamp(), "job_state": pickle.dumps(mine)}


# At the allowed rate


@asynccontextmanager
async def _bot(settings: DatabaseSettings, sandbox: Sandbox) -> AsyncIterator[psutil.Process]:
    with tempfile.TemporaryDirectory() as folder:
        tutorbot = Tutorbot(Path(folder))
        async with running(sandbox) as url:
            try:
                process, _ = await tutorbot.is_up(
                    "run",
                    TUTORBOT_API_URL=url,
                    TUTORBOT_DATABASE__URL=settings.url,
                    TUTORBOT_RATE=str(RATE),
                    TUTORBOT_LOG_LEVEL="WARNING",
                )
                yield psutil.Process(process.pid)
            finally:
                await tutorbot.kill_all()


async def at_the_rate(settings: DatabaseSettings, *, reminders: int, people: int, seed: int) -> Row:
    """All reminders are due at one instant; meanwhile people look around, and each call takes its time."""
    row = Row("reminders at the allowed rate")
    sandbox, town = _lagging(seed)
    starts_at = MONDAY + timedelta(days=2)
    sandbox.clock.set(starts_at - timedelta(minutes=61))
    async with opened_core(settings, sandbox.clock.now) as core:
        await lessons_at(core, town, [starts_at] * (reminders // 2), befores=(60,))
        async with _bot(settings, sandbox) as process:
            waits: list[float] = []
            looking = [asyncio.create_task(_look_around(town.phones[id_], waits)) for id_ in town.students[:people]]
            await asyncio.sleep(3)
            waits.clear()
            sandbox.clock.set(starts_at - timedelta(minutes=60))
            done = await until(lambda: len(town.heard) >= reminders, within=reminders / RATE * 4 + 30)
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)
            rss_mb = process.memory_info().rss / 2**20
    at = sorted(heard.at for heard in town.heard)
    rate = (len(at) - 1) / (at[-1] - at[0]) if len(at) > 1 else 0.0
    share, allowed = rate / (RATE * QUEUE_SHARE), RATE * QUEUE_SHARE
    p99 = quantiles(waits, n=100)[98] if len(waits) > 1 else 0.0
    row.figures = {
        "reminders": len(at),
        "a second": rate,
        f"of the {allowed:.0f} allowed": f"{share:.0%}",
        "answers": len(waits),
        "ms the slowest of 100 waits": 1000 * p99,
        "MB of memory": rss_mb,
        "refused with 429": sum(call["status"] == 429 for call in sandbox.calls),
    }
    row.demand("all arrive", done)
    row.demand(f"at {NEAR:.0%} of the rate", share >= NEAR)
    row.demand(f"answers within {PATIENT} s", p99 <= PATIENT)
    return row


def _lagging(seed: int) -> tuple[Sandbox, Town]:
    sandbox = Sandbox(token=SANDBOX_TOKEN, first_people=False)
    for method in ("send*", "edit*", "answer*"):
        sandbox.faults.add(Fault(FaultKind.LATENCY, method=method, seconds=CALL))
    return sandbox, Town(sandbox, seed, patience=10)


async def _look_around(phone: Phone, waits: list[float]) -> None:
    chance = random.Random(phone.id)
    while True:
        await asyncio.sleep(chance.uniform(0, 2 * EVERY))
        shown, begun = phone.screen, perf_counter()
        phone.town.sandbox.say(phone.id, chance.choice(LOOKING))
        if await phone.until(lambda: phone.screen is not shown):  # noqa: B023
            waits.append(perf_counter() - begun)


async def lateness(settings: DatabaseSettings, *, seconds: int, a_second: int, seed: int) -> Row:
    """Reminders come due all the time, fewer than may be sent: each goes out at its instant."""
    row = Row("lateness within the rate")
    sandbox, town = _lagging(seed)
    count = seconds * a_second
    # By the machine's own clock: one that follows the sandbox's may be a second off
    first = sandbox.clock.now() + timedelta(minutes=60, seconds=START)
    starts = [first + timedelta(seconds=number / a_second) for number in range(count)]
    async with opened_core(settings, sandbox.clock.now) as core:
        await lessons_at(core, town, starts, befores=(60,))
        async with _bot(settings, sandbox):
            clock_ahead = sandbox.clock.now().timestamp() - time.monotonic()
            done = await until(lambda: len(town.heard) >= 2 * count, within=START + seconds + 60)
            await until(lambda: _is_told(core, sandbox), within=10)
        async with core.read() as work:
            due = {(row.telegram_id, row.message_id): row.scheduled_for for row in await deliveries(work)}
    late = [each.at + clock_ahead - _due(due, (each.chat_id, each.message_id), each.at) for each in town.heard]
    p99 = quantiles(late, n=100)[98]
    row.figures = {
        "reminders": len(late),
        "a second": 2 * a_second,
        "ms late, half of them": 1000 * median(late),
        "ms late, 99 of 100": 1000 * p99,
    }
    row.demand("all arrive", done)
    row.demand(f"99 of 100 within {LATE} s", p99 <= LATE)
    return row


def _due(due: dict[tuple[int, int], datetime], key: tuple[int, int], at: float) -> float:
    return due[key].astimezone(UTC).timestamp() if key in due else at


async def _is_told(core: Core, sandbox: Sandbox) -> bool:
    return not await waiting(core, until=sandbox.clock.now())
