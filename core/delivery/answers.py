"""What a channel says became of a message it was given."""

from dataclasses import dataclass
from datetime import timedelta

from core.lessons.lesson_messages import Shown


@dataclass(frozen=True, slots=True)
class Sent:
    """`message_id` where the channel has such a number and can change what it sent."""

    message_id: int | None = None
    shown: Shown | None = None


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
    """The person can't be told by this channel any more."""

    error: str


@dataclass(frozen=True, slots=True)
class Failed:
    error: str


@dataclass(frozen=True, slots=True)
class Again:
    """
    It may have arrived or not, and is tried again, later each time, until the attempts are used up.

    With `is_refused` it has not arrived, and was not to blame: for its first day no attempt is counted.
    """

    error: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Halt:
    """No message is to blame: nothing goes out by this channel for so long, or until it answers again."""

    error: str
    wait: timedelta | None = None


Answer = Sent | Corrected | Skipped | Unreachable | Failed | Again | Halt
