"""Two processes that share nothing but a PostgreSQL database ask for the same times at the same instant."""

import asyncio
import json
import sys
from datetime import timedelta
from typing import Any

import pytest

from core.startup import open_core
from db.models.booking import Booking
from db.settings import DatabaseSettings
from tests import builders
from tests.conftest import MONDAY
from tests.core import tables
from tests.e2e.processes import LONG, ROOT

pytestmark = pytest.mark.xdist_group("e2e")

HOURS = 8


async def test_each_time_goes_to_one_of_two_students_and_the_other_sees_what_is_left(
    postgresql_database: DatabaseSettings,
) -> None:
    core = open_core(postgresql_database, clock=lambda: MONDAY)
    olena = await builders.tutor(core)
    students = [await builders.person(core, name) for name in ("Іра", "Макс")]
    nine = (MONDAY + timedelta(days=1)).replace(hour=7)
    starts = [(nine + number * timedelta(hours=1)).isoformat() for number in range(HOURS)]

    asking = [postgresql_database.url, str(olena.id)], [MONDAY.isoformat(), *starts]
    processes = [await _begun(*asking[0], str(student.id), *asking[1]) for student in students]
    told = await _told_at_once(processes)

    for at, outcomes in zip(starts, zip(*told, strict=True), strict=True):
        (turned_away,) = [each for each in outcomes if each["why"]]
        assert turned_away["why"].endswith("has just been taken. Pick another time.")
        assert at not in turned_away["free"]
    lessons = await tables.rows(core, Booking)
    assert sorted(lesson.starts_at.isoformat() for lesson in lessons) == starts
    assert [sum(each["why"] is None for each in one) for one in told] == [
        sum(lesson.student_id == student.id for lesson in lessons) for student in students
    ]
    await core.close()


async def _begun(*words: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    command = sys.executable, "-m", "tests.e2e.student", *words
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)


async def _told_at_once(processes: list[asyncio.subprocess.Process]) -> list[list[dict[str, Any]]]:
    """Let them go when all are ready; wait for all of them, whatever becomes of one."""
    try:
        async with asyncio.timeout(LONG):
            for process in processes:
                assert process.stdout
                assert await process.stdout.readline() == b"ready\n"
            told = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
                await process.wait()
    return [json.loads(out) for out, _ in told]
