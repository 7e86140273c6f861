"""
Deliver the messages that are due by one channel.

    claim  ->  read again  ->  send  ->  settle  ->  remember which lesson it shows, each in a transaction of its own

The channel's answer decides what follows: see bot.delivery.channels. A message without an answer may have arrived. It
is sent again: a second copy of a reminder does no harm, a missing one does.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import partial
from typing import Final, assert_never

from bot.delivery.channels.channel import Channel
from core.delivery import queue, settling
from core.delivery import sent_log as sent
from core.delivery.queue import Claimed
from core.delivery.results import Again, Corrected, Failed, Halt, Result, Sent, Skipped, Unreachable
from core.enums import ChannelKind
from core.lessons import lesson_messages
from core.lessons.lesson_messages import LessonVersion
from core.startup import Core
from core.work import Work

logger = logging.getLogger(__name__)

FIRST_BACKOFF: Final = timedelta(seconds=2)
LONGEST_BACKOFF: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(days=7)
LONGEST_FAULT: Final = timedelta(days=1)  # for this long, failures of the other side count as no attempt
KEEPS_ORDER: Final = 6  # tries, some two minutes: a message that can't be sent must not delay a reminder past its time
SETTLE_AGAIN: Final = (0.2, 1.0, 3.0, 10.0, 30.0, 60.0)  # seconds; less than the lease all in all
REMEMBER_AGAIN: Final = SETTLE_AGAIN[:3]


@dataclass(frozen=True, slots=True)
class Later:
    """Again or Halt with its instant. `pauses_all`: the whole channel pauses until then."""

    at: datetime
    error: str
    pauses_all: bool = False
    counts: bool = True


Outcome = Sent | Corrected | Skipped | Unreachable | Failed | Later


@dataclass(slots=True)
class Tally:
    """Counts the messages by outcome. `later` ones are retried, all others are done."""

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
            case Later(counts=counts) if not (counts and claimed.is_last):
                self.later += 1
            case Failed() | Later():
                self.failed += 1
            case _:
                assert_never(outcome)


@dataclass(slots=True)
class Round:
    """
    One batch being sent. `pause` puts off the rest of it. A message not begun within the first half of the lease goes
    back to the queue: begun later, it might still be on its way when another process claims and sends it.
    """

    places: asyncio.Semaphore
    pause: Later | None = None
    begins_until: datetime | None = None
    was_cut_off: bool = False
    was_answered: bool = False
    tally: Tally = field(default_factory=Tally)


class Dispatcher:
    """Delivers by one channel. Several processes may share its queue; bot.run.jobs runs one pass at a time in each."""

    def __init__(
        self,
        core: Core,
        channel: Channel,
        clock: Callable[[], datetime],
        *,
        at_once: int | None = None,
        jitter: Callable[[float, float], float] = random.uniform,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._core = core
        self._channel = channel
        self._clock = clock
        self._at_once = at_once or channel.at_once
        self._jitter = jitter
        self._sleep = sleep
        self._round = self._new_round()
        self._cut_off_rounds = 0
        self._is_closing = False

    async def deliver_due(self) -> datetime | None:
        """Deliver one batch of the messages that are due; return when to run again."""
        if not self._is_closing:
            await self._deliver_batch(self._channel.batch)
        async with self._core.read() as work:
            return await queue.next_due(work, channel=self._channel.kind)

    async def deliver_at_most(self, limit: int) -> Tally:
        """Deliver at most `limit` of the messages that are due; return the outcome."""
        whole = Tally()
        while whole.all < limit:
            await self._deliver_batch(min(self._channel.batch, limit - whole.all), is_total=True)
            whole += self.last
            if not self.last.all or self.last.later:
                break
        return whole

    @property
    def channel(self) -> ChannelKind:
        return self._channel.kind

    @property
    def last(self) -> Tally:
        """The outcome of the last batch."""
        return self._round.tally

    def close(self) -> None:
        """Start no further message; the rest of the batch goes back to the queue at once."""
        self._is_closing = True
        self._round.pause = paused(self._clock(), "put back at the end")

    def _new_round(self) -> Round:
        return Round(asyncio.Semaphore(self._at_once))

    async def _deliver_batch(self, limit: int, *, is_total: bool = False) -> None:
        self._round = self._new_round()  # before the claim: `close` may come during it
        await catch_up(self._core)
        async with self._core.begin() as work:
            due = await queue.claim(work, channel=self._channel.kind, limit=limit, is_total=is_total)
            self._round.begins_until = work.now + work.policies.delivery_lease / 2
        async with asyncio.TaskGroup() as people:
            for claims in _by_person(due):
                people.create_task(self._deliver_in_order(claims))
        if self._round.was_answered:
            self._cut_off_rounds = 0
        elif self._round.was_cut_off:
            self._cut_off_rounds += 1

    async def _deliver_in_order(self, claims: Sequence[Claimed]) -> None:
        """Keep the order of one person's messages: if one has to wait, so do those after it, for a while."""
        put_off: Later | None = None
        for claimed in claims:
            async with self._round.places:
                put_off = self._paused() or put_off
                if put_off:
                    await self._settle(claimed, paused(put_off.at, put_off.error))
                else:
                    put_off = await self._deliver(claimed)

    def _paused(self) -> Later | None:
        now, until = self._clock(), self._round.begins_until
        if self._round.pause is None and until is not None and now >= until:
            self._round.pause = paused(now, "too late within its lease")
        return self._round.pause

    async def _deliver(self, claimed: Claimed) -> Later | None:
        outcome = await self._outcome(claimed)
        if isinstance(outcome, Sent):
            await self._settle_sent(claimed, outcome)
        else:
            await self._settle(claimed, outcome)
        logger.info("queue message", extra=_fields(claimed, outcome))
        if not isinstance(outcome, Later):
            return None
        if outcome.pauses_all:
            self._round.pause = max(self._round.pause or outcome, outcome, key=lambda pause: pause.at)
        return outcome if claimed.attempt < KEEPS_ORDER else None

    async def _settle_sent(self, claimed: Claimed, outcome: Sent) -> None:
        """
        Write to the file first, then settle. If the process is killed before the file is written, it is sent again.
        """
        noted = sent.entry(claimed, message_id=outcome.message_id, shown=outcome.shown)
        self._core.sent_log.note(noted)
        is_settled = await self._settle(claimed, outcome)
        if is_settled and outcome.message_id is not None and outcome.shown is not None:
            await self._remember(claimed, outcome.message_id, outcome.shown)
        self._core.sent_log.done(noted)

    async def _outcome(self, claimed: Claimed) -> Outcome:
        try:
            answer = await self._send(claimed)
        except Exception as error:
            logger.exception("a message can't be delivered", extra=_fields(claimed))
            answer = Again(type(error).__name__)
        return self._scheduled(answer, claimed)

    def _scheduled(self, answer: Result, claimed: Claimed) -> Outcome:
        match answer:
            case Again(error, is_refused):
                is_excused = is_refused and self._clock() < claimed.due_at + LONGEST_FAULT
                return Later(self._after(claimed.attempt), error, counts=not is_excused)
            case Halt(error, timedelta() as wait):
                return paused(self._clock() + min(wait, LONGEST_PAUSE), error)
            case Halt(error):
                self._round.was_cut_off = True
                return paused(self._after(self._cut_off_rounds + 1), error)
            case Sent() | Corrected():
                self._round.was_answered = True
                return answer
            case _:
                return answer

    async def _send(self, claimed: Claimed) -> Result:
        async with self._core.read() as work:
            message = await queue.message(work, claimed)
        if message is None:
            return Skipped()
        return await self._channel.deliver(message, claimed, now=self._clock())

    def _after(self, failures: int) -> datetime:
        longest = min(FIRST_BACKOFF * 2.0 ** min(failures - 1, 10), LONGEST_BACKOFF)
        return self._clock() + longest * self._jitter(0.5, 1)

    async def _settle(self, claimed: Claimed, outcome: Outcome) -> bool:
        """
        Record the outcome; return whether that succeeded.

        If a sent message can't be recorded, try again and pause sending meanwhile: unrecorded, it would be sent twice.
        """
        self._round.tally.count(outcome, claimed)
        write = partial(settle, claimed=claimed, outcome=outcome)
        for pause in SETTLE_AGAIN if isinstance(outcome, Sent) else ():
            if await self._is_written(claimed, write):
                return True
            self._round.pause = paused(self._after(1), "the database takes no writes")
            await self._sleep(pause)
        if await self._is_written(claimed, write):
            return True
        logger.error("a message can't be settled and comes again after its lease", extra=_fields(claimed))
        return False

    async def _remember(self, claimed: Claimed, message_id: int, shown: LessonVersion) -> None:
        """Track the message as showing the lesson; in a transaction of its own, since this waits for locks."""
        write = partial(lesson_messages.remember, person_id=claimed.recipient_id, message_id=message_id, shown=shown)
        for pause in REMEMBER_AGAIN:
            if await self._is_written(claimed, write):
                return
            await self._sleep(pause)
        if not await self._is_written(claimed, write):
            logger.error("what a message shows can't be remembered", extra=_fields(claimed))

    async def _is_written(self, claimed: Claimed, write: Callable[[Work], Awaitable[None]]) -> bool:
        try:
            async with self._core.begin() as work:
                await write(work)
        except Exception:
            logger.warning("what became of a message could not be written", extra=_fields(claimed), exc_info=True)
            return False
        return True


