"""
The stage: people with their chats, the whole bot, a real database, no sockets.

    ira = await stage.student("Іра")
    await ira.taps("Підібрати час")
    assert "вільн" in ira.sees

After everything somebody does, the bot has answered and what it had to tell others has been delivered.
When the stage is left, nothing may have been logged as an error: `alarms` holds what was.

    @bilingual
    async def test_...(stage: Stage, language: str) -> None:

plays a story in two runs: in Ukrainian on PostgreSQL, in English on SQLite.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from telegram import Update

from bot import app
from bot.calendars.feed_reader import FeedReader
from bot.delivery.channels import table
from bot.delivery.dispatcher import Dispatcher
from bot.edge import ingress
from bot.edge.clock import Clock
from bot.edge.pace import Pace
from bot.mail import smtp
from bot.run import jobs
from bot.sandbox.api.transport import SandboxRequest
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.time.clock import SandboxClock
from bot.settings import Settings
from bot.talk.resources import Resources
from core.people import people, tutors
from core.startup import Core
from tests.conftest import DATABASES, FrozenClock

SETTINGS = Settings(_env_file=None)
MANY_A_SECOND = 1_000_000
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
CITY = {"uk": "Київ", "en": "Kyiv"}
I_TEACH = {"uk": "Я викладаю", "en": "I teach"}
TOPICS = {
    "📚": "Тривалість|Початок|Пауза до|Пауза після|Проміжок між заняттями|Пробне заняття"
    "|Lesson length|Starts|Break before|Break after|Gap between lessons|Trial lesson",
    "📝": "Запити|Запис закривається|Запис відкрито|Нові учні|Занять на день|Занять на тиждень|Занять на учня"
    "|Requests|Booking closes|Booking opens|New students|Lessons per day|Lessons per week|Lessons per student",
    "💳": "Ціна|Скасування|Price|Cancelling",
    "👤": "Предмети|Мови викладання|Про мене|Пошук|Відеокімната|Subjects|Languages|About me|Search|Video room",
    "🙋": "Пояс розкладу|Time zone of my hours",
}


def in_both(**words: tuple[Any, Any]) -> pytest.MarkDecorator:
    """Play a story in both languages, each on a database of its own; `words` are the pairs that it goes by."""
    uk, en = zip(*words.values(), strict=True) if words else ((), ())
    return pytest.mark.parametrize(
        ("language", "database_settings", *words),
        [pytest.param("uk", DATABASES[-1], *uk, id="uk"), pytest.param("en", DATABASES[0], *en, id="en")],
        indirect=["database_settings"],
    )


bilingual = in_both()

# Of what is decided above the database, in routing or words: the database has tests of its own
on_one_database = pytest.mark.parametrize("database_settings", [DATABASES[0]], indirect=True)


class Stage:
    """With `restarts` the bot is a new one at every step: nothing may live in a process's memory."""

    def __init__(
        self, core: Core, clock: FrozenClock, *, restarts: bool = False, settings: Settings | None = None
    ) -> None:
        self.core = core
        self.clock = clock
        self.restarts = restarts
        self.settings = settings or SETTINGS
        self.feeds = FeedReader(allow_private=self.settings.feeds.allow_private)
        self.alarms = Alarms(logging.ERROR)
        self.sandbox = Sandbox(clock=SandboxClock.frozen(clock.now), flood_limits=False, first_people=False)
        self.sandbox.listeners.append(self._hear)
        self.people: dict[int, Player] = {}
        self.due_at: datetime | None = clock.now
        core.on_news = self._hurry

    async def __aenter__(self) -> "Stage":
        logging.getLogger().addHandler(self.alarms)
        await self._start()
        return self

    async def __aexit__(self, failed: object, *_: object) -> None:
        await self.application.shutdown()
        logging.getLogger().removeHandler(self.alarms)
        assert failed or not self.alarms.heard, self.alarms.heard

    async def _start(self) -> None:
        """Build a bot over the database and the chats as they are."""
        house_clock = Clock(lambda: self.clock.now)
        resources = Resources(
            self.core, house_clock, self.settings, feeds=self.feeds, mailer=smtp.mailer(self.settings.smtp)
        )
        self.application = app.build(
            resources,
            token=self.sandbox.token,
            request=SandboxRequest(self.sandbox),
            pace=Pace(rate=MANY_A_SECOND, chat_rate=MANY_A_SECOND),
        )
        self.dispatchers = table.dispatchers(self.application)
        await self.application.initialize()

    async def restart(self) -> None:
        await self.application.shutdown()
        await self._start()

    @property
    def unanswered(self) -> int:
        """Taps on which a clock still turns."""
        return len(self.sandbox.state.queries)

    def person(self, name: str, *, language: str = "uk", last_name: str | None = None) -> "Player":
        """Somebody with Telegram who has never met the bot."""
        known = self.sandbox.add_person(name, last_name=last_name, language_code=language)
        self.people[known.id] = Player(self, known.id)
        return self.people[known.id]

    async def tutor(
        self, name: str = "Олена", *, weekly: str = "Mon-Sun 9-17", city: str = "Київ", language: str = "uk"
    ) -> "Player":
        """A tutor who has come in and published hours."""
        olena = self.person(name, language=language)
        await olena.says("/start")
        await olena.taps(I_TEACH[language])
        await olena.says(city)
        await olena.says(weekly)
        return olena

    async def student(self, name: str = "Іра", *, of: "Player", city: str = "Київ", language: str = "uk") -> "Player":
        """A student who has opened a tutor's link, the one that /share shows."""
        ira = self.person(name, language=language)
        await ira.opens(f"{self.application.bot.link}?start={await self._share_code(of)}")
        await ira.says(city)
        return ira

    async def _share_code(self, player: "Player") -> str:
        async with self.core.read() as work:
            tutor = await people.find(work, player.id)
            assert tutor, "somebody who has come in"
            return await tutors.share_code(work, tutor.id)

    async def settle(self) -> None:
        """Let the bot handle all that waits, and deliver what follows from it."""
        if self.restarts:
            await self.restart()
        await self.handle()
        if self._is_due(self.due_at):
            await self.deliver()

    async def handle(self) -> None:
        """Let the bot handle all that waits, side by side."""
        received = map(ingress.without_buttons, self.sandbox.take_updates())
        updates = [Update.de_json(raw, self.application.bot) for raw in received]
        await asyncio.gather(*(self._handle(update) for update in updates))

    async def deliver(self) -> None:
        coming = [await self._deliver_by(dispatcher) for dispatcher in self.dispatchers]
        self.due_at = min((at for at in coming if at), default=None)

    async def _deliver_by(self, dispatcher: Dispatcher) -> datetime | None:
        due_at = await dispatcher.deliver_due()
        while self._is_due(due_at):
            due_at = await dispatcher.deliver_due()
        return due_at

    def _is_due(self, at: datetime | None) -> bool:
        return at is not None and at <= self.clock.now

    def _hurry(self) -> None:
        """As bot.run.jobs does: deliver when there is news, or at the instant that the last delivery named."""
        self.due_at = self.clock.now

    async def passes(self, **length: float) -> None:
        """Let time go by, with everything that happens at its end."""
        self.clock.now += timedelta(**length)
        self.sandbox.clock.set(self.clock.now)
        await jobs.expire_requests(self.core)
        await jobs.settle_lessons(self.core)
        await jobs.read_calendars(self.core, self.feeds)
        await self.deliver()

    async def _handle(self, update: Update) -> None:
        processor = self.application.update_processor
        await processor.process_update(update, self.application.process_update(update))

    def _hear(self, change: dict[str, Any]) -> None:
        player = self.people.get(change.get("chat_id", 0))
        if player is None:
            return
        if change["kind"] in ("message", "edited") and change["message"]["from"]["is_bot"]:
            player.hears(change["message"], is_new=change["kind"] == "message")
        if change["kind"] == "answered":
            player.toast = change["text"] or ""


