"""What a channel does for the dispatcher: it takes a message and returns the outcome."""

from datetime import datetime
from typing import Protocol

from core.delivery.queue import Claimed, QueueMessage
from core.delivery.results import Result
from core.enums import ChannelKind


class Channel(Protocol):
    """`batch` messages are claimed at a time, `at_once` are sent side by side. Each takes half a lease at most."""

    @property
    def kind(self) -> ChannelKind: ...

    @property
    def batch(self) -> int: ...

    @property
    def at_once(self) -> int: ...

    async def deliver(self, queued: QueueMessage, claimed: Claimed, *, now: datetime) -> Result:
        """Deliver it as it is true `now`. An exception counts as Again."""
        ...
