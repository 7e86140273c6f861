"""One leads, the next waits, and who has lost the lead learns of it; an embedded database has one process."""

import asyncio

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


async def test_an_embedded_database_has_one_process(sqlite_database):
    with leader.alone(sqlite_database), pytest.raises(DatabaseInUse), leader.alone(sqlite_database):
        pass
    with leader.alone(sqlite_database):
        async with leading(sqlite_database, asyncio.Event()) as lost:
            assert not lost.done()


def test_a_server_is_there_for_several(postgresql_database):
    with leader.alone(postgresql_database), leader.alone(postgresql_database):
        pass
