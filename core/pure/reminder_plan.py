"""When reminders are due, and when they are too late. Pure: no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.pure.planning.local_time import ONE_DAY, local_date, local_instant

MOST = 6
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=14)
ASKS_FROM = timedelta(hours=3)  # a later reminder would leave no time to act
MINUTE = timedelta(minutes=1)
GRACES = (
    (timedelta(hours=24), timedelta(hours=2)),
    (timedelta(hours=1), timedelta(minutes=20)),
    (timedelta(minutes=15), timedelta(minutes=10)),
)
SMALLEST_GRACE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Quiet hours of every day in a time zone, half-open. If `until` is not after `since`, it is on the next day."""

    since: time
    until: time
    timezone: str

    def began_at(self, instant: datetime) -> datetime | None:
        """Return the start of the quiet hours that contain this instant, or None."""
        today = local_date(self.timezone, instant)
        for on in (today, today - ONE_DAY):
            ends_on = on if self.since < self.until else on + ONE_DAY
            began_at = local_instant(self.timezone, on, self.since)
            if began_at <= instant < local_instant(self.timezone, ends_on, self.until):
                return began_at
        return None


def due(
    starts_at: datetime, before: Iterable[timedelta], *, now: datetime, quiet: QuietHours | None = None
) -> list[tuple[int, datetime]]:
    """
    Return (minutes before, instant) of the reminders still ahead, the earliest first.

    - reminders in the past are left out
    - a reminder within quiet hours is due when they start, or at its own time if they have started already
    - if several are due at one instant, only the one nearest to the lesson is kept
    """
    planned: dict[datetime, int] = {}
    for offset in sorted(set(before), reverse=True):
        if starts_at - offset > now:
            planned[_undisturbed(starts_at - offset, now, quiet)] = offset // MINUTE
    return sorted(((minutes, at) for at, minutes in planned.items()), key=lambda reminder: reminder[1])


def is_too_late(*, now: datetime, due_at: datetime, minutes_before: int) -> bool:
    """Whether the reminder is later than `due_at` plus its grace."""
    return now > due_at + grace(timedelta(minutes=minutes_before))


def grace(before: timedelta) -> timedelta:
    for at_least, allowed in GRACES:
        if before >= at_least:
            return allowed
    return min(SMALLEST_GRACE, before)


def _undisturbed(at: datetime, now: datetime, quiet: QuietHours | None) -> datetime:
    began_at = quiet.began_at(at) if quiet else None
    return at if began_at is None or began_at <= now else began_at
