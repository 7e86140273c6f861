"""What a channel is to the dispatcher: it takes a letter, and says what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.cards import Shown
from core.enums import ReminderType
from core.outbox import AnyLetter, Claimed


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
    """No letter is to blame: nothing goes out by this channel for so long, or until it answers again."""

    error: str
    wait: timedelta | None = None


Answer = Sent | Corrected | Skipped | Unreachable | Failed | Again | Halt


class Channel(Protocol):
    """`batch` letters are claimed at a time, `at_once` go out side by side. Each takes half a lease at most."""

    @property
    def kind(self) -> ReminderType: ...

    @property
    def batch(self) -> int: ...

    @property
    def at_once(self) -> int: ...

    async def deliver(self, letter: AnyLetter, claimed: Claimed, *, now: datetime) -> Answer:
        """Deliver it as it is true `now`. What it raises counts as Again."""
        ...
