"""
Errors of the bot reach its operators.

    logger.error(...)  ->  counted by kind  ->  the job writes an alarm for each kind, once an hour  ->  delivered

A kind is the event and the error with its place in our code: it holds no words of people. An alarm that can't be
written or delivered raises none: the first is logged as a warning and tried again, the second is known by its message.
"""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from core.delivery import alarms
from core.enums import Event
from core.startup import Core

logger = logging.getLogger(__name__)

OURS = ("bot", "core", "db")
WATCHED = "bot"
NOT_OURS = "bot.sandbox"
# Whatever is said goes through these
PASSAGES = frozenset({"bot.talk.context", "bot.talk.messages", "bot.edge.pace", "bot.edge.http_client"})
MOST_KINDS = 50


class Alarms(logging.Handler):
    """Hears what the bot logs as an error."""

    def __init__(self, core: Core, clock: Callable[[], datetime]) -> None:
        super().__init__(logging.ERROR)
        self._core = core
        self._clock = clock
        self._heard: Counter[str] = Counter()
        self._sounded: dict[str, str] = {}
        self._on_error: Callable[[], object] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(NOT_OURS) or getattr(record, "kind", None) == Event.OPERATOR_ALARM:
            return
        kind = kind_of(record)
        if kind in self._heard or len(self._heard) < MOST_KINDS:
            self._heard[kind] += 1
        if self._on_error:
            self._on_error()

    async def write(self) -> int:
        """Write the alarms that have not sounded in this hour; return how many."""
        hour = f"{self._clock():%Y%m%d%H}"
        due = {kind: count for kind, count in self._heard.items() if self._sounded.get(kind) != hour}
        if not due:
            return 0
        try:
            async with self._core.begin() as work:
                for kind, count in due.items():
                    await alarms.sound(work, kind=kind, count=count)
        except Exception:
            logger.warning("an alarm can't be written and is tried again", exc_info=True)
            return 0
        self._heard -= Counter(due)
        self._sounded = {kind: at for kind, at in self._sounded.items() if at == hour} | dict.fromkeys(due, hour)
        return len(due)

    def listen(self, on_error: Callable[[], object]) -> None:
        """From now on call `on_error` when there is something to write."""
        self._on_error = on_error
        logging.getLogger(WATCHED).addHandler(self)

    def stop(self) -> None:
        self._on_error = None
        logging.getLogger(WATCHED).removeHandler(self)


def kind_of(record: logging.LogRecord) -> str:
    """Name the error and its place: the message's pattern without what was filled in, the type, the innermost step."""
    event = str(record.msg).replace("%s", "…")
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return f"{event} ({record.name})"
    return f"{event}: {type(error).__name__} ({_place(error.__traceback__) or record.name})"


def _place(traceback: TracebackType | None) -> str | None:
    place = passage = None
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", ""))
        step = f"{module}.{traceback.tb_frame.f_code.co_name}"
        if module in PASSAGES:
            passage = step
        elif module.partition(".")[0] in OURS:
            place = step
        traceback = traceback.tb_next
    return place or passage
