"""One leads, the next waits, and who has lost the lead learns of it; an embedded database has one process."""

import asyncio
import gc

import asyncpg
import pytest

from db import leader
from db.leader import DatabaseInUse

SOON = 10


class Sleeps:
    """Time that passes as soon as everybody else has had a turn."""

    async def __call__(self, _: float) -> None:
        await asyncio.sleep(0.01)


def leading(settings, waits: asyncio.Event):
    return leader.leading(settings, on_wait=waits.set, sleep=Sleeps())


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


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_who_loses_the_connection_loses_the_lead(postgresql_database):
    async with asyncio.timeout(SOON), leading(postgresql_database, asyncio.Event()) as lost:
        await end_sessions(postgresql_database, "tutorbot leader")
        await lost
    async with asyncio.timeout(SOON), leading(postgresql_database, asyncio.Event()) as lost:
        assert not lost.done()
    gc.collect()  # the driver leaves the socket of a connection that the server has ended to this


async def end_sessions(settings, name: str) -> None:
    connection = await asyncpg.connect(settings.url.replace("+asyncpg", ""))
    await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", name)
    await connection.close()


async def test_an_embedded_database_has_one_process(sqlite_database):
    with leader.alone(sqlite_database), pytest.raises(DatabaseInUse), leader.alone(sqlite_database):
        pass
    with leader.alone(sqlite_database):
        async with leading(sqlite_database, asyncio.Event()) as lost:
            assert not lost.done()


def test_a_server_is_there_for_several(postgresql_database):
    with leader.alone(postgresql_database), leader.alone(postgresql_database):
        pass