class Alarms(logging.Handler):
    """Keeps what was logged as an error, with its traceback."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(logging.Formatter().format(record))


class Player:
    """
    One person with their phone. `screen` is the message they look at: the last one that the bot sent, or changed at
    their tap; `toast` what was shown over the chat at the last tap; `heard` all that the bot said; `deeds` counts what
    the person had to do for it.
    """

    def __init__(self, stage: Stage, id_: int) -> None:
        self.stage = stage
        self.id = id_
        self.screen: dict[str, Any] = {}
        self.tapped: int | None = None
        self.heard: list[str] = []
        self.toast = ""
        self.deeds = 0

    def hears(self, message: dict[str, Any], *, is_new: bool) -> None:
        self.heard.append(_words(message))
        if is_new or message["message_id"] in (self.tapped, self.screen.get("message_id")):
            self.screen = message

    @property
    def sees(self) -> str:
        return _words(self.screen)

    @property
    def buttons(self) -> list[str]:
        """The labels under the message they look at."""
        return [button["text"] for row in _rows(self.screen) for button in row]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.stage.sandbox.chat(self.id)

    async def says(self, text: str) -> None:
        self.deeds += 1
        self.tapped = None  # they look at what comes below their words
        self.stage.sandbox.say(self.id, text)
        await self.stage.settle()

    async def opens(self, link: str) -> None:
        await self.says(f"/start {link.partition('?start=')[2]}")

    async def taps(self, *labels: str) -> None:
        """Tap one after the other, each on what the one before has shown."""
        for label in labels:
            self.presses(label)
            await self.stage.settle()

    async def opens_setting(self, title: str) -> None:
        """Open a tutor's setting under its topic."""
        topic = next(mark for mark, titles in TOPICS.items() if title in titles.split("|"))
        await self.says("/settings")
        await self.taps(topic, title)

    def presses(self, label: str) -> None:
        """Tap without waiting for the answer: the newest message that has such a button."""
        message_id, row, column = self.finds(label)
        self.toast, self.tapped = "", message_id
        self.deeds += 1
        self.stage.sandbox.tap(self.id, message_id, row, column)

    def finds(self, label: str) -> tuple[int, int, int]:
        for wanted in (str.__eq__, str.__contains__):
            for message in [self.screen, *reversed(self.messages)]:
                for row, buttons in enumerate(_rows(message)):
                    for column, button in enumerate(buttons):
                        if "callback_data" in button and wanted(button["text"], label):
                            return message["message_id"], row, column
        raise AssertionError(f"no button {label!r}; there are {self.buttons}")

    async def forges(self, data: str, *, message_id: int | None = None) -> None:
        """Tap a button that was never there."""
        self.toast = ""
        self.stage.sandbox.forge(self.id, data, message_id or self.screen.get("message_id"))
        await self.stage.settle()

    async def edits(self, text: str) -> None:
        """Change the words of the newest message of one's own."""
        mine = next(message for message in reversed(self.messages) if not message["from"]["is_bot"])
        self.stage.sandbox.queue_update("edited_message", {**mine, "text": text, "edit_date": mine["date"]})
        await self.stage.settle()

    async def sends_sticker(self) -> None:
        self.stage.sandbox.send_sticker(self.id)
        await self.stage.settle()

    async def sends_contact(self) -> None:
        self.stage.sandbox.send_contact(self.id)
        await self.stage.settle()

    async def sends_photo(self, caption: str | None = None) -> None:
        self.stage.sandbox.send_file(self.id, "notes.png", PIXEL, caption=caption)
        await self.stage.settle()

    async def sends_file(self, name: str, content: bytes) -> None:
        self.stage.sandbox.send_file(self.id, name, content)
        await self.stage.settle()

    async def sends_location(self, latitude: float, longitude: float) -> None:
        self.stage.sandbox.send_location(self.id, latitude, longitude)
        await self.stage.settle()

    def data(self, label: str) -> str:
        """The data behind a button, for forging."""
        message_id, row, column = self.finds(label)
        message = next(each for each in self.messages if each["message_id"] == message_id)
        return str(_rows(message)[row][column]["callback_data"])

    async def link(self) -> str:
        await self.says("/share")
        return next(word for word in self.sees.split() if word.startswith("https://t.me/"))


def _words(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption", ""))


def _rows(message: dict[str, Any]) -> Sequence[Sequence[dict[str, Any]]]:
    rows: Sequence[Sequence[dict[str, Any]]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows
