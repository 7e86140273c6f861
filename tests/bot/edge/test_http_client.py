import asyncio
import io
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.edge.http_client import (
    AiohttpRequest,
    Broken,
    NotSent,
    Timeouts,
    TokenFilter,
    Unanswered,
    hide_token,
    told_to_wait,
)

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
MESSAGE = {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private"}}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


class Telegram:
    """A server that answers as it is told and remembers what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.fields: dict[str, object] = {}
        self.peers: set[object] = set()
        self.answer: Answer = self.result(MESSAGE)
        self.asked = asyncio.Event()

    def result(self, result: object, **headers: str) -> Answer:
        return self.replies(200, {"ok": True, "result": result}, **headers)

    def replies(self, status: int, body: object, **headers: str) -> Answer:
        async def answer(_: web.Request) -> web.Response:
            return web.json_response(body, status=status, headers=headers)

        return answer

    async def serve(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        self.peers.add(request.transport.get_extra_info("peername"))
        self.fields = {
            name: value if isinstance(value, str) else (value.filename, value.content_type, value.file.read())
            for name, value in (await request.post()).items()
        }
        self.asked.set()
        return await self.answer(request)


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", telegram.serve)
    async with TestServer(app) as server:
        telegram.url = str(server.make_url("/bot"))
        yield telegram


def bot_at(url: str, request: AiohttpRequest) -> Bot:
    return Bot(TOKEN, base_url=url, request=request, get_updates_request=AiohttpRequest())


@pytest.fixture
async def connect(telegram: Telegram) -> AsyncIterator[Callable[..., Awaitable[Bot]]]:
    requests: list[AiohttpRequest] = []

    async def connect(url: str | None = None, **options: object) -> Bot:
        request = AiohttpRequest(**options)  # type: ignore[arg-type]
        requests.append(request)
        await request.initialize()
        return bot_at(url or telegram.url, request)

    yield connect
    for request in requests:
        await request.shutdown()


@pytest.fixture
async def bot(connect: Callable[..., Awaitable[Bot]]) -> Bot:
    return await connect()


async def hangs(_: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


async def drops(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def test_words_of_any_script_arrive_whole(telegram: Telegram, bot: Bot) -> None:
    message = await bot.send_message(1, "Привіт & <b>=100%+</b>\n🎓", parse_mode="HTML")
    assert message.message_id == 7
    assert telegram.fields == {"chat_id": "1", "text": "Привіт & <b>=100%+</b>\n🎓", "parse_mode": "HTML"}


async def test_a_file_goes_up_with_its_name_and_kind(telegram: Telegram, bot: Bot) -> None:
    await bot.send_document(1, io.BytesIO(b"BEGIN:VCALENDAR"), filename="урок.ics", caption="Урок")
    assert telegram.fields == {
        "chat_id": "1",
        "caption": "Урок",
        "document": ("урок.ics", "text/calendar", b"BEGIN:VCALENDAR"),
    }


async def test_a_replaced_picture_is_attached(telegram: Telegram, bot: Bot) -> None:
    await bot.edit_message_media(InputMediaPhoto(b"\x89PNG\r\n"), chat_id=1, message_id=7)
    media = json.loads(str(telegram.fields["media"]))
    attached = telegram.fields[media["media"].removeprefix("attach://")]
    assert isinstance(attached, tuple)
    assert attached[2] == b"\x89PNG\r\n"


async def test_connections_are_used_again(telegram: Telegram, bot: Bot) -> None:
    for _ in range(5):
        await bot.send_message(1, "x")
    assert len(telegram.peers) == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (400, {"ok": False, "description": "Bad Request: chat not found"}, BadRequest, "Chat not found"),
        (401, {"ok": False, "description": "Unauthorized"}, InvalidToken, "Unauthorized"),
        (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, Forbidden, "blocked"),
        (500, {"ok": False, "description": "Internal Server Error: x"}, Broken, "500 Internal Server Error: x"),
        (429, {"ok": False, "description": "x", "parameters": {"retry_after": 7}}, RetryAfter, "0:00:07"),
    ],
)
async def test_telegrams_refusals_keep_their_kind(
    telegram: Telegram, bot: Bot, status: int, body: object, error: type[Exception], words: str
) -> None:
    telegram.answer = telegram.replies(status, body)
    with pytest.raises(error, match=words) as refused:
        await bot.send_message(1, "x")
    assert type(refused.value) is error


async def test_an_html_page_of_the_front_proxy_is_a_network_error(telegram: Telegram, bot: Bot) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(status=502, text="<html>", content_type="text/html")

    telegram.answer = page
    with pytest.raises(Broken, match="502"):
        await bot.send_message(1, "x")


async def test_a_gateway_that_got_no_answer_knows_no_more_than_we(telegram: Telegram, bot: Bot) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(status=504, text="<html>", content_type="text/html")

    telegram.answer = page
    with pytest.raises(Unanswered, match="504"):
        await bot.send_message(1, "x")


def unused_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


async def test_a_refused_connection_was_not_sent(connect: Callable[..., Awaitable[Bot]]) -> None:
    bot = await connect(f"http://127.0.0.1:{unused_port()}/bot")
    with pytest.raises(NotSent) as failed:
        await bot.send_message(1, "x")
    assert not isinstance(failed.value, TimedOut)


async def test_an_unknown_host_was_not_sent(connect: Callable[..., Awaitable[Bot]]) -> None:
    bot = await connect("http://nowhere.invalid/bot")
    with pytest.raises(NotSent):
        await bot.send_message(1, "x")


async def test_a_call_without_a_free_connection_was_not_sent(
    telegram: Telegram, connect: Callable[..., Awaitable[Bot]]
) -> None:
    telegram.answer = hangs
    bot = await connect(connections=1, timeouts=Timeouts(pool=0.02))
    first = asyncio.create_task(bot.send_message(1, "first"))
    await telegram.asked.wait()
    with pytest.raises(NotSent, match="busy"):
        await bot.send_message(1, "second")
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    telegram.answer = telegram.result(MESSAGE)
    await bot.send_message(1, "third")


async def test_a_missing_answer_is_unanswered(telegram: Telegram, connect: Callable[..., Awaitable[Bot]]) -> None:
    telegram.answer = hangs
    bot = await connect(timeouts=Timeouts(read=0.05))
    with pytest.raises(Unanswered) as failed:
        await bot.send_message(1, "x")
    assert isinstance(failed.value, TimedOut)


async def test_a_dropped_connection_is_unanswered_and_asked_once(telegram: Telegram, bot: Bot) -> None:
    await bot.send_message(1, "x")
    asked = []

    async def drop(request: web.Request) -> web.Response:
        asked.append(request.path)
        return await drops(request)

    telegram.answer = drop
    with pytest.raises(Unanswered):
        await bot.send_message(1, "x")
    assert len(asked) == 1


async def test_one_call_may_wait_longer_than_usual(telegram: Telegram, connect: Callable[..., Awaitable[Bot]]) -> None:
    telegram.answer = hangs
    bot = await connect(timeouts=Timeouts(read=0.01))
    slow = asyncio.create_task(bot.send_message(1, "x", read_timeout=60))
    with pytest.raises(Unanswered):
        await bot.send_message(1, "x")
    assert not slow.done()
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


async def test_a_stalled_upload_ends(connect: Callable[..., Awaitable[Bot]]) -> None:
    async def never_reads(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            writer.close()

    server = await asyncio.start_server(never_reads, "127.0.0.1", 0, limit=1)
    port = server.sockets[0].getsockname()[1]
    bot = await connect(f"http://127.0.0.1:{port}/bot", timeouts=Timeouts(connect=0.05, read=0.05, upload=0.05))
    with pytest.raises(Unanswered):
        await bot.send_document(1, b"x" * 30_000_000)
    server.close()


async def test_headers_are_told(telegram: Telegram, connect: Callable[..., Awaitable[Bot]]) -> None:
    told: list[Mapping[str, str]] = []
    telegram.answer = telegram.result(MESSAGE, **{"X-Sandbox-Now": "2026-11-23T14:00:00Z"})
    bot = await connect(on_headers=told.append)
    await bot.send_message(1, "x")
    assert [headers["x-sandbox-now"] for headers in told] == ["2026-11-23T14:00:00Z"]


async def test_headers_of_refusals_are_told_too(telegram: Telegram, connect: Callable[..., Awaitable[Bot]]) -> None:
    told: list[Mapping[str, str]] = []
    telegram.answer = telegram.replies(400, {"ok": False, "description": "Bad Request: no"}, **{"X-Sandbox-Now": "t"})
    bot = await connect(on_headers=told.append)
    with pytest.raises(BadRequest):
        await bot.send_message(1, "x")
    assert told[0]["X-Sandbox-Now"] == "t"


async def test_headers_nobody_understands_do_not_fail_a_call_that_was_done(
    connect: Callable[..., Awaitable[Bot]], caplog: pytest.LogCaptureFixture
) -> None:
    def trips(_: Mapping[str, str]) -> None:
        raise ValueError("what is that")

    bot = await connect(on_headers=trips)
    assert (await bot.send_message(1, "x")).message_id == 7
    assert "what is that" in caplog.text


async def test_a_proxy_carries_the_calls(telegram: Telegram, connect: Callable[..., Awaitable[Bot]]) -> None:
    bot = await connect("http://api.invalid/bot", proxy=telegram.url.removesuffix("/bot"))
    assert (await bot.send_message(1, "x")).message_id == 7


async def test_a_closed_wire_opens_again(telegram: Telegram) -> None:
    request = AiohttpRequest()
    bot = bot_at(telegram.url, request)
    with pytest.raises(NetworkError, match="not initialized"):
        await bot.send_message(1, "x")
    for _ in range(2):
        await request.initialize()
        await bot.send_message(1, "x")
        await request.shutdown()
    await request.shutdown()


@pytest.mark.parametrize(
    "url", [f"http://127.0.0.1:1/bot{TOKEN}/getMe", f"http://no where/bot{TOKEN}/getMe", f"nonsense/bot{TOKEN}/x"]
)
async def test_no_failure_tells_the_token(url: str) -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as failed:
            await request.post(url)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__
    assert TOKEN not in str(failed.value)


async def test_a_timeout_does_not_tell_the_token(telegram: Telegram, connect: Callable[..., Awaitable[Bot]]) -> None:
    telegram.answer = hangs
    bot = await connect(timeouts=Timeouts(read=0.01))
    with pytest.raises(Unanswered) as failed:
        await bot.send_message(1, "x")
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__
    assert TOKEN not in str(failed.value)


def test_a_wait_is_read_in_both_types(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = RetryAfter(7)
    assert told_to_wait(refusal) == 7
    monkeypatch.setenv("PTB_TIMEDELTA", "0")
    with pytest.warns(DeprecationWarning, match="retry_after"):
        assert told_to_wait(refusal) == 7


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/getMe", "POST https://api.telegram.org/bot<token>/getMe"),
        (f"Bot[token={TOKEN}]", "Bot[token=<token>]"),
        (TOKEN.replace(":", "%3A"), "<token>"),
        ("/file/bot42:short/photos/1.jpg", "/file/bot<token>/photos/1.jpg"),
        ("File '/srv/bot/wire.py', 10:30:00 lesson 12", "File '/srv/bot/wire.py', 10:30:00 lesson 12"),
    ],
)
def test_a_token_is_hidden_wherever_it_stands(text: str, hidden: str) -> None:
    assert hide_token(text) == hidden


def test_a_short_token_is_hidden_when_it_is_named() -> None:
    assert hide_token("token 42:sandbox used", "42:sandbox") == "token <token> used"
    assert hide_token("token 42%3Asandbox used", "42:sandbox") == "token <token> used"


def logged(token: str, write: Callable[[logging.Logger], None]) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s %(extra)s", defaults={"extra": ""}))
    handler.addFilter(TokenFilter(token))
    logger = logging.Logger("child of anything")
    logger.addHandler(handler)
    write(logger)
    return stream.getvalue()


def fail_with(logger: logging.Logger) -> None:
    try:
        raise OSError(f"no route to /bot{TOKEN}/getMe")
    except OSError as error:
        try:
            raise RuntimeError("calling failed") from error
        except RuntimeError:
            logger.exception("call failed")


@pytest.mark.parametrize(
    "write",
    [
        lambda logger: logger.error(TOKEN),
        lambda logger: logger.error("token %s at %d", TOKEN, 5),
        lambda logger: logger.error("%(who)s", {"who": TOKEN}),
        lambda logger: logger.error("%s", Bot(TOKEN)),
        lambda logger: logger.error("wrong %d", TOKEN),
        lambda logger: logger.error("with a field", extra={"extra": TOKEN}),
        fail_with,
    ],
)
def test_no_record_carries_the_token(write: Callable[[logging.Logger], None]) -> None:
    text = logged(TOKEN, write)
    assert "ERROR" in text
    assert TOKEN not in text
    assert "<token>" in text


def test_a_traceback_stays_readable_without_the_token() -> None:
    text = logged(TOKEN, fail_with)
    assert "RuntimeError: calling failed" in text
    assert "OSError: no route to /bot<token>/getMe" in text


def test_other_records_stay_as_they_are() -> None:
    assert logged(TOKEN, lambda logger: logger.error("update %s of %s", 5, 7)) == "ERROR update 5 of 7 \n"


async def test_what_libraries_log_of_a_call_holds_no_token(
    telegram: Telegram, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(TokenFilter(TOKEN))
    caplog.set_level(logging.DEBUG)
    await bot.send_message(1, "x")
    assert caplog.records
    assert TOKEN not in caplog.text
