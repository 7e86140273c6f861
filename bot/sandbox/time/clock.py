"""The sandbox's clock: real time plus an offset, or frozen for tests. Nobody else asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251


def real_seconds() -> float:
    return real_now().timestamp()


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class SandboxClock:
    def __init__(self, frozen_at: datetime | None = None) -> None:
        self._offset = timedelta(0)
        self._begin = frozen_at
        self._frozen_at = frozen_at
        self.on_move: Callable[[], None] = lambda: None

    @classmethod
    def frozen(cls, instant: datetime) -> "SandboxClock":
        """Make a clock that does not run until it is moved."""
        return cls(frozen_at=instant.astimezone(UTC))

    @property
    def is_frozen(self) -> bool:
        return self._frozen_at is not None

    @property
    def offset(self) -> timedelta:
        return self._offset

    def now(self) -> datetime:
        return self._frozen_at if self._frozen_at is not None else real_now() + self._offset

    def seconds(self) -> int:
        return int(self.now().timestamp())

    def advance(self, by: timedelta | float) -> None:
        self.set(self.now() + (by if isinstance(by, timedelta) else timedelta(seconds=by)))

    def set(self, instant: datetime) -> None:
        if self._frozen_at is None:
            self._offset = instant - real_now()
        else:
            self._frozen_at = instant.astimezone(UTC)
        self.on_move()

    def reset(self) -> None:
        self._offset = timedelta(0)
        self._frozen_at = self._begin
        self.on_move()

    def restore(self, offset: timedelta) -> None:
        """Take up the offset of an earlier run; a frozen clock keeps the instant it was made with."""
        self._offset = offset
