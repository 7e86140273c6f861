"""
Sending below Telegram's limits, answers to people before the queue.

    every message takes a turn of its chat and a turn of all; the queue leaves a part of both to answers
    an answer never waits behind the queue; the queue stands back while an answer waits, but a letter not for long
    429   holds its chat, and in the queue all of the queue; several chats within seconds: everything
          an answer tries again when that is soon, the queue's sender decides for itself
    a hold longer than somebody has patience for is told them at once, as the 429 it would be
    the queue's patience is for the whole of a wait: whoever fills their chat keeps no letter here for ever
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

Sent: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]
Send: TypeAlias = Callable[..., Coroutine[Any, Any, Sent]]

MESSAGES = ("send", "edit", "copy", "forward")
NOT_MESSAGES = frozenset({"sendChatAction"})

BURST = 1 / 14  # of a second's messages: 28 a second and 2 at once stay within 30 in any second
QUEUE_BURST = 1 / 4  # what was missed between two batches is caught up with, within the limit of all
CHAT_BURST = 20
QUEUE_CHAT_BURST = 3
STANDS_BACK = 0.5  # seconds: however much there is to answer, two letters a second go out
RETRIES = 2
SEVERAL_CHATS = 3
SAME_TROUBLE = 5.0  # seconds within which several 429s are one
SWEEP_EVERY = 60.0
A_MOMENT = 1e-6  # shorter waits are rounding


class ChatBusy(RetryAfter):
    """This chat has no turn for so long, whatever there is for others."""


class Lane(StrEnum):
    ANSWER = "answer"
    QUEUE = "queue"


@dataclass(slots=True)
class Bucket:
    """`burst` turns at once, then `rate` a second."""

    rate: float
    burst: float
    full_at: float = -math.inf

    def wait(self, now: float, *, leaving: float = 0) -> float:
        """Tell the seconds until a turn is free with `leaving` others still there."""
        missing = max(0.0, self.full_at - now) * self.rate
        return max(0.0, (1 + leaving + missing - self.burst) / self.rate)

    def take(self, now: float) -> None:
        self.full_at = max(self.full_at, now) + 1 / self.rate


@dataclass(slots=True)
class Chat:
    name: str
    bucket: Bucket
    held_until: float = -math.inf
    users: int = 0
    lines: defaultdict[Lane, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    def wait(self, lane: Lane, now: float) -> float:
        leaving = CHAT_BURST - QUEUE_CHAT_BURST if lane is Lane.QUEUE else 0
        return max(self.held_until - now, self.bucket.wait(now, leaving=leaving))

    def quiet(self, now: float) -> bool:
        return not self.users and now >= self.held_until and now >= self.bucket.full_at


class Pace(BaseRateLimiter[Lane]):
    """
    Pace the calls of a bot; `rate_limit_args=Lane.QUEUE` marks what may wait.

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
        self._patience = {Lane.ANSWER: patience, Lane.QUEUE: queue_patience}
        self._monotonic = monotonic
        self._sleep = sleep
        self._all = Bucket(rate, burst=max(1.0, rate * BURST))
        self._queue = Bucket(queue_rate, burst=max(1.0, queue_rate * QUEUE_BURST))
        self._held_until = dict.fromkeys(Lane, -math.inf)
        self._lines = {lane: asyncio.Lock() for lane in Lane}
        self._answers_waiting = 0
        self._letter_since = math.inf  # when the first of the queue came to stand in the line of all
        self._chats: dict[str, Chat] = {}
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
        rate_limit_args: Lane | None,
    ) -> Sent:
        if not _is_message(endpoint):
            return await callback(*args, **kwargs)
        lane = rate_limit_args or Lane.ANSWER
        tries_left = RETRIES if lane is Lane.ANSWER else 0
        async with self._chat(data.get("chat_id")) as chat:
            while True:
                await self._turn(lane, chat)
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as refusal:
                    self._hold(lane, chat, told_to_wait(refusal))
                    if not tries_left:
                        raise
                    tries_left -= 1

    @asynccontextmanager
    async def _chat(self, chat_id: object) -> AsyncIterator[Chat]:
        self._sweep()
        chat = Chat(str(chat_id), Bucket(self._chat_rate, CHAT_BURST))
        if chat_id is not None:
            chat = self._chats.setdefault(chat.name, chat)
        chat.users += 1
        try:
            yield chat
        finally:
            chat.users -= 1

    async def _turn(self, lane: Lane, chat: Chat) -> None:
        gives_up_at = self._monotonic() + self._patience[lane] if lane is Lane.QUEUE else math.inf
        async with chat.lines[lane]:
            while not await self._took_turn(lane, chat, gives_up_at):
                pass

    async def _took_turn(self, lane: Lane, chat: Chat, gives_up_at: float) -> bool:
        """Take a turn, unless the chat was held or used up while we stood in the line of all."""
        await self._until_free(lambda now: chat.wait(lane, now), self._patience[lane], gives_up_at, ChatBusy)
        async with self._in_line(lane):
            await self._until_free(lambda now: self._wait(lane, now), self._patience[lane], gives_up_at, RetryAfter)
            now = self._monotonic()
            if chat.wait(lane, now) > A_MOMENT:
                return False
            for bucket in (chat.bucket, self._all, self._queue) if lane is Lane.QUEUE else (chat.bucket, self._all):
                bucket.take(now)
            return True

    @asynccontextmanager
    async def _in_line(self, lane: Lane) -> AsyncIterator[None]:
        self._answers_waiting += lane is Lane.ANSWER
        try:
            async with self._lines[lane]:
                if lane is Lane.QUEUE:
                    self._letter_since = self._monotonic()
                yield
        finally:
            self._answers_waiting -= lane is Lane.ANSWER
            if lane is Lane.QUEUE and not self._lines[lane].locked():
                self._letter_since = math.inf

    async def _until_free(
        self, wait: Callable[[float], float], patience: float, gives_up_at: float, refusal: type[RetryAfter]
    ) -> None:
        while (seconds := wait(now := self._monotonic())) > A_MOMENT:
            if seconds > min(patience, gives_up_at - now):
                raise refusal(math.ceil(seconds))
            await self._sleep(seconds)

    def _wait(self, lane: Lane, now: float) -> float:
        held = self._held_until[lane] - now
        if lane is Lane.ANSWER:
            return max(held, self._all.wait(now, leaving=self._is_letter_next(now)))
        own = max(held, self._queue.wait(now))
        if self._is_letter_next(now):
            return max(own, self._all.wait(now))
        behind_answers = self._all.wait(now, leaving=self._answers_waiting)
        return max(own, min(behind_answers, self._letter_since + STANDS_BACK - now))

    def _is_letter_next(self, now: float) -> bool:
        """Whether it has stood back for long enough, and nothing but answers keeps it."""
        is_free = self._held_until[Lane.QUEUE] <= now and self._queue.wait(now) <= A_MOMENT
        return is_free and now >= self._letter_since + STANDS_BACK - A_MOMENT

    def _hold(self, lane: Lane, chat: Chat, seconds: float) -> None:
        now = self._monotonic()
        until = now + seconds
        chat.held_until = max(chat.held_until, until)
        self._refused = {name: at for name, at in self._refused.items() if now - at <= SAME_TROUBLE} | {chat.name: now}
        held = list(Lane) if len(self._refused) >= SEVERAL_CHATS else [Lane.QUEUE] if lane is Lane.QUEUE else []
        for each in held:
            self._held_until[each] = max(self._held_until[each], until)

    def _sweep(self) -> None:
        now = self._monotonic()
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_EVERY
            self._chats = {name: chat for name, chat in self._chats.items() if not chat.quiet(now)}


def _is_message(endpoint: str) -> bool:
    return endpoint.startswith(MESSAGES) and endpoint not in NOT_MESSAGES
