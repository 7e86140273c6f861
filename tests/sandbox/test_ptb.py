"""The real python-telegram-bot against the sandbox, over HTTP and in process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes
from telegram.request import HTTPXRequest

from bot.sandbox.api.transport import SandboxRequest
from bot.sandbox.faults.faults import Fault, FaultKind
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running
from bot.sandbox.state.chats import Person
from tests.sandbox.asking import png

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
Context = ContextTypes.DEFAULT_TYPE
Way = Callable[[], Any]


@asynccontextmanager
async def in_process(sandbox: Sandbox) -> AsyncIterator[Way]:
    yield lambda: {
        "token": sandbox.token,
        "request": SandboxRequest(sandbox),
        "get_updates_request": SandboxRequest(sandbox),
    }


@asynccontextmanager
async def over_http(sandbox: Sandbox) -> AsyncIterator[Way]:
    async with running(sandbox) as url:
        yield lambda: {
            "token": sandbox.token,
            "base_url": f"{url}/bot",
            "base_file_url": f"{url}/file/bot",
            "request": HTTPXRequest(read_timeout=0.3),
            "get_updates_request": HTTPXRequest(read_timeout=5),
        }


@pytest.fixture(params=[in_process, over_http], ids=["in process", "http"])
async def way(request: pytest.FixtureRequest, sandbox: Sandbox) -> AsyncIterator[Way]:
    async with request.param(sandbox) as way:
        yield way


def application(way: Way) -> Application[Any, Any, Any, Any, Any, Any]:
    builder: Any = ApplicationBuilder()
    for name, value in way().items():
        builder = getattr(builder, name)(value)
    return builder.build()


class Heard:
    """What an application was told, to wait for."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __call__(self) -> None:
        self._event.set()

    async def within_seconds(self) -> None:
        async with asyncio.timeout(5):
            await self._event.wait()
        self._event.clear()


@asynccontextmanager
async def polling(app: Application[Any, Any, Any, Any, Any, Any]) -> AsyncIterator[None]:
    async with app:
        await app.start()
        assert app.updater
        await app.updater.start_polling()
        yield
        await app.updater.stop()
        await app.stop()


