"""
Everything the sandbox remembers.

It changes through `fold.apply` only. Messages and updates are never altered in place: a message in an update that
waits stays as it was.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from bot.sandbox.jsons import Json

ANSWERS_KEPT = 1_000
FIRST_MESSAGE_ID = 1
FIRST_UPDATE_ID = 100_001
FIRST_PERSON_ID = 7_000_000_001  # beyond 32 bits, as many real ones are
FIRST_QUERY_ID = 4_242_000_000_000_001


@dataclass(slots=True)
class Person:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "en"
    blocked: bool = False
    started: bool = False
    keyboard: Json | None = None
    color: int = 0

    def user(self) -> Json:
        names = {"last_name": self.last_name, "username": self.username}
        known = {key: value for key, value in names.items() if value}
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            **known,
            "language_code": self.language_code,
        }

    def chat(self) -> Json:
        names = {"last_name": self.last_name, "username": self.username}
        known = {key: value for key, value in names.items() if value}
        return {"id": self.id, "first_name": self.first_name, **known, "type": "private"}


@dataclass(slots=True)
class Chat:
    person: Person
    messages: dict[int, Json] = field(default_factory=dict)
    fixed: set[int] = field(default_factory=set)  # sent with a reply keyboard or forwarded: can't be edited
    pinned: list[int] = field(default_factory=list)
    answers: deque[Json] = field(default_factory=lambda: deque(maxlen=ANSWERS_KEPT))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update the bot hasn't confirmed; `arrived` in real seconds since the epoch."""

    update: Json
    arrived: float


@dataclass(frozen=True, slots=True)
class Query:
    """A tap nobody has answered; `at` in seconds of the sandbox's clock."""

    id: str
    person_id: int
    at: int


@dataclass(slots=True)
class State:
    chats: dict[int, Chat] = field(default_factory=dict)
    updates: dict[int, Waiting] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    menus: dict[str, Json] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    webhook: Json | None = None
    allowed_updates: list[str] = field(default_factory=list)
    clock_offset: float = 0.0
    next_message_id: int = FIRST_MESSAGE_ID
    next_update_id: int = FIRST_UPDATE_ID
    next_person_id: int = FIRST_PERSON_ID
    next_query_id: int = FIRST_QUERY_ID

    def changes(self) -> Iterator[Json]:
        """Yield the shortest list of changes that makes this state from an empty one."""
        for chat in self.chats.values():
            yield {"kind": "person", "person": asdict(chat.person)}
            yield from _chat_changes(chat)
        for waiting in self.updates.values():
            yield {"kind": "update", "update": waiting.update, "arrived": waiting.arrived}
        for query in self.queries.values():
            yield {"kind": "query", "id": query.id, "person_id": query.person_id, "at": query.at}
        yield from self._settings()

    def _settings(self) -> Iterator[Json]:
        for key, commands in self.commands.items():
            yield {"kind": "commands", "key": key, "commands": commands}
        for key, text in self.profile.items():
            yield {"kind": "profile", "key": key, "text": text}
        for key, menu in self.menus.items():
            yield {"kind": "menu", "key": key, "menu": menu}
        for file in self.files.values():
            yield {"kind": "file", "file": file}
        yield {"kind": "webhook", "webhook": self.webhook}
        yield {"kind": "allowed_updates", "names": self.allowed_updates}
        yield {"kind": "clock", "offset": self.clock_offset}
        counters = ("next_message_id", "next_update_id", "next_person_id", "next_query_id")
        yield {"kind": "counters", **{name: getattr(self, name) for name in counters}}


def _chat_changes(chat: Chat) -> Iterator[Json]:
    person_id = chat.person.id
    for message in chat.messages.values():
        fixed = message["message_id"] in chat.fixed
        yield {"kind": "message", "chat_id": person_id, "message": message, "fixed": fixed}
    yield {"kind": "pinned", "chat_id": person_id, "ids": chat.pinned}
