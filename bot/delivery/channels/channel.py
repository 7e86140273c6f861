"""What a channel is to the dispatcher: it takes a message, and says what became of it."""

from datetime import datetime
from typing import Protocol

from core.delivery.answers import Answer
from core.delivery.queue import Claimed, QueueMessage
from core.enums import ChannelKind


class Channel(Protocol):
    """`batch` messages are claimed at a time, `at_once` go out side by side. Each takes half a lease at most."""

    @property
    def kind(self) -> ChannelKind: ...

    @property
    def batch(self) -> int: ...

    @property
    def at_once(self) -> int: ...

    async def deliver(self, queued: QueueMessage, claimed: Claimed, *, now: datetime) -> Answer:
        """Deliver it as it is true `now`. What it raises counts as Again."""
        ...
