"""Killing the process with -9 at any moment and starting again loses nothing that was answered to a person."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.kills import killed_on_the_way
from tests.e2e.processes import Tutorbot, kill

pytestmark = pytest.mark.xdist_group("e2e")


KILLS = 4


async def test_a_killed_process_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """Both ways at the same time: most of it is waiting."""
    async with asyncio.TaskGroup() as ways:
        for name, apart in (("alone", True), ("both", False)):
            (tmp_path / name).mkdir()
            ways.create_task(nothing_is_lost(Tutorbot(tmp_path / name), apart=apart))


async def nothing_is_lost(tutorbot: Tutorbot, *, apart: bool) -> None:
    try:
        report = await killed_on_the_way(tutorbot, apart=apart, kills=KILLS, seed=1, share=0.2)
    finally:
        await tutorbot.kill_all()
    assert sum(report.kills.values()) == KILLS
    assert report.lost == []
    assert report.doubled_without_a_kill == []
    assert "Traceback" not in tutorbot.log.read_text()


async def test_a_second_start_on_the_same_data_says_that_it_is_in_use(tutorbot: Tutorbot) -> None:
    await tutorbot.start(port=0)
    second = await tutorbot.begins("start", TUTORBOT_SANDBOX_PORT="0")
    await second.communicate()
    assert second.returncode == 1
    assert "another sandbox uses data; is it running already?" in tutorbot.log.read_text()


async def test_what_is_left_of_a_killed_start_does_not_hold_up_the_next(tutorbot: Tutorbot) -> None:
    process, _ = await tutorbot.is_up("start", TUTORBOT_SANDBOX_PORT="0")
    await kill(process)
    assert await tutorbot.start(port=0)
