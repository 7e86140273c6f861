"""
The stage: people with their chats, the whole bot, a real database, no sockets.

    ira = await stage.student("Іра")
    await ira.taps("Підібрати час")
    assert "вільн" in ira.sees

After everything somebody does, the bot has answered and what it had to tell others has been delivered.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from telegram import Update

from bot import app, jobs
from bot.clock import Clock
from bot.delivery import Dispatcher
from bot.house import House
from bot.pace import Pace
from bot.sandbox import Clock as SandboxClock
from bot.sandbox import Sandbox
from bot.sandbox.transport import SandboxRequest
from bot.settings import Settings
from core.startup import Core
from tests.conftest import FrozenClock

MANY_A_SECOND = 1_000_000


class Stage:
    def __init__(self, core: Core, clock: FrozenClock) -> None:
        self.core = core
        self.clock = clock
        self.sandbox = Sandbox(clock=SandboxClock.frozen(clock.now), flood_limits=False, first_people=False)
        self.sandbox.listeners.append(self._hear)
        self.people: dict[int, Player] = {}
        house_clock = Clock(lambda: clock.now)
        house = House(core, house_clock, Settings(_env_file=None))
        self.application = app.build(
            house,
            token=self.sandbox.token,
            request=SandboxRequest(self.sandbox),
            pace=Pace(rate=MANY_A_SECOND, chat_rate=MANY_A_SECOND),
        )
        self.dispatcher = Dispatcher(core, self.application.bot, house_clock)

    async def __aenter__(self) -> "Stage":
        await self.application.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.application.shutdown()

    def person(self, name: str, *, language: str = "uk", last_name: str | None = None) -> "Player":
        """Somebody with Telegram who has never met the bot."""
        known = self.sandbox.add_person(name, last_name=last_name, language_code=language)
        self.people[known.id] = Player(self, known.id)
        return self.people[known.id]

    async def tutor(self, name: str = "Олена", *, weekly: str = "Mon-Sun 9-17", city: str = "Київ") -> "Player":
        """A tutor who has come in and published hours."""
        olena = self.person(name)
        await olena.says("/start")
        await olena.taps("Я викладаю")
        await olena.says(city)
        await olena.says(weekly)
        return olena

    async def student(self, name: str = "Іра", *, of: "Player", city: str = "Київ") -> "Player":
        """A student who has opened a tutor's link."""
        ira = self.person(name)
        await ira.opens(await of.link())
        await ira.says(city)
        return ira

    async def settle(self) -> None:
        """Let the bot handle all that waits, side by side, and deliver what follows from it."""
        updates = [Update.de_json(raw, self.application.bot) for raw in self.sandbox.take_updates()]
        await asyncio.gather(*(self._handle(update) for update in updates))
        await self.deliver()

    async def deliver(self) -> None:
        due_at = await self.dispatcher.deliver_due()
        while due_at and due_at <= self.clock.now:
            due_at = await self.dispatcher.deliver_due()

    async def passes(self, **length: float) -> None:
        """Let time go by, with everything that happens at its end."""
        self.clock.now += timedelta(**length)
        self.sandbox.clock.set(self.clock.now)
        await jobs.expire_requests(self.core)
        await self.deliver()

    async def _handle(self, update: Update) -> None:
        processor = self.application.update_processor
        await processor.process_update(update, self.application.process_update(update))

    def _hear(self, change: dict[str, Any]) -> None:
        player = self.people.get(change.get("chat_id", 0))
        if player is None:
            return
        if change["kind"] in ("message", "edited") and change["message"]["from"]["is_bot"]:
            player.screen = change["message"]
            player.heard.append(change["message"]["text"])
        if change["kind"] == "answered":
            player.toast = change["text"] or ""


class Player:
    """One person with their phone. `screen` is the message that the bot sent or changed last."""

    def __init__(self, stage: Stage, id_: int) -> None:
        self.stage = stage
        self.id = id_
        self.screen: dict[str, Any] = {}
        self.heard: list[str] = []
        self.toast = ""

    @property
    def sees(self) -> str:
        return str(self.screen.get("text", ""))

    @property
    def buttons(self) -> list[str]:
        """The labels under the message that changed last."""
        return [button["text"] for row in _rows(self.screen) for button in row]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.stage.sandbox.chat(self.id)

    async def says(self, text: str) -> None:
        self.stage.sandbox.say(self.id, text)
        await self.stage.settle()

    async def opens(self, link: str) -> None:
        await self.says(f"/start {link.partition('?start=')[2]}")

    async def taps(self, label: str) -> None:
        self.presses(label)
        await self.stage.settle()

    def presses(self, label: str) -> None:
        """Tap without waiting for the answer: the newest message that has such a button."""
        message_id, row, column = self.finds(label)
        self.toast = ""
        self.stage.sandbox.tap(self.id, message_id, row, column)

    def finds(self, label: str) -> tuple[int, int, int]:
        for wanted in (str.__eq__, str.__contains__):
            for message in [self.screen, *reversed(self.messages)]:
                for row, buttons in enumerate(_rows(message)):
                    for column, button in enumerate(buttons):
                        if "callback_data" in button and wanted(button["text"], label):
                            return message["message_id"], row, column
        raise AssertionError(f"no button {label!r}; there are {self.buttons}")

    async def forges(self, data: str) -> None:
        """Tap a button that was never there."""
        self.toast = ""
        self.stage.sandbox.forge(self.id, data, self.screen.get("message_id"))
        await self.stage.settle()

    async def sends_sticker(self) -> None:
        self.stage.sandbox.send_sticker(self.id)
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


def _rows(message: dict[str, Any]) -> Sequence[Sequence[dict[str, Any]]]:
    rows: Sequence[Sequence[dict[str, Any]]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows
