"""The answers of a channel after it tried to deliver a message."""

from dataclasses import dataclass
from datetime import timedelta

from core.lessons.lesson_messages import LessonVersion


@dataclass(frozen=True, slots=True)
class Sent:
    """The message was sent. `message_id` is None if the channel has no such number or can't edit messages later."""

    message_id: int | None = None
    shown: LessonVersion | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """Messages were edited, none was sent; `gone` are those that can no longer be edited."""

    shown: LessonVersion
    messages: tuple[int, ...]
    gone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing was sent: the message was no longer true, or the person has no address."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nobody can be reached at this address."""

    error: str


@dataclass(frozen=True, slots=True)
class Failed:
    error: str


@dataclass(frozen=True, slots=True)
class Again:
    """
    The message may have arrived or not; it is retried with growing delays until no attempts are left.

    With `is_refused` it has not arrived, and the other side is to blame: for a day no attempt is counted.
    """

    error: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Halt:
    """The whole channel pauses for so long, or until it answers again; no attempt is counted."""

    error: str
    wait: timedelta | None = None


Result = Sent | Corrected | Skipped | Unreachable | Failed | Again | Halt
