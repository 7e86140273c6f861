"""
Errors of the bot reach its operators.

    logger.error(...)  ->  counted by kind  ->  the job writes an alarm for each kind, once an hour  ->  delivered

A kind is the log message, the error's type and its place in our code; it holds no words of people. An alarm that can't
be written or delivered causes no further alarm: if writing fails, a warning is logged and it is tried again; a failed
delivery is recognised by its log message.
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
# Every log record passes these
PASSAGES = frozenset({"bot.talk.context", "bot.talk.messages", "bot.edge.pace", "bot.edge.http_client"})
MOST_KINDS = 50


class Alarms(logging.Handler):
    """A logging handler that collects the errors the bot logs, by kind."""

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
        """Write an alarm for each kind that has had none in this hour; return how many were written."""
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
        """Call `on_error` from now on whenever there is something to write."""
        self._on_error = on_error
        logging.getLogger(WATCHED).addHandler(self)

    def stop(self) -> None:
        self._on_error = None
        logging.getLogger(WATCHED).removeHandler(self)


def kind_of(record: logging.LogRecord) -> str:
    """Name the error and its place: the log message without its values, the error's type, the innermost function."""
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
