"""
Send within Telegram's limits, answers to people before queue messages.

    every message takes a turn of its chat and one of the whole bot; queue messages leave some of both for answers
    answers go first; a queue message waits at most 0.5 s for them
    429   pauses its chat, and after a queue message the whole queue; 429s of several chats within seconds pause all
          an answer is retried if the pause is short; the dispatcher decides about a queue message
    if a pause is longer than the caller's patience, it is raised at once, as if it were a 429
    the queue's patience limits the whole wait, so that no queue message waits for ever for a flooded chat
"""

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.edge.http_client import told_to_wait

Result: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]
Send: TypeAlias = Callable[..., Coroutine[Any, Any, Result]]

MESSAGES = ("send", "edit", "copy", "forward")
NOT_MESSAGES = frozenset({"sendChatAction"})

BURST = 1 / 14  # of a second's messages: 28 a second and 2 at once stay within 30 in any second
QUEUE_BURST = 1 / 4  # what was missed between two batches is caught up with, within the limit of all
CHAT_BURST = 20
QUEUE_CHAT_BURST = 3
STANDS_BACK = 0.5  # seconds a queue message waits for answers: at least two queue messages are sent each second
RETRIES = 2
SEVERAL_CHATS = 3
SAME_TROUBLE = 5.0  # 429s within so many seconds have the same cause
SWEEP_EVERY = 60.0
A_MOMENT = 1e-6  # shorter waits are rounding


class ChatBusy(RetryAfter):
    """This chat gets no turn within the caller's patience; other chats may."""


class Priority(StrEnum):
    """The priority of a message: answers to people go before queue messages."""

    ANSWER = "answer"
    QUEUE = "queue"


@dataclass(slots=True)
class Bucket:
    """`burst` turns at once, then `rate` a second."""

    rate: float
    burst: float
    full_at: float = -math.inf

    def wait(self, now: float, *, leaving: float = 0) -> float:
        """Return the seconds until a turn is free and `leaving` more turns remain."""
        missing = max(0.0, self.full_at - now) * self.rate
        return max(0.0, (1 + leaving + missing - self.burst) / self.rate)

    def take(self, now: float) -> None:
        self.full_at = max(self.full_at, now) + 1 / self.rate


