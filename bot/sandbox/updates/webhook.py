"""
Updates pushed to the bot's webhook.

As Telegram does it: the queue is the chat for messages and the person for taps; one update of a queue after
another, queues side by side; what isn't answered with 2xx comes again, later and later.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from itertools import takewhile
from typing import Any, Final

import aiohttp

from bot.sandbox.jsons import Json, decode, to_bytes
from bot.sandbox.state.world import World

FIRST_WAIT_SECONDS: Final = 0.5
LONGEST_WAIT_SECONDS: Final = 60.0
LONGEST_RETRY_AFTER_SECONDS: Final = 3600.0
ANSWER_SECONDS: Final = 60.0

QueueKey = tuple[str, int]


class Pusher:
    def __init__(self, world: World) -> None:
        self._world = world
        self._queues: dict[QueueKey, deque[Json]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._fed = 0
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(1)
        self._url = ""
        self.on_answer: Callable[[Json], Awaitable[None]] = _ignore
        world.hooks["update"].append(self.feed)
        world.hooks["webhook"].append(self._webhook_changed)

    def feed(self) -> None:
        """Give new updates to their queues."""
        webhook = self._world.state.webhook
        if webhook is None or not _loop_runs():
            return
        if self._session is None:
            self._open(webhook)
        waiting = self._world.state.updates
        fresh = [waiting[update_id].update for update_id in takewhile(self._is_fresh, reversed(waiting))]
        self._fed = next(reversed(waiting), self._fed)
        for update in self._world.faults.disturb(fresh[::-1]):
            self._queue(update)

    def _is_fresh(self, update_id: int) -> bool:
        return update_id > self._fed

    async def stop(self) -> None:
        tasks, self._tasks, self._queues = self._tasks, set(), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._fed = 0
        if self._session:
            session, self._session = self._session, None
            await session.close()

    def _open(self, webhook: Json) -> None:
        self._url = webhook["url"]
        self._slots = asyncio.Semaphore(webhook["max_connections"])
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout)

    def _queue(self, update: Json) -> None:
        key = queue_of(update)
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(update)
            return
        self._queues[key] = deque([update])
        self._start(self._drain(key))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, key: QueueKey) -> None:
        queue = self._queues[key]
        while queue:
            await self._push_until_taken(queue[0])
            queue.popleft()
        del self._queues[key]

    async def _push_until_taken(self, update: Json) -> None:
        wait = FIRST_WAIT_SECONDS
        while update["update_id"] in self._world.state.updates:
            retry_after = await self._push(update)
            if retry_after is None:
                self._taken(update)
                return
            await asyncio.sleep(retry_after or wait)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)

    async def _push(self, update: Json) -> float | None:
        """
        Send an update once; return None if the bot took it, else the seconds it asks to wait (0 if it did not say).
        """
        if self._world.faults.outage:
            return 0.0
        webhook = self._world.state.webhook or {}
        headers = {"Content-Type": "application/json"}
        if webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook["secret_token"]
        assert self._session is not None
        try:
            async with self._slots, self._session.post(self._url, data=to_bytes(update), headers=headers) as answer:
                return await self._heard(answer)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(str(error) or type(error).__name__)
            return 0.0

    async def _heard(self, answer: aiohttp.ClientResponse) -> float | None:
        body = await answer.read()
        if answer.ok:
            await self.on_answer(_object(body))
            return None
        self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        asked = answer.headers.get("Retry-After", "")
        return min(float(asked), LONGEST_RETRY_AFTER_SECONDS) if asked.isdecimal() else 0.0

    def _failed(self, reason: str) -> None:
        self._world.webhook_failure = {"last_error_date": self._world.clock.seconds(), "last_error_message": reason}

    def _taken(self, update: Json) -> None:
        self._world.record("confirmed", ids=[update["update_id"]])
        self._world.commit()

    def _webhook_changed(self) -> None:
        if _loop_runs():
            self._start(self._restart())

    async def _restart(self) -> None:
        current = asyncio.current_task()
        if current:
            self._tasks.discard(current)  # stop() would cancel it
        await self.stop()
        self.feed()


def queue_of(update: Json) -> QueueKey:
    if "callback_query" in update:
        return "person", update["callback_query"]["from"]["id"]
    if "message" in update:
        return "chat", update["message"]["chat"]["id"]
    return "other", 0


def _object(body: bytes) -> Json:
    try:
        value = decode(body) if body else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


async def _ignore(_: Json) -> None:
    """Do nothing with a method call in the webhook's answer."""


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
