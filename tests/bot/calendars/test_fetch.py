"""Calendars are fetched from public places only, within limits, and nobody learns their addresses."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.calendars import fetch as feed_fetch
from bot.calendars.fetch import Fetcher
from core.calendars.feed_reading.expand import LARGEST
from core.errors import AddressForbidden, AddressRefuses, AddressSilent, BadAddress, CalendarTooLarge

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
INSIDE = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("100.100.100.200", "192.0.2.1", "168.63.129.16", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::"),
]
SECRET = "private-0123456789abcdef"


@asynccontextmanager
async def serving(answer) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application, handler_cancellation=True, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/{SECRET}"
    finally:
        await runner.cleanup()


def always(**answer):
    async def say(_: web.Request) -> web.Response:
        return web.Response(**answer)

    return say


def moved_to(where: str):
    return always(status=302, headers={"Location": where})


async def fetch(address: str, *, seconds: float = 5, **known):
    return await Fetcher(may_go=feed_fetch.is_anywhere, seconds=seconds).fetch(address, **known)


async def test_a_calendar_comes_with_the_servers_words_for_it_and_does_not_come_twice():
    async def answer(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"7"':
            return web.Response(status=304)
        assert "Cookie" not in request.headers
        headers = {"ETag": '"7"', "Last-Modified": "Mon, 23 Nov 2026 08:00:00 GMT", "Set-Cookie": "who=you"}
        return web.Response(body=CALENDAR, headers=headers)

    async with serving(answer) as address:
        first = await fetch(address)
        assert first is not None
        assert (first.content, first.etag) == (CALENDAR, '"7"')
        assert first.last_modified == "Mon, 23 Nov 2026 08:00:00 GMT"
        assert await fetch(address, etag=first.etag, last_modified=first.last_modified) is None


async def test_an_address_may_lead_on_a_few_times_and_not_for_ever():
    async def lead_on(request: web.Request) -> web.Response:
        step = int(request.query.get("step", 0))
        if step < int(request.query.get("of", 3)):
            return web.Response(status=302, headers={"Location": f"?step={step + 1}&of={request.query.get('of', 3)}"})
        return web.Response(body=CALENDAR)

    async with serving(lead_on) as address:
        found = await fetch(address)
        assert found is not None
        assert found.content == CALENDAR
        with pytest.raises(AddressRefuses):
            await fetch(f"{address}?of=4")


@pytest.mark.parametrize("where", ["file:///etc/passwd", "ftp://example.org/a", "gopher://example.org"])
async def test_an_address_that_leads_off_the_web_is_left(where):
    async with serving(moved_to(where)) as address:
        with pytest.raises(BadAddress):
            await fetch(address)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_this_machine_is_not_spoken_to_whatever_it_is_called(name):
    heard = []

    async def answer(_: web.Request) -> web.Response:
        heard.append(name)
        return web.Response(body=CALENDAR)

    async with serving(answer) as address:
        with pytest.raises(AddressForbidden):
            await Fetcher().fetch(address.replace("127.0.0.1", name))
    assert heard == []


async def test_each_address_on_the_way_is_looked_at_anew():
    looked_at = []

    def only_at_first(host: str) -> bool:
        looked_at.append(host)
        return len(looked_at) == 1

    async with serving(moved_to("/inside")) as address:
        with pytest.raises(AddressForbidden):
            await Fetcher(may_go=only_at_first).fetch(address)
    assert looked_at == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize("inside", INSIDE)
def test_what_is_no_public_place(inside):
    assert not feed_fetch.is_public(inside)


@pytest.mark.parametrize("public", ["8.8.8.8", "142.250.74.46", "2a00:1450:400f::200e", "::ffff:8.8.8.8"])
def test_what_is_a_public_place(public):
    assert feed_fetch.is_public(public)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" webcal://p1.icloud.com/a ", "https://p1.icloud.com/a"),
        ("HTTPS://Calendar.Google.com/ical/x/basic.ics#top", "https://calendar.google.com/ical/x/basic.ics"),
        ("http://school.ua:8080/a.ics?b=c", "http://school.ua:8080/a.ics?b=c"),
    ],
)
def test_what_people_type_as_an_address(typed, meant):
    assert str(feed_fetch.url_of(typed)) == meant


@pytest.mark.parametrize(
    "typed", ["", "hello", "example.org", "file:///etc/passwd", "https://", "https://a b", "http://[1", "x" * 3000]
)
def test_what_is_no_address(typed):
    with pytest.raises(BadAddress):
        feed_fetch.url_of(typed)


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_server_that_refuses_is_told_by_its_number(status):
    async with serving(always(status=status)) as address:
        with pytest.raises(AddressRefuses) as refused:
            await fetch(address)
    assert refused.value.status == status


@pytest.mark.parametrize("says_so", [True, False])
async def test_a_large_answer_is_not_read_to_its_end(says_so):
    sent = []

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": str(50 * 1024 * 1024)} if says_so else {})
        await answer.prepare(request)
        for _ in range(50):
            await answer.write(bytes(1024 * 1024))
            sent.append(1)
        return answer

    async with serving(endless) as address:
        with pytest.raises(CalendarTooLarge) as refused:
            await fetch(address)
    assert refused.value.limit == LARGEST
    assert len(sent) < 20


async def test_a_small_answer_that_unpacks_into_a_large_one_is_not_unpacked_to_its_end():
    bomb = gzip.compress(bytes(200 * 1024 * 1024), compresslevel=1)
    async with serving(always(body=bomb, headers={"Content-Encoding": "gzip"})) as address:
        with pytest.raises(CalendarTooLarge):
            await fetch(address)


async def test_a_slow_server_is_left_after_a_while_however_little_it_says():
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b".")
            await asyncio.sleep(0.02)

    async with serving(drip) as address:
        with pytest.raises(AddressSilent):
            await fetch(address, seconds=0.2)


async def test_a_refusal_and_the_log_say_nothing_of_the_address(caplog):
    caplog.set_level(logging.DEBUG)
    async with serving(always(body=CALENDAR, headers={"Content-Encoding": "gzip"})) as address:
        with pytest.raises(AddressSilent) as refused:
            await fetch(address)
    with pytest.raises(AddressSilent):
        await fetch(address)  # nobody is there any more
    assert SECRET not in f"{refused.value!r} {refused.value.__cause__} {caplog.text}"
    assert refused.value.__suppress_context__