@dataclass(slots=True)
class ChatPace:
    name: str
    bucket: Bucket
    paused_until: float = -math.inf
    users: int = 0
    lines: defaultdict[Priority, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    def wait(self, priority: Priority, now: float) -> float:
        leaving = CHAT_BURST - QUEUE_CHAT_BURST if priority is Priority.QUEUE else 0
        return max(self.paused_until - now, self.bucket.wait(now, leaving=leaving))

    def quiet(self, now: float) -> bool:
        return not self.users and now >= self.paused_until and now >= self.bucket.full_at


class Pace(BaseRateLimiter[Priority]):
    """
    Pace the calls of a bot; `rate_limit_args=Priority.QUEUE` marks what may wait.

    Rates are messages a second, patience is in seconds.
    """

    def __init__(
        self,
        *,
        rate: float = 28,
        queue_rate: float | None = None,
        chat_rate: float = 1,
        patience: float = 5,
        queue_patience: float = 30,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        queue_rate = rate * 6 / 7 if queue_rate is None else queue_rate
        self._chat_rate = chat_rate
        self._patience = {Priority.ANSWER: patience, Priority.QUEUE: queue_patience}
        self._monotonic = monotonic
        self._sleep = sleep
        self._all = Bucket(rate, burst=max(1.0, rate * BURST))
        self._queue = Bucket(queue_rate, burst=max(1.0, queue_rate * QUEUE_BURST))
        self._paused_until = dict.fromkeys(Priority, -math.inf)
        self._lines = {priority: asyncio.Lock() for priority in Priority}
        self._answers_waiting = 0
        self._queued_since = math.inf  # when the first queue message began to wait for a turn of the bot
        self._chats: dict[str, ChatPace] = {}
        self._refused: dict[str, float] = {}
        self._sweep_at = monotonic() + SWEEP_EVERY

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def process_request(
        self,
        callback: Send,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Priority | None,
    ) -> Result:
        if not _is_message(endpoint):
            return await callback(*args, **kwargs)
        priority = rate_limit_args or Priority.ANSWER
        tries_left = RETRIES if priority is Priority.ANSWER else 0
        async with self._chat(data.get("chat_id")) as chat:
            while True:
                await self._turn(priority, chat)
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as refusal:
                    self._pause(priority, chat, told_to_wait(refusal))
                    if not tries_left:
                        raise
                    tries_left -= 1

    @asynccontextmanager
    async def _chat(self, chat_id: object) -> AsyncIterator[ChatPace]:
        self._sweep()
        chat = ChatPace(str(chat_id), Bucket(self._chat_rate, CHAT_BURST))
        if chat_id is not None:
            chat = self._chats.setdefault(chat.name, chat)
        chat.users += 1
        try:
            yield chat
        finally:
            chat.users -= 1

    async def _turn(self, priority: Priority, chat: ChatPace) -> None:
        gives_up_at = self._monotonic() + self._patience[priority] if priority is Priority.QUEUE else math.inf
        async with chat.lines[priority]:
            while not await self._took_turn(priority, chat, gives_up_at):
                pass

    async def _took_turn(self, priority: Priority, chat: ChatPace, gives_up_at: float) -> bool:
        """Take a turn; return False if the chat was paused or lost its turn while we waited for the bot's turn."""
        await self._until_free(lambda now: chat.wait(priority, now), self._patience[priority], gives_up_at, ChatBusy)
        async with self._in_line(priority):
            await self._until_free(
                lambda now: self._wait(priority, now), self._patience[priority], gives_up_at, RetryAfter
            )
            now = self._monotonic()
            if chat.wait(priority, now) > A_MOMENT:
                return False
            of_queue = (self._queue,) if priority is Priority.QUEUE else ()
            for bucket in (chat.bucket, self._all, *of_queue):
                bucket.take(now)
            return True

    @asynccontextmanager
    async def _in_line(self, priority: Priority) -> AsyncIterator[None]:
        self._answers_waiting += priority is Priority.ANSWER
        try:
            async with self._lines[priority]:
                if priority is Priority.QUEUE:
                    self._queued_since = self._monotonic()
                yield
        finally:
            self._answers_waiting -= priority is Priority.ANSWER
            if priority is Priority.QUEUE and not self._lines[priority].locked():
                self._queued_since = math.inf

    async def _until_free(
        self, wait: Callable[[float], float], patience: float, gives_up_at: float, refusal: type[RetryAfter]
    ) -> None:
        while (seconds := wait(now := self._monotonic())) > A_MOMENT:
            if seconds > min(patience, gives_up_at - now):
                raise refusal(math.ceil(seconds))
            await self._sleep(seconds)

    def _wait(self, priority: Priority, now: float) -> float:
        paused = self._paused_until[priority] - now
        if priority is Priority.ANSWER:
            return max(paused, self._all.wait(now, leaving=self._is_queued_next(now)))
        own = max(paused, self._queue.wait(now))
        if self._is_queued_next(now):
            return max(own, self._all.wait(now))
        behind_answers = self._all.wait(now, leaving=self._answers_waiting)
        return max(own, min(behind_answers, self._queued_since + STANDS_BACK - now))

    def _is_queued_next(self, now: float) -> bool:
        """Whether a queue message goes next: it has waited long enough for answers, and nothing else stops it."""
        is_free = self._paused_until[Priority.QUEUE] <= now and self._queue.wait(now) <= A_MOMENT
        return is_free and now >= self._queued_since + STANDS_BACK - A_MOMENT

    def _pause(self, priority: Priority, chat: ChatPace, seconds: float) -> None:
        now = self._monotonic()
        until = now + seconds
        chat.paused_until = max(chat.paused_until, until)
        self._refused = {name: at for name, at in self._refused.items() if now - at <= SAME_TROUBLE} | {chat.name: now}
        of_queue = [Priority.QUEUE] if priority is Priority.QUEUE else []
        for each in Priority if len(self._refused) >= SEVERAL_CHATS else of_queue:
            self._paused_until[each] = max(self._paused_until[each], until)

    def _sweep(self) -> None:
        now = self._monotonic()
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_EVERY
            self._chats = {name: chat for name, chat in self._chats.items() if not chat.quiet(now)}


def _is_message(endpoint: str) -> bool:
    return endpoint.startswith(MESSAGES) and endpoint not in NOT_MESSAGES
