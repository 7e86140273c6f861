"""Several processes on one PostgreSQL: one receives, another takes over when it dies."""

import asyncio
import time

import asyncpg
import pytest

from db.settings import DatabaseSettings
from tests.e2e.chats import open_chats
from tests.e2e.kills import MONDAY
from tests.e2e.processes import LONG, Tutorbot, free_port, kill

pytestmark = pytest.mark.xdist_group("e2e")

TAKES_OVER_WITHIN = 10
END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1"


async def shared_house(tutorbot: Tutorbot, database: DatabaseSettings) -> dict[str, str]:
    """Start a sandbox; return the variables of processes that share it and this database."""
    port = free_port()
    await tutorbot.is_up("sandbox", TUTORBOT_SANDBOX_PORT=str(port))
    return {"TUTORBOT_API_URL": f"http://127.0.0.1:{port}", "TUTORBOT_DATABASE__URL": database.url}


async def test_a_standby_takes_over_from_a_killed_leader(
    tutorbot: Tutorbot, postgresql_database: DatabaseSettings
) -> None:
    shared = await shared_house(tutorbot, postgresql_database)
    first, said = await tutorbot.is_up("run", **shared)
    assert "is listening" in said
    second, said = await tutorbot.is_up("run", **shared)
    assert "stands by" in said
    async with open_chats(shared["TUTORBOT_API_URL"]) as chats:
        await chats.connect()
        await chats.set_clock(MONDAY)
        olena = chats.named("Olena")
        await chats.speaks(olena, "en")
        await olena.says("/start")
        await chats.until(lambda: olena.saw("What brings you here?", since=0), "the leader answers")
        await kill(first)
        killed_at = time.monotonic()
        await olena.taps("I teach")
        await chats.until(lambda: olena.saw("Where are you?", since=0), "the standby answers")
        assert time.monotonic() - killed_at < TAKES_OVER_WITHIN
    assert second.stdout
    async with asyncio.timeout(TAKES_OVER_WITHIN):
        assert b"is listening" in await second.stdout.readline()


async def test_who_loses_the_connection_loses_the_lead_and_wins_it_again(
    tutorbot: Tutorbot, postgresql_database: DatabaseSettings
) -> None:
    shared = await shared_house(tutorbot, postgresql_database)
    first, _ = await tutorbot.is_up("run", **shared)
    connection = await asyncpg.connect(postgresql_database.url.replace("+asyncpg", ""))
    await connection.execute(END_SESSIONS, "tutorbot leader")
    await connection.close()
    assert first.stdout
    async with asyncio.timeout(LONG):
        assert b"is listening" in await first.stdout.readline()
    assert "the lead is lost" in tutorbot.log.read_text()


async def test_a_second_process_on_an_embedded_database_says_that_it_may_not_start(tutorbot: Tutorbot) -> None:
    port = free_port()
    await tutorbot.is_up("sandbox", TUTORBOT_SANDBOX_PORT=str(port))
    there = {"TUTORBOT_API_URL": f"http://127.0.0.1:{port}"}
    await tutorbot.is_up("run", **there)
    second = await tutorbot.begins("run", **there)
    await second.communicate()
    assert second.returncode == 1
    told = tutorbot.log.read_text().splitlines()[-1]
    assert "another process uses sqlite" in told
    assert "PostgreSQL" in told