async def catch_up(core: Core) -> None:
    """
    Settle the messages that an earlier process sent just before it was killed. Call it before delivering anything.
    """
    for left in core.sent_log.left:
        try:
            async with core.begin() as work:
                await sent.settle(work, left)
        except Exception:
            logger.exception("what was sent can't be settled and is tried again", extra={"delivery": left.row_id})
            continue
        try:
            async with core.begin() as work:
                await sent.remember(work, left)
        except Exception:
            logger.exception("what a message shows can't be remembered", extra={"delivery": left.row_id})
        core.sent_log.forget(left)


async def settle(work: Work, claimed: Claimed, outcome: Outcome) -> None:
    match outcome:
        case Sent(message_id):
            await settling.as_sent(work, claimed, message_id=message_id)
        case Corrected(shown, corrected, gone):
            await settling.as_corrected(work, claimed, shown=shown, corrected=corrected, gone=gone)
        case Skipped():
            await settling.as_skipped(work, claimed)
        case Unreachable(error):
            await settling.as_unreachable(work, claimed, error=error)
        case Failed(error):
            await settling.as_failed(work, claimed, error=error)
        case Later(at, error, counts=counts):
            await settling.as_retry(work, claimed, at=at, error=error, counts=counts)
        case _:
            assert_never(outcome)


def paused(at: datetime, error: str) -> Later:
    return Later(at, error, pauses_all=True, counts=False)


def _by_person(claims: Sequence[Claimed]) -> list[list[Claimed]]:
    people: defaultdict[int, list[Claimed]] = defaultdict(list)
    for claimed in claims:
        people[claimed.recipient_id].append(claimed)
    return list(people.values())


def _fields(claimed: Claimed, outcome: Outcome | None = None) -> dict[str, object]:
    """Return the fields for the log: ids and kinds only, since the text of an error may quote the message."""
    fields: dict[str, object] = {
        "delivery": claimed.id,
        "channel": claimed.channel,
        "kind": claimed.kind,
        "attempt": claimed.attempt,
    }
    if outcome is not None:
        fields["outcome"] = type(outcome).__name__.lower()
    if isinstance(outcome, Unreachable | Failed | Later):
        fields["error"] = outcome.error.partition(":")[0]
    return fields
