"""
What is due leaves for the chats.

    claim  ->  read again  ->  send  ->  settle  ->  remember what it shows, each in a transaction of its own

What Telegram says to a letter decides what becomes of it:

    done                              sent; where it shows a lesson, it changes with the lesson from now on
    429                               later, exactly when it says, and so is everything else
    403, chat gone                    the person is unreachable; the other side of the lesson hears of it
    400 and the like                  failed, with the reason
    no connection, token refused      later, and so is everything else; no letter is to blame, no attempt counted
    no answer, 5xx, our own mistake   later, growing slower, until the attempts are used up

In a person's quiet hours notices make no sound; a reminder that comes then has found no better time.

A letter without an answer may have arrived. It goes out again: a reminder read twice does no harm, one never read does.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot import messages, notices
from bot.pace import Lane
from bot.wire import NotSent, hide_token, told_to_wait
from core import cards, outbox
from core.cards import Shown
from core.outbox import Claimed, Correction
from core.startup import Core
from core.work import Work

logger = logging.getLogger(__name__)

BATCH: Final = 50
AT_ONCE: Final = 16
FIRST_BACKOFF: Final = timedelta(seconds=2)
LONGEST_BACKOFF: Final = timedelta(minutes=5)
TOKEN_REFUSED: Final = timedelta(minutes=1)
CHAT_GONE: Final = ("chat not found", "user is deactivated")


@dataclass(frozen=True, slots=True)
class Sent:
    message_id: int
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class Corrected:
    """Nothing new was said; `gone` are messages that can't be changed any more."""

    shown: Shown
    messages: tuple[int, ...]
    gone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """It was no longer true, or there is nobody to tell."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    error: str


@dataclass(frozen=True, slots=True)
class Failed:
    error: str


@dataclass(frozen=True, slots=True)
class Later:
    """`holds_all`: nothing else goes out before that either."""

    at: datetime
    error: str
    holds_all: bool = False


Outcome = Sent | Corrected | Skipped | Unreachable | Failed | Later


@dataclass(slots=True)
class Tally:
    """What became of letters. `later` comes again by itself, the others are done with."""

    sent: int = 0
    skipped: int = 0
    failed: int = 0
    unreachable: int = 0
    later: int = 0

    @property
    def done(self) -> int:
        return self.sent + self.skipped + self.failed + self.unreachable

    @property
    def all(self) -> int:
        return self.done + self.later

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Tally)))

    def count(self, outcome: Outcome, claimed: Claimed) -> None:
        match outcome:
            case Sent() | Corrected():
                self.sent += 1
            case Skipped():
                self.skipped += 1
            case Unreachable():
                self.unreachable += 1
            case Later(holds_all=holds_all) if holds_all or claimed.attempt < claimed.max_attempts:
                self.later += 1
            case Failed() | Later():
                self.failed += 1
            case _:
                assert_never(outcome)


@dataclass(slots=True)
class Round:
    """One batch on its way. `hold` puts off all that is left of it."""

    places: asyncio.Semaphore
    hold: Later | None = None
    was_cut_off: bool = False
    was_answered: bool = False
    tally: Tally = field(default_factory=Tally)


class Dispatcher:
    """Several processes may share the queue; within one, bot.jobs runs one pass at a time."""

    def __init__(
        self,
        core: Core,
        bot: ExtBot[Lane],
        clock: Callable[[], datetime],
        *,
        at_once: int = AT_ONCE,
        jitter: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._core = core
        self._bot = bot
        self._clock = clock
        self._at_once = at_once
        self._jitter = jitter
        self._round = self._new_round()
        self._cut_off_rounds = 0
        self._is_closing = False

    async def deliver_due(self) -> datetime | None:
        """Deliver one batch of what is due; return when to come again."""
        if not self._is_closing:
            await self._deliver_batch(BATCH)
        async with self._core.read() as work:
            return await outbox.next_due(work)

    async def deliver_at_most(self, limit: int) -> Tally:
        """Deliver what is due, at most so many; return what became of it."""
        whole = Tally()
        while whole.all < limit:
            await self._deliver_batch(min(BATCH, limit - whole.all), is_total=True)
            whole += self.last
            if not self.last.all or self.last.later:
                break
        return whole

    @property
    def last(self) -> Tally:
        """What became of the batch delivered last."""
        return self._round.tally

    def close(self) -> None:
        """Begin no further letter: what is left of the batch is free for others at once."""
        self._is_closing = True
        self._round.hold = Later(self._clock(), "put back at the end", holds_all=True)

    def _new_round(self) -> Round:
        return Round(asyncio.Semaphore(self._at_once))

    async def _deliver_batch(self, limit: int, *, is_total: bool = False) -> None:
        self._round = self._new_round()  # before the claim: `close` may come during it
        async with self._core.begin() as work:
            due = await outbox.claim(work, limit=limit, is_total=is_total)
        async with asyncio.TaskGroup() as people:
            for letters in _by_person(due):
                people.create_task(self._deliver_in_order(letters))
        if self._round.was_answered:
            self._cut_off_rounds = 0
        elif self._round.was_cut_off:
            self._cut_off_rounds += 1

    async def _deliver_in_order(self, letters: Sequence[Claimed]) -> None:
        """A letter that has to wait takes those behind it along."""
        put_off: Later | None = None
        for claimed in letters:
            async with self._round.places:
                put_off = self._round.hold or put_off
                if put_off:
                    await self._settle(claimed, replace(put_off, holds_all=True))
                else:
                    put_off = await self._deliver(claimed)

    async def _deliver(self, claimed: Claimed) -> Later | None:
        outcome = await self._outcome(claimed)
        await self._settle(claimed, outcome)  # first of all: a kill before its commit sends the letter once more
        if isinstance(outcome, Sent) and outcome.shown is not None:
            await self._remember(claimed, outcome.message_id, outcome.shown)
        logger.info("letter", extra=_fields(claimed, outcome))
        if not isinstance(outcome, Later):
            return None
        if outcome.holds_all:
            self._round.hold = max(self._round.hold or outcome, outcome, key=lambda hold: hold.at)
        return outcome

    async def _outcome(self, claimed: Claimed) -> Outcome:
        try:
            outcome = await self._send(claimed)
        except TelegramError as error:
            return self._told(error, claimed)
        except Exception as error:
            logger.exception("a letter can't be delivered", extra=_fields(claimed))
            return Later(self._after(claimed.attempt), type(error).__name__)
        self._round.was_answered |= isinstance(outcome, Sent | Corrected)
        return outcome

    async def _send(self, claimed: Claimed) -> Sent | Corrected | Skipped:
        async with self._core.read() as work:
            letter = await outbox.letter(work, claimed)
        if letter is None:
            return Skipped()
        if isinstance(letter, Correction):
            return await self._correct(letter)
        screen = notices.compose(letter, now=self._clock())
        silently = letter.to.is_quiet and letter.event is not None
        chat_id = letter.to.telegram_id
        message = await messages.send(self._bot, screen, chat_id=chat_id, lane=Lane.QUEUE, silently=silently)
        return Sent(message.message_id, screen.lesson)

    async def _correct(self, letter: Correction) -> Corrected:
        """Change what shows the lesson as it no longer is, one message after the other."""
        chat, gone = letter.to.telegram_id, []
        for message_id in letter.message_ids:
            screen = notices.corrected(letter, message_id, now=self._clock())
            if not await messages.edit(self._bot, screen, chat_id=chat, message_id=message_id, lane=Lane.QUEUE):
                gone.append(message_id)
        return Corrected(letter.shown, letter.message_ids, tuple(gone))

    def _told(self, error: TelegramError, claimed: Claimed) -> Outcome:
        """To PTB a BadRequest is a NetworkError, and so is a TimedOut: the order of the cases matters."""
        reason = hide_token(f"{type(error).__name__}: {error.message}", self._bot.token)
        match error:
            case RetryAfter():
                return Later(self._clock() + timedelta(seconds=told_to_wait(error)), reason, holds_all=True)
            case InvalidToken():
                logger.error("Telegram refuses the token: nothing is delivered", extra=_fields(claimed))
                return Later(self._clock() + TOKEN_REFUSED, "InvalidToken: refused", holds_all=True)
            case Forbidden():
                return Unreachable(reason)
            case BadRequest() if any(gone in error.message.lower() for gone in CHAT_GONE):
                return Unreachable(reason)
            case BadRequest() | ChatMigrated() | Conflict():
                return Failed(reason)
            case NotSent():
                self._round.was_cut_off = True
                return Later(self._after(self._cut_off_rounds + 1), reason, holds_all=True)
            case _:
                return Later(self._after(claimed.attempt), reason)

    def _after(self, failures: int) -> datetime:
        longest = min(FIRST_BACKOFF * 2.0 ** min(failures - 1, 10), LONGEST_BACKOFF)
        return self._clock() + longest * self._jitter(0.5, 1)

    async def _settle(self, claimed: Claimed, outcome: Outcome) -> None:
        self._round.tally.count(outcome, claimed)
        try:
            async with self._core.begin() as work:
                await settle(work, claimed, outcome)
        except Exception:
            logger.exception("a letter can't be settled and comes again after its lease", extra=_fields(claimed))

    async def _remember(self, claimed: Claimed, message_id: int, shown: Shown) -> None:
        """From now on the message changes with the lesson; in a transaction of its own, since it waits for others."""
        try:
            async with self._core.begin() as work:
                await cards.remember(work, person_id=claimed.recipient_id, message_id=message_id, shown=shown)
        except Exception:
            logger.exception("what a message shows can't be remembered", extra=_fields(claimed))


async def settle(work: Work, claimed: Claimed, outcome: Outcome) -> None:
    match outcome:
        case Sent(message_id):
            await outbox.settle_sent(work, claimed, message_id=message_id)
        case Corrected(shown, corrected, gone):
            await outbox.settle_corrected(work, claimed, shown=shown, corrected=corrected, gone=gone)
        case Skipped():
            await outbox.settle_skipped(work, claimed)
        case Unreachable(error):
            await outbox.settle_unreachable(work, claimed, error=error)
        case Failed(error):
            await outbox.settle_failed(work, claimed, error=error)
        case Later(at, error, holds_all):
            await outbox.settle_retry(work, claimed, at=at, error=error, counts=not holds_all)
        case _:
            assert_never(outcome)


def _by_person(letters: Sequence[Claimed]) -> list[list[Claimed]]:
    people: defaultdict[int, list[Claimed]] = defaultdict(list)
    for claimed in letters:
        people[claimed.recipient_id].append(claimed)
    return list(people.values())


def _fields(claimed: Claimed, outcome: Outcome | None = None) -> dict[str, object]:
    """Ids and kinds only: Telegram's words for an error may quote the message."""
    fields: dict[str, object] = {
        "delivery": claimed.id,
        "kind": claimed.event or f"reminder.{claimed.minutes_before}",
        "attempt": claimed.attempt,
    }
    if outcome is not None:
        fields["outcome"] = type(outcome).__name__.lower()
    if isinstance(outcome, Unreachable | Failed | Later):
        fields["error"] = outcome.error.partition(":")[0]
    return fields
