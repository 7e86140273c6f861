"""Killing the process with -9 at any moment and starting again loses nothing that was answered to a person."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.faults.people import until
from bot.run.opening import SANDBOX_TOKEN
from bot.sandbox.faults.faults import Fault, FaultKind
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running
from core.enums import DeliveryStatus, Event, Language
from core.people import people
from core.people.people import Profile
from core.startup import Core, open_core
from db.models.notification import Notification
from db.models.tutor_application import TutorApplication
from db.sent_log import SENT
from db.settings import DatabaseSettings
from tests.core import tables
from tests.e2e.kills import LEASE_IS_OVER, MONDAY, killed_on_the_way
from tests.e2e.processes import LONG, Tutorbot, kill

pytestmark = pytest.mark.xdist_group("e2e")

KILLS = 4
ANSWERS_AFTER = 1.5  # seconds: time to take the database meanwhile


async def test_a_killed_process_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """Both ways at the same time: most of it is waiting."""
    async with asyncio.TaskGroup() as ways:
        for name, apart in (("alone", True), ("both", False)):
            (tmp_path / name).mkdir()
            ways.create_task(nothing_is_lost(Tutorbot(tmp_path / name, is_forked=True), apart=apart))


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


async def test_what_was_sent_and_could_not_be_settled_before_a_kill_is_not_sent_again(tutorbot: Tutorbot) -> None:
    """Somebody else writes to the database while Telegram's answer comes, so that only the log knows of the message."""
    sandbox = Sandbox(token=SANDBOX_TOKEN, flood_limits=False, first_people=False)
    sandbox.clock.set(MONDAY)
    told: list[str] = []
    sandbox.listeners.append(lambda change: told.append(change["kind"]) if "message" in change else None)
    file = tutorbot.folder / "desk.sqlite3"
    settings = DatabaseSettings(url=f"sqlite+aiosqlite:///{file}")
    core = open_core(settings, clock=sandbox.clock.now)
    await core.migrate()
    olena = await _known(core, sandbox, "Olena")
    async with core.begin() as work:
        work.announce(Event.TUTOR_APPROVED, to=olena, once="now", person_id=olena)
        application = TutorApplication(person_id=olena, asked_at=work.now, is_approved=True)
        work.session.add(application)
    sandbox.faults.add(Fault(FaultKind.LATE, method="sendMessage", seconds=ANSWERS_AFTER))
    async with running(sandbox) as address:
        shared = {"TUTORBOT_API_URL": address, "TUTORBOT_DATABASE__URL": settings.url}
        bot, _ = await tutorbot.is_up("run", **shared)
        assert await until(lambda: told == ["message"], within=LONG)
        with closing(sqlite3.connect(file, isolation_level=None)) as somebody_else:
            somebody_else.execute("BEGIN IMMEDIATE")
            assert await until(lambda: SENT in Path(f"{file}.sent").read_text(), within=LONG)
            await kill(bot)
        sandbox.clock.advance(LEASE_IS_OVER)
        await tutorbot.is_up("run", **shared)
        assert await until(lambda: _is_settled(core), within=LONG)
        assert told == ["message"]
        await tutorbot.kill_all()
    await core.close()


async def _known(core: Core, sandbox: Sandbox, name: str) -> int:
    person = sandbox.add_person(name)
    sandbox.record_person(person, started=True)
    async with core.begin() as work:
        actor = await people.arrive(work, Profile(person.id, name, None, None), language=Language.ENGLISH)
    return actor.id


async def _is_settled(core: Core) -> bool:
    return {row.status for row in await tables.rows(core, Notification)} == {DeliveryStatus.SENT}
