"""The bot's clock: the machine's time, or the sandbox's time if the bot talks to a sandbox."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

JITTER = timedelta(seconds=1)


def _machine_time() -> datetime:
    return datetime.now(UTC)  # noqa: TID251


class Clock:
    def __init__(self, reading: Callable[[], datetime] = _machine_time) -> None:
        self._reading = reading
        self._offset = timedelta()
        self._listeners: list[Callable[[], None]] = []

    @classmethod
    def frozen(cls, instant: datetime) -> "Clock":
        """Make a clock that stays at `instant` until it is advanced."""
        stands_at = _in_utc(instant)
        return cls(lambda: stands_at)

    def now(self) -> datetime:
        return self._reading() + self._offset

    def __call__(self) -> datetime:
        return self.now()

    def follow(self, instant: datetime) -> None:
        """Show what another clock shows; less than a second apart counts as the same time."""
        drift = _in_utc(instant) - self.now()
        if abs(drift) >= JITTER:
            self.advance(drift)

    def advance(self, by: timedelta) -> None:
        self._offset += by
        for told in tuple(self._listeners):
            told()

    def on_move(self, told: Callable[[], None]) -> Callable[[], None]:
        """Call `told` after every jump; return a function that stops this."""
        self._listeners.append(told)
        return lambda: self._listeners.remove(told)


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a clock needs an aware instant")
    return instant.astimezone(UTC)
