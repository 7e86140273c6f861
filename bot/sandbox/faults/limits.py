"""Flood control by token buckets on real time: moving the sandbox's clock refills nothing."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.sandbox.refusals import too_many_requests

COUNTED: Final = ("send", "edit", "forward", "copy")
NOT_MESSAGES: Final = {"sendChatAction"}


@dataclass(slots=True)
class Bucket:
    rate: float
    size: float
    tokens: float
    filled_at: float

    def wait(self, now: float) -> float:
        """Return the seconds until one more message is allowed."""
        self.tokens = min(self.size, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        return max(0.0, (1 - self.tokens) / self.rate)


class FloodLimits:
    """About one message a second in a chat, with a burst, and thirty a second overall."""

    def __init__(
        self,
        *,
        per_chat: float = 1.0,
        chat_burst: float = 20.0,
        overall: float = 30.0,
        overall_burst: float = 60.0,
        is_on: bool = True,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self.is_on = is_on
        self._tick = tick
        self._per_chat = per_chat
        self._chat_burst = chat_burst
        self._overall = Bucket(overall, overall_burst, overall_burst, tick())
        self._chats: dict[int | str, Bucket] = {}

    def take(self, method: str, chat_id: int | str | None) -> None:
        """Count one message, or refuse it with the seconds to wait."""
        if not self.is_on or chat_id is None or method in NOT_MESSAGES or not method.startswith(COUNTED):
            return
        now = self._tick()
        chat = self._chats.setdefault(chat_id, Bucket(self._per_chat, self._chat_burst, self._chat_burst, now))
        wait = max(chat.wait(now), self._overall.wait(now))
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        chat.tokens -= 1
        self._overall.tokens -= 1
