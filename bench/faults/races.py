"""
Two processes and 64 tasks want the 20 times of one tutor, round after round.

The rounds are of other tutors, so that everything stays in the tables and SQL can be asked about all of it at the end.
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select, update

from bench.faults.people import opened_core
from bench.faults.table import Row
from core.enums import Language
from core.errors import BookingRefused
from core.hours import availability
from core.hours.availability import WeeklyWindow
from core.lessons import bookings
from core.people import people, tutors
from core.people.people import Profile
from core.startup import Core
from db.base import table
from db.models.booking import Booking
from db.models.person import Person
from db.models.tutor_settings import TutorSettings
from db.settings import DatabaseSettings
from tests.core import tables

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FIRST = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
PROCESSES, TASKS, TIMES = 2, 64, 20
STEP, LESSON, BUFFER = timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=15)
DAYS = 250
WINDOWS = [WeeklyWindow(weekday, time(8), time(14)) for weekday in range(7)]
STUDENT, TUTOR = 1_000, 1_000_000  # ids in Telegram, from here on


async def raced(settings: DatabaseSettings, *, rounds: int, seed: int, name: str = "") -> Row:
    row = Row(f"64 tasks for 20 times, {name or settings.url.partition(':')[0].partition('+')[0]}")
    async with opened_core(settings, lambda: NOW) as core:
        await _furnish(core, rounds)
        racers = [await _racer(settings, part, seed) for part in range(PROCESSES)]
        try:
            answers = [await _round(racers, number) for number in range(rounds)]
        finally:
            for racer in racers:
                racer.kill()
                await racer.communicate()
        overlaps = await tables.collisions(core)
        async with core.read() as work:
            held = len((await work.session.scalars(select(Booking.id))).all())
    row.figures = {
        "rounds": rounds,
        "asked": sum(asked for asked, _ in answers),
        "got one": sum(won for _, won in answers),
        "lessons": held,
        "overlaps": overlaps,
    }
    row.demand("no two lessons overlap, buffers included", overlaps == 0)
    row.demand("who was told of a lesson has it", held == sum(won for _, won in answers))
    row.demand("somebody wins every round", all(won for _, won in answers))
    return row


async def _furnish(core: Core, rounds: int) -> None:
    for number in range(TASKS * 2):
        await _arrive(core, STUDENT + number)
    for number in range(rounds):
        tutor = await _arrive(core, TUTOR + number)
        async with core.begin() as work:
            await tutors.become(work, person_id=tutor)
            await availability.set_week(work, tutor_id=tutor, windows=WINDOWS)
            settings = table(TutorSettings)
            wanted = {
                "timezone": "UTC",
                "default_lesson_duration": LESSON,
                "slot_step": STEP,
                "buffer_before": BUFFER,
                "max_booking_advance": 365,
            }
            await work.session.execute(update(settings).where(settings.c.tutor_id == tutor).values(**wanted))


async def _arrive(core: Core, telegram_id: int) -> int:
    async with core.begin() as work:
        actor = await people.arrive(work, Profile(telegram_id, "Ira", None, None), language=Language.ENGLISH)
        await people.choose_timezone(work, person_id=actor.id, timezone="UTC")
    return actor.id


async def _racer(settings: DatabaseSettings, part: int, seed: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.faults.races", settings.url, str(part), str(seed)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def _round(racers: Sequence[asyncio.subprocess.Process], number: int) -> tuple[int, int]:
    """Start both at once; return the number of requests and of bookings."""
    for racer in racers:
        assert racer.stdin
        racer.stdin.write(f"{number}\n".encode())
    asked = won = 0
    for racer in racers:
        assert racer.stdout
        async with asyncio.timeout(120):
            line = await racer.stdout.readline()
        assert line, "a racer died"
        counts = [int(each) for each in line.split()]
        asked, won = asked + counts[0], won + counts[1]
    return asked, won


async def race(url: str, part: int, seed: int) -> None:
    """One of the processes: a round for each number that comes in."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with opened_core(DatabaseSettings(url=url), lambda: NOW) as core:
        async with core.read() as work:
            ids = dict((await work.session.execute(select(Person.telegram_id, Person.id))).all())
        while line := await reader.readline():
            number = int(line)
            tasks = range(part, TASKS, PROCESSES)
            # By turns two crowds, and another day: else a student's own lessons would be in the way
            students = [ids[STUDENT + TASKS * (number % 2) + task] for task in tasks]
            outcomes = await asyncio.gather(
                *(_wants(core, ids[TUTOR + number], student, number, seed) for student in students)
            )
            print(len(outcomes), sum(outcomes), flush=True)


async def _wants(core: Core, tutor: int, student: int, number: int, seed: int) -> bool:
    """Ask for one of the times; return whether it was booked."""
    wished = FIRST + timedelta(days=number % DAYS) + random.Random(f"{seed} {number} {student}").randrange(TIMES) * STEP
    try:
        async with core.begin() as work:
            await bookings.request(work, tutor_id=tutor, student_id=student, starts_at=wished)
    except BookingRefused:
        return False
    return True


if __name__ == "__main__":
    given = argparse.ArgumentParser()
    given.add_argument("url")
    given.add_argument("part", type=int)
    given.add_argument("seed", type=int)
    chosen = given.parse_args()
    asyncio.run(race(chosen.url, chosen.part, chosen.seed))
