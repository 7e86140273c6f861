"""What the dispatcher needs of a channel: it sends a message and returns the answer."""

from datetime import datetime
from typing import Protocol

from core.delivery.queue import Claimed, QueueMessage
from core.delivery.results import Result
from core.enums import ChannelKind


class Channel(Protocol):
    """
    `batch` messages are claimed at a time, `at_once` are sent side by side. Sending a message takes half a lease at
    most.
    """

    @property
    def kind(self) -> ChannelKind: ...

    @property
    def batch(self) -> int: ...

    @property
    def at_once(self) -> int: ...

    async def deliver(self, queued: QueueMessage, claimed: Claimed, *, now: datetime) -> Answer:
        """Send the message with what is true `now`. An exception counts as Again."""
        ...
