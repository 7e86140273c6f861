"""Calendars that follow an address, over real HTTP."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from icalendar import Calendar

from bot.edge.clock import Clock
from bot.sandbox import server as sandbox_server
from bot.settings import Settings
from bot.talk.resources import Resources
from bot.web import server
from core.calendars import export
from core.lessons import bookings, lessons
from core.startup import Core
from tests import builders

TUESDAY_AT_TEN = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
async def address(core: Core) -> AsyncIterator[str]:
    with closing(server.listen("127.0.0.1", 0)) as listener:
        resources = Resources(core, Clock(), Settings(_env_file=None))
        async with server.serving(resources, listener, link="https://t.me/desk_bot"):
            yield server.address_of(listener)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def followed(core: Core) -> tuple[str, lessons.LessonCard]:
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TUESDAY_AT_TEN))
    async with core.begin() as work:
        return await export.open_address(work, person_id=ira.id), lesson


async def test_a_calendar_reads_the_lessons_and_hears_when_there_is_no_news(core, address, session, clock):
    code, lesson = await followed(core)
    url = f"{address}/calendar/{code}.ics"
    async with session.get(url) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        etag = answer.headers["ETag"]
        content = await answer.read()
    calendar = Calendar.from_ical(content)
    assert str(calendar["X-WR-CALNAME"]) == "Заняття"
    [event] = calendar.walk("VEVENT")
    assert (str(event["UID"]), event.start) == (str(lesson.uid), TUESDAY_AT_TEN)
    assert str(event["SUMMARY"]) == "Заняття: Олена"
    assert "VALARM" not in content.decode()
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))

    clock.advance(hours=1)
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        async with session.get(url, headers={"If-None-Match": known}) as answer:
            assert (answer.status, await answer.read()) == (304, b"")
    async with session.head(url) as answer:
        assert (answer.status, answer.headers["ETag"]) == (200, etag)

    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=lesson.student_id, charge_accepted=True)
    async with session.get(url, headers={"If-None-Match": etag}) as answer:
        assert answer.status == 200
        assert answer.headers["ETag"] != etag
        assert b"VEVENT" not in await answer.read()


async def test_an_alarm_is_an_option_of_the_address(core, address, session):
    code, _ = await followed(core)
    for asked, alarms in (("15", 1), ("0", 1), ("-5", 0), ("999999", 0), ("x", 0)):
        async with session.get(f"{address}/calendar/{code}.ics", params={"alarm": asked}) as answer:
            [event] = Calendar.from_ical(await answer.read()).walk("VEVENT")
        found = event.walk("VALARM")
        assert len(found) == alarms, asked
        if asked == "15":
            assert found[0]["TRIGGER"].dt == timedelta(minutes=-15)


async def test_a_wrong_address_says_nothing(core, address, session):
    await followed(core)
    for path in ("/calendar/x.ics", "/calendar/.ics", "/calendar/%00.ics", f"/calendar/{'a' * 500}.ics", "/"):
        async with session.get(address + path) as answer:
            assert (answer.status, await answer.text()) == (404, "not found"), path


async def test_it_tells_whether_the_database_answers(core, address, session):
    async with session.get(f"{address}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok")


@pytest.mark.parametrize("listen", [server.listen, sandbox_server._listener], ids=["web", "sandbox"])
async def test_an_answer_does_not_wait_until_its_first_part_is_acknowledged(listen) -> None:
    delays: asyncio.Queue[int] = asyncio.Queue()

    class Accepting(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted = transport.get_extra_info("socket")
            delays.put_nowait(not accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    with closing(listen("127.0.0.1", 0)) as listener:
        accepting = await asyncio.get_running_loop().create_server(Accepting, sock=listener)
        _, writer = await asyncio.open_connection(*listener.getsockname())
        assert not await delays.get()
        writer.close()
        accepting.close()
