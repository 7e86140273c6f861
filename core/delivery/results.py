"""The result of handing a queue message to a channel."""

from dataclasses import dataclass
from datetime import timedelta

from core.lessons.lesson_messages import LessonVersion


@dataclass(frozen=True, slots=True)
class Sent:
    """`message_id` if the channel has such a number and can change the message later."""

    message_id: int | None = None
    shown: LessonVersion | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """Messages were changed, none was sent; `gone` can no longer be changed."""

    shown: LessonVersion
    messages: tuple[int, ...]
    gone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """It was no longer true, or the person has no address."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nobody is reached at this address."""

    error: str


@dataclass(frozen=True, slots=True)
class Failed:
    error: str


@dataclass(frozen=True, slots=True)
class Again:
    """
    It may have arrived or not; it is retried with growing delays until the attempts run out.

    With `is_refused` it has not arrived because of the other side: in its first day no attempt is counted.
    """

    error: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Halt:
    """The whole channel pauses for so long, or until it answers again; no attempt is counted."""

    error: str
    wait: timedelta | None = None


Result = Sent | Corrected | Skipped | Unreachable | Failed | Again | Halt
