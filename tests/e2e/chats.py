"""What people see and do, over the page's HTTP interface instead of a browser."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import aiohttp

from tests.e2e.processes import LONG

T = TypeVar("T")
Json = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """Something the bot said or changed. `life` counts the bot's lives: it is another one after each kill."""

    message: Json
    life: int
    is_new: bool

    @property
    def text(self) -> str:
        return str(self.message.get("text") or self.message.get("caption") or "")


@dataclass
class Person:
    chats: "Chats"
    id: int
    name: str
    messages: dict[int, Json] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    async def says(self, text: str) -> None:
        await self.chats.post(f"/sandbox/people/{self.id}/say", {"text": text})

    async def taps(self, label: str) -> None:
        """On the newest message that has such a button; days and hours by their whole label."""
        await self.chats.post(f"/sandbox/people/{self.id}/tap", self.finds(label))

    def finds(self, label: str) -> Json:
        for message in reversed(self.messages.values()):
            for row, buttons in enumerate(message.get("reply_markup", {}).get("inline_keyboard", [])):
                for column, button in enumerate(buttons):
                    if button["text"] == label or (label in button["text"] and not label[0].isdigit()):
                        return {"message_id": message["message_id"], "row": row, "column": column}
        raise AssertionError(f"{self.name} has no button {label!r}")

    def has_said(self, text: str, *, after: int) -> bool:
        """Tell whether these words stand in the chat below message `after`."""
        own = (each for each in self.messages.values() if each["from"]["id"] == self.id)
        return any(each["message_id"] > after and each.get("text") == text for each in own)

    def saw(self, *words: str, since: int) -> Seen | None:
        """Return the newest of what came after `since` that has one of these words."""
        return next((seen for seen in reversed(self.seen[since:]) if any(each in seen.text for each in words)), None)


class Chats:
    """Follow the stream of events; when the sandbox was killed, `connect` follows the new one."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._changed = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self.people: dict[int, Person] = {}
        self.life = 0
        self.now = datetime.min.replace(tzinfo=UTC)
        self.is_whole = False

    async def connect(self) -> None:
        """Return once everything there is has been read."""
        await self.disconnect()
        self.is_whole = False
        self._following = asyncio.create_task(self._follow())
        await self.until(lambda: self.is_whole or None, "the chats as they are")

    async def disconnect(self) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    async def post(self, path: str, given: Json) -> Json:
        async with self._session.post(path, json=given) as answer:
            told: Json = await answer.json()
            assert answer.status == 200, f"{path} {given}: {told}"
            return told

    async def add_person(self, name: str, *, language: str) -> Person:
        told = await self.post("/sandbox/people", {"first_name": name, "language_code": language})
        return self._person(told)

    async def speaks(self, person: Person, language: str) -> None:
        async with self._session.patch(f"/sandbox/people/{person.id}", json={"language_code": language}) as answer:
            assert answer.status == 200

    async def set_clock(self, now: datetime) -> None:
        self.now = datetime.fromisoformat((await self.post("/sandbox/clock", {"now": now.isoformat()}))["now"])

    async def advance(self, length: timedelta) -> None:
        told = await self.post("/sandbox/clock", {"advance": length.total_seconds()})
        self.now = datetime.fromisoformat(told["now"])

    async def until(self, look: Callable[[], T | None], what: str) -> T:
        try:
            async with asyncio.timeout(LONG):
                while (found := look()) is None:
                    await self._changed.wait()
        except TimeoutError:
            shown = {each.name: each.seen[-1].text for each in self.people.values() if each.seen}
            raise AssertionError(f"never seen: {what}; shown: {shown}") from None
        return found

    def named(self, name: str) -> Person:
        return next(person for person in self.people.values() if person.name == name)

    async def _follow(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._session.get("/sandbox/events", timeout=timeout) as stream:
            async for line in _lines(stream.content):
                if line.startswith(b"data: "):
                    self._hear(json.loads(line.removeprefix(b"data: ")))
                    changed, self._changed = self._changed, asyncio.Event()
                    changed.set()

    def _hear(self, event: Json) -> None:
        match event["type"]:
            case "snapshot":
                for person in event["people"]:
                    known = self._person(person)
                    for message in event["chats"].get(str(known.id), []):
                        self._note(known, message)
                self.now = datetime.fromisoformat(event["now"])
                self.is_whole = True
            case "message" | "edited":
                self._note(self.people[event["chat_id"]], event["message"])
            case "person":
                self._person(event["person"])

    def _person(self, told: Json) -> Person:
        return self.people.setdefault(told["id"], Person(self, told["id"], told["first_name"]))

    def _note(self, person: Person, message: Json) -> None:
        before = person.messages.get(message["message_id"])
        person.messages[message["message_id"]] = message
        if message["from"]["is_bot"] and before != message:
            person.seen.append(Seen(message, self.life, is_new=before is None))


async def _lines(stream: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """A snapshot is longer than the lines that aiohttp is willing to read."""
    waiting = b""
    async for chunk in stream.iter_any():
        *lines, waiting = (waiting + chunk).split(b"\n")
        for line in lines:
            yield line


@asynccontextmanager
async def open_chats(address: str) -> AsyncIterator[Chats]:
    """Each request takes a connection of its own: one kept from before a kill would be a broken one."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(address, connector=connector) as session:
        chats = Chats(session)
        try:
            yield chats
        finally:
            await chats.disconnect()
