"""Everything that the sandbox's parts share: the state, its journal, the clock, the listeners."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bot.sandbox.faults.faults import FaultPlan
from bot.sandbox.faults.limits import FloodLimits
from bot.sandbox.jsons import Json
from bot.sandbox.state import fold
from bot.sandbox.state.chats import Person, State
from bot.sandbox.state.files import FileStore
from bot.sandbox.state.journal import Journal
from bot.sandbox.time.clock import SandboxClock, iso, real_seconds

DEFAULT_TOKEN: Final = "424242:sandbox-token-of-no-value"
BOT_NAME: Final = "Lessons"
BOT_USERNAME: Final = "first_lesson_bot"
CALLS_KEPT: Final = 20_000
OFFLINE_AFTER_SECONDS: Final = 5.0
NOT_BY_DEFAULT: Final = {"chat_member", "message_reaction", "message_reaction_count"}

Listener = Callable[[Json], None]


class World:
    """Changes go through `record`; `commit` writes them, then tells the page and the bot."""

    def __init__(self, *, journal: Path | None, token: str, clock: SandboxClock | None, flood_limits: bool) -> None:
        self.token = token
        self.clock = clock or SandboxClock()
        self.faults = FaultPlan()
        self.limits = FloodLimits(is_on=flood_limits)
        self.listeners: list[Listener] = []
        self.hooks: dict[str, list[Callable[[], None]]] = {"update": [], "webhook": [], "clock": []}
        self.webhook_failure: Json = {}
        self.calls: deque[Json] = deque(maxlen=CALLS_KEPT)
        self._calls_made = 0
        self.presence = Presence(self)
        self.files = FileStore(journal.with_name("files") if journal else None)
        self._changed: list[Json] = []
        self.journal = Journal(journal)
        self.state = self._remembered()
        self.clock.on_move = self._clock_moved

    def _remembered(self) -> State:
        state = State()
        for change in self.journal.read():
            fold.apply(state, change)
        self.journal.rewrite(state.changes())
        self.clock.restore(timedelta(seconds=state.clock_offset))
        return state

    @property
    def bot_user(self) -> Json:
        bot_id = int(self.token.partition(":")[0])
        name = self.state.profile.get("name:", BOT_NAME)
        return {"id": bot_id, "is_bot": True, "first_name": name, "username": BOT_USERNAME}

    def record(self, kind: str, **fields: Any) -> None:
        change = {"kind": kind, **fields}
        fold.apply(self.state, change)
        self.journal.append(change)
        self._changed.append(change)

    def commit(self) -> None:
        if not self._changed:
            return
        changed, self._changed = self._changed, []
        self.journal.flush()
        for listener in self.listeners:
            for change in changed:
                listener(change)
        for kind in {change["kind"] for change in changed} & self.hooks.keys():
            for hook in self.hooks[kind]:
                hook()

    def tell(self, event: Json) -> None:
        """Send an event to the page without storing it."""
        for listener in self.listeners:
            listener(event)

    def record_person(self, person: Person, **new: Any) -> Person:
        changed = replace(person, **new)
        self.record("person", person=asdict(changed))
        return changed

    def queue_update(self, kind: str, payload: Json) -> None:
        """Put an update in the bot's queue, if the bot wants its kind."""
        allowed = self.state.allowed_updates
        if kind in allowed if allowed else kind not in NOT_BY_DEFAULT:
            update = {"update_id": self.state.next_update_id, kind: payload}
            self.record("update", update=update, arrived=real_seconds())

    def clear(self) -> None:
        """Delete everything except the counters, so that no id is used twice."""
        old, self.state = self.state, State()
        counters = ("next_message_id", "next_update_id", "next_person_id", "next_query_id")
        self.record("counters", **{name: getattr(old, name) for name in counters})
        self.record("allowed_updates", names=old.allowed_updates)
        self.record("webhook", webhook=old.webhook)
        self.journal.rewrite(self.state.changes())
        self.files.clear()
        self.clock.reset()

    def remember_call(self, method: str, params: Mapping[str, Any], status: int | str) -> None:
        self._calls_made += 1
        at = iso(self.clock.now())
        self.calls.append({"n": self._calls_made, "method": method, "params": params, "status": status, "at": at})

    def close(self) -> None:
        self.journal.close()

    def _clock_moved(self) -> None:
        self.record("clock", offset=self.clock.offset.total_seconds())
        self.commit()


class Presence:
    """Whether a bot is there: it polls, polled a moment ago, or has a webhook."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._polls = 0
        self._seen_at = -OFFLINE_AFTER_SECONDS
        self._check: asyncio.TimerHandle | None = None
        self._told = False

    @property
    def is_online(self) -> bool:
        recently = time.monotonic() - self._seen_at < OFFLINE_AFTER_SECONDS
        return self._polls > 0 or recently or self._world.state.webhook is not None

    def poll_begins(self) -> None:
        self._polls += 1
        self.tell()

    def poll_ends(self, *, gone: bool) -> None:
        self._polls -= 1
        self._seen_at = -OFFLINE_AFTER_SECONDS if gone else time.monotonic()
        if self._check is None:
            self._check = asyncio.get_running_loop().call_later(OFFLINE_AFTER_SECONDS + 0.1, self._check_later)
        if gone:
            self.tell()

    def _check_later(self) -> None:
        self._check = None
        self.tell()
        if self.is_online and not self._world.state.webhook:
            self._check = asyncio.get_running_loop().call_later(OFFLINE_AFTER_SECONDS, self._check_later)

    def tell(self) -> None:
        if self._told != self.is_online:
            self._told = self.is_online
            self._world.tell({"kind": "bot", "online": self._told})