async def test_a_conversation_goes_all_the_way(way: Way, sandbox: Sandbox):
    heard = Heard()

    async def start(update: Update, _: Context) -> None:
        await update.effective_message.reply_html("<b>Hello</b>, go?", reply_markup=KEYBOARD)
        heard()

    async def go(update: Update, _: Context) -> None:
        await update.callback_query.answer("Going")
        await update.callback_query.edit_message_text("Gone")
        heard()

    app = application(way)
    app.add_handlers([CommandHandler("start", start), CallbackQueryHandler(go, "^go$")])
    ira = sandbox.people()[0].id
    async with polling(app):
        sandbox.say(ira, "/start")
        await heard.within_seconds()
        question = sandbox.chat(ira)[-1]
        assert question["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
        sandbox.tap(ira, question["message_id"], 0, 0)
        await heard.within_seconds()
    assert sandbox.chat(ira)[-1]["text"] == "Gone"
    assert sandbox.answers(ira)[-1]["text"] == "Going"
    assert sandbox.pending_updates() == []


async def test_every_kind_of_message_is_understood_by_both(way: Way, ira: Person, sandbox: Sandbox):
    async with Bot(**way()) as bot:
        assert (await bot.get_me()).username == "first_lesson_bot"
        await bot.send_message(ira.id, "*x*", parse_mode=ParseMode.MARKDOWN_V2, reply_markup=KEYBOARD)
        photo = await bot.send_photo(ira.id, png(), caption="c", filename="week.png")
        await bot.send_document(ira.id, "Їжак".encode(), filename='Розклад "1".ics')
        album = await bot.send_media_group(ira.id, [InputMediaPhoto(png()), InputMediaPhoto(photo.photo[-1].file_id)])
        await bot.edit_message_media(InputMediaPhoto(png(3, 3)), ira.id, photo.message_id)
        await bot.send_location(ira.id, 50.4, 30.5)
        await bot.send_venue(ira.id, 50.4, 30.5, "School", "Khreshchatyk 1")
        await bot.send_contact(ira.id, "+380501112233", "Olena")
        await bot.set_my_commands([BotCommand("start", "Begin")], language_code="uk")
        assert (await bot.get_my_commands(language_code="uk"))[0].command == "start"
        assert (await bot.get_chat(ira.id)).first_name == "Ira"
        file = await bot.get_file(album[0].photo[-1].file_id)
        assert bytes(await file.download_as_bytearray()) == png()
    documents = [message["document"] for message in sandbox.chat(ira.id) if "document" in message]
    assert sandbox.files.get(documents[0]["file_unique_id"]) == "Їжак".encode()
    assert documents[0]["file_name"].startswith("Розклад")


async def test_refusals_become_the_librarys_own_errors(
    way: Way, sandbox: Sandbox, ira: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else RetryAfter warns of its own future
    async with Bot(**way()) as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(1, "x")
        sent = await bot.send_message(ira.id, "x")
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_text("x")
        sandbox.faults.add(Fault(FaultKind.FLOOD, count=1, retry_after=7))
        with pytest.raises(RetryAfter) as flood:
            await bot.send_message(ira.id, "x")
        assert flood.value.retry_after == timedelta(seconds=7)
        sandbox.faults.add(Fault(FaultKind.ERROR, status=502, html=True, count=1))
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(ira.id, "x")
        sandbox.block(ira.id)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(ira.id, "x")
        await bot.set_webhook("http://127.0.0.1:9/")
        with pytest.raises(Conflict):
            await bot.get_updates()
    stranger = way() | {"token": "1:wrong"}
    with pytest.raises(InvalidToken):
        await Bot(**stranger).initialize()
    await stranger["request"].shutdown()
    await stranger["get_updates_request"].shutdown()
    await sandbox.pusher.stop()


@pytest.mark.parametrize(
    ("kind", "error", "arrived"),
    [
        (FaultKind.TIMEOUT_BEFORE, TimedOut, 0),
        (FaultKind.TIMEOUT_AFTER, TimedOut, 1),
        (FaultKind.DROP_BEFORE, NetworkError, 0),
        (FaultKind.DROP_AFTER, NetworkError, 1),
    ],
)
async def test_a_lost_answer_is_a_network_error(
    way: Way, sandbox: Sandbox, ira: Person, kind: FaultKind, error: type[Exception], arrived: int
):
    before = len(sandbox.chat(ira.id))
    async with Bot(**way()) as bot:
        sandbox.faults.add(Fault(kind, method="sendMessage", count=1))
        with pytest.raises(error) as lost:
            await bot.send_message(ira.id, "x")
        assert type(lost.value) is error
        assert len(sandbox.chat(ira.id)) - before == arrived
        await bot.send_message(ira.id, "y")


async def test_every_update_kind_can_be_parsed(way: Way, sandbox: Sandbox, ira: Person):
    steps: list[Callable[[], object]] = [
        lambda: sandbox.say(ira.id, "/start payload"),
        lambda: sandbox.send_location(ira.id, 50.4, 30.5),
        lambda: sandbox.send_contact(ira.id),
        lambda: sandbox.send_sticker(ira.id),
        lambda: sandbox.send_file(ira.id, "a.png", png()),
        lambda: sandbox.send_file(ira.id, "a.pdf", b"%PDF"),
        lambda: sandbox.forge(ira.id, "data", 99),
        lambda: sandbox.block(ira.id),
    ]
    for step in steps:
        step()
    async with Bot(**way()) as bot:
        updates = await bot.get_updates()
    assert len(updates) == len(steps)
    assert [update.effective_user.id for update in updates] == [ira.id] * len(steps)
    assert updates[-2].callback_query.message.is_accessible is False
