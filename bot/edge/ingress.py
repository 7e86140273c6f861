"""
Receive updates by long polling; each is confirmed to Telegram only after it has been handled.

PTB's own loop confirms a batch when it asks for the next one: updates that still wait are then lost if the process
dies. Here the offset is the lowest unfinished update, so Telegram keeps it and sends it again after a crash.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application

from bot.edge import calls
from bot.edge.http_client import told_to_wait

logger = logging.getLogger(__name__)

T = TypeVar("T")
AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
LONG_POLL = 30
READ_MARGIN = 10
SAME_OFFSET = 0.5  # asked again within this, Telegram gives one update only
BACKOFF = 1.0
LONGEST_BACKOFF = 30.0
LONGEST_DELAY = (
    60.0  # seconds one update may delay the confirmation of later ones: Telegram sends at most 100 from the offset on
)
REMEMBERED = 2000
FINISHED = float("-inf")


class Window:
    """Updates that were received and not yet confirmed."""

    def __init__(self, longest_delay: float, monotonic: Callable[[], float]) -> None:
        self._longest_delay = longest_delay
        self._monotonic = monotonic
        self._delays_until: dict[int, float] = {}
        self._known: dict[int, int] = {}
        self._to_confirm = 0

    def __len__(self) -> int:
        return len(self._delays_until)

    def is_new(self, update_id: int, raw: Any) -> bool:
        """Add an update; return False if it is being handled or was handled before."""
        if update_id in self._delays_until:
            return False
        # A server that was reset counts from the start: its ids alone don't tell a repetition
        content = hash(repr(raw))
        new = self._known.pop(update_id, None) != content
        self._known[update_id] = content
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        self._delays_until[update_id] = self._monotonic() + self._longest_delay if new else FINISHED
        return new

    def finish(self, update_id: int) -> None:
        if update_id in self._delays_until:
            self._delays_until[update_id] = FINISHED

    def offset(self) -> int:
        """
        Return the offset: the update from which Telegram continues.

        It is 0 if everything is confirmed: after a week without updates Telegram continues at a random id, maybe lower.
        """
        if self._delays_until:
            self._let_go()
            unfinished = [update_id for update_id, until in self._delays_until.items() if until != FINISHED]
            self._to_confirm = min(unfinished) if unfinished else max(self._delays_until) + 1
            for update_id in [each for each in self._delays_until if each < self._to_confirm]:
                del self._delays_until[update_id]
        return self._to_confirm

    def confirmed(self) -> None:
        self._to_confirm = 0

    def _let_go(self) -> None:
        now = self._monotonic()
        for update_id, until in self._delays_until.items():
            if FINISHED < until <= now:
                logger.error("update %s has been running for too long: acknowledged before its end", update_id)
                self._delays_until[update_id] = FINISHED


class Polling:
    """Fetches updates and gives them to an initialized application, until `stop`."""

    def __init__(
        self,
        application: AnyApplication,
        *,
        allowed_updates: Sequence[str] = ALLOWED_UPDATES,
        at_most: int = 1000,
        longest_delay: float = LONGEST_DELAY,
        sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._allowed_updates = list(allowed_updates)
        self._at_most = at_most
        self._sleep = sleep
        self._monotonic = monotonic
        self._window = Window(longest_delay, monotonic)
        self._handling: set[asyncio.Task[None]] = set()
        self._fetching: asyncio.Task[None] | None = None
        self._finished_one = asyncio.Event()
        self._stopped = asyncio.Event()

    @property
    def in_flight(self) -> int:
        return len(self._handling)

    async def run(self) -> None:
        """Return after `stop`; raise InvalidToken when Telegram refuses the token."""
        if self._stopped.is_set():
            return
        self._fetching = asyncio.create_task(self._fetch_on())
        try:
            await asyncio.wait({self._fetching})
            if not self._fetching.cancelled():
                self._fetching.result()
            await self._stopped.wait()
        finally:
            await _end({self._fetching, *self._handling})

    async def stop(self, grace: float = 8) -> None:
        """Stop fetching, give running handlers `grace` seconds and confirm the updates they finished."""
        try:
            if self._fetching is not None and not self._stopped.is_set():
                await self._wind_up(self._fetching, grace)
        finally:
            self._stopped.set()

    async def _wind_up(self, fetching: asyncio.Task[None], grace: float) -> None:
        await _end({fetching})
        if self._handling:
            await asyncio.wait(self._handling, timeout=grace)
        await _end(self._handling)
        if offset := self._window.offset():
            await self._confirm(offset)

    async def _confirm(self, offset: int) -> None:
        try:
            await self._ask(offset, wait=0, limit=1)
        except TelegramError as error:
            logger.warning("finished updates could not be confirmed and come again: %s", type(error).__name__)

    async def _fetch_on(self) -> None:
        await self._insist(self._remove_webhook)
        while True:
            offset = self._window.offset()
            received = await self._insist(lambda: self._ask(self._window.offset(), wait=LONG_POLL))
            for raw in sorted(received, key=itemgetter("update_id")):  # what a person did, in its order
                self._take(raw)
            await self._until_worth_asking(offset)

    async def _remove_webhook(self) -> None:
        bot = self._application.bot
        if (await bot.get_webhook_info()).url:
            logger.warning("a webhook was set: removed, because polling gets nothing beside one")
            await bot.delete_webhook()

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        failures = 0
        while True:
            try:
                return await call()
            except InvalidToken:
                raise
            except TelegramError as error:
                failures += 1
                await self._sleep(_wait_after(error, failures))

    async def _ask(self, offset: int, *, wait: int, limit: int = 100) -> list[Any]:
        # get_updates() of PTB drops a whole batch if it can't read one update
        params = {"offset": offset, "limit": limit, "timeout": wait, "allowed_updates": self._allowed_updates}
        updates = await calls.poll(self._application.bot, params, read_timeout=wait + READ_MARGIN)
        self._window.confirmed()
        return updates

    def _take(self, raw: Any) -> None:
        update_id = raw["update_id"]
        if not self._window.is_new(update_id, raw):
            return
        try:
            update = Update.de_json(without_buttons(raw), self._application.bot)
        except Exception as error:  # noqa: BLE001  PTB raises whatever the foreign JSON leads to
            logger.error("update %s can't be read and is skipped: %s", update_id, type(error).__name__)
            self._window.finish(update_id)
            return
        task = asyncio.create_task(self._handle(update), name=f"update {update_id}")
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)

    async def _handle(self, update: Update) -> None:
        application = self._application
        try:
            await application.update_processor.process_update(update, application.process_update(update))
        except Exception:
            logger.exception("update %s failed outside of its handlers", update.update_id)
        # Not in a finally: a cancelled update is not finished and comes again
        self._window.finish(update.update_id)
        self._finished_one.set()

    async def _until_worth_asking(self, asked: int) -> None:
        again_at = self._monotonic() + SAME_OFFSET
        while len(self._handling) >= self._at_most:
            await self._a_finish()
        while self._window.offset() == asked and self._window and (left := again_at - self._monotonic()) > 0:
            await self._a_finish(within=left)

    async def _a_finish(self, within: float | None = None) -> None:
        self._finished_one.clear()
        waits: set[asyncio.Task[Any]] = {asyncio.create_task(self._finished_one.wait())}
        if within is not None:
            waits.add(asyncio.create_task(self._sleep(within)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(waits)


async def _end(tasks: Collection[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def without_buttons(raw: dict[str, Any]) -> dict[str, Any]:
    """Remove the keyboard of a tapped message: we don't need it, and parsing a month's costs more than all the rest."""
    message = (raw.get("callback_query") or {}).get("message") or {}
    if "reply_markup" not in message:
        return raw
    bare = {name: value for name, value in message.items() if name != "reply_markup"}
    return raw | {"callback_query": raw["callback_query"] | {"message": bare}}


def _wait_after(error: TelegramError, failures: int) -> float:
    """Return the seconds until the next try; with jitter, unless Telegram named them."""
    if isinstance(error, RetryAfter):
        logger.warning("getUpdates is told to wait %s s", told_to_wait(error))
        return told_to_wait(error)
    if isinstance(error, Conflict):
        logger.error("another process receives the updates of this bot: %s", error.message)
    else:
        logger.warning("no updates: %s: %s", type(error).__name__, error.message)
    return min(LONGEST_BACKOFF, BACKOFF * 2.0 ** min(failures - 1, 10)) * random.uniform(0.5, 1)
