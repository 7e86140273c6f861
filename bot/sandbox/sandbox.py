"""The sandbox, for tests and for the server."""

import asyncio
from pathlib import Path
from typing import Any

from bot.sandbox import people
from bot.sandbox.jsons import Json
from bot.sandbox.state.chats import Person
from bot.sandbox.state.world import DEFAULT_TOKEN, World
from bot.sandbox.time.clock import SandboxClock
from bot.sandbox.time.journey import Journey
from bot.sandbox.updates.polling import Polls
from bot.sandbox.updates.webhook import Pusher


class Sandbox(World):
    """
    A Telegram of its own: people, chats, one bot.

    - `journal`: the file in which it stores everything; None: nothing is stored
    - `clock`: `Clock.frozen(instant)` does not run; by default it shows real time and can be moved
    - `flood_limits`: answer 429 as Telegram does, and slow down pollers that ask too often
    - `first_people`: a student and a tutor are there from the start
    """

    def __init__(
        self,
        journal: Path | None = None,
        *,
        token: str = DEFAULT_TOKEN,
        clock: SandboxClock | None = None,
        flood_limits: bool = True,
        first_people: bool = True,
    ) -> None:
        super().__init__(journal=journal, token=token, clock=clock, flood_limits=flood_limits)
        self.polls = Polls(self)
        self.journey = Journey(self.clock, is_online=lambda: self.presence.is_online, ask=self.polls.release)
        self.polls.on_begin = self.journey.polled
        self.pusher = Pusher(self)
        self.streams: list[asyncio.Queue[Json | None]] = []
        self._first_people = first_people
        if not self.state.chats:
            self._invite()

    def _invite(self) -> None:
        if self._first_people:
            self.add_person("Ira", username="ira_learns", language_code="en")
            self.add_person("Olena", username="olena_teaches", language_code="uk")

    def clear(self) -> None:
        super().clear()
        self._invite()
        self.commit()
        self.tell({"kind": "cleared"})

    def end_streams(self) -> None:
        """End the event streams of all pages."""
        for stream in self.streams:
            stream.put_nowait(None)

    async def aclose(self) -> None:
        """End pushes and polls, then close the journal."""
        self.polls.release()
        await self.pusher.stop()
        self.close()

    # What people do; each gives what the chat then shows.

    def add_person(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str = "en",
    ) -> Person:
        return people.add(self, first_name, last_name=last_name, username=username, language_code=language_code)

    def change_person(self, person_id: int, **new: Any) -> Person:
        return people.change(self, person_id, **new)

    def block(self, person_id: int) -> Person:
        return people.change(self, person_id, blocked=True)

    def unblock(self, person_id: int) -> Person:
        return people.change(self, person_id, blocked=False)

    def say(self, person_id: int, text: str, *, reply_to_message_id: int | None = None) -> Json:
        return people.say(self, person_id, text, reply_to=reply_to_message_id)

    def tap(self, person_id: int, message_id: int, row: int, column: int) -> str:
        return people.tap(self, person_id, message_id, row, column)

    def forge(self, person_id: int, data: str, message_id: int | None = None) -> str:
        return people.forge(self, person_id, data, message_id)

    def send_location(self, person_id: int, latitude: float, longitude: float) -> Json:
        return people.send_location(self, person_id, latitude=latitude, longitude=longitude)

    def send_contact(self, person_id: int) -> Json:
        return people.send_contact(self, person_id)

    def send_sticker(self, person_id: int, emoji: str = "\N{WAVING HAND SIGN}") -> Json:
        return people.send_sticker(self, person_id, emoji)

    def send_file(
        self, person_id: int, name: str, content: bytes, *, caption: str | None = None, mime: str | None = None
    ) -> Json:
        return people.send_file(self, person_id, name, content, caption=caption, mime=mime)

    # What can be looked at.

    def people(self) -> list[Person]:
        return [chat.person for chat in self.state.chats.values()]

    def person(self, person_id: int) -> Person:
        return self.state.chats[person_id].person

    def chat(self, person_id: int) -> list[Json]:
        return list(self.state.chats[person_id].messages.values())

    def answers(self, person_id: int) -> list[Json]:
        return list(self.state.chats[person_id].answers)

    def pending_updates(self) -> list[Json]:
        return [waiting.update for waiting in self.state.updates.values()]

    def take_updates(self) -> list[Json]:
        """Return the updates that wait for the bot, and confirm them."""
        updates = self.pending_updates()
        if updates:
            self.record("confirmed", ids=[update["update_id"] for update in updates])
            self.commit()
        return updates
