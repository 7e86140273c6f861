"""When to remind, and when it is too late to. Pure: no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.pure.planning.local_time import ONE_DAY, local_date, local_instant

MOST = 6
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=14)
ASKS_FROM = timedelta(hours=3)  # nearer to the lesson nobody can change much
MINUTE = timedelta(minutes=1)
GRACES = (
    (timedelta(hours=24), timedelta(hours=2)),
    (timedelta(hours=1), timedelta(minutes=20)),
    (timedelta(minutes=15), timedelta(minutes=10)),
)
SMALLEST_GRACE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Half-open hours of each day by a zone's clock; where `until` is not after `since`, it is the next day's."""

    since: time
    until: time
    timezone: str

    def began_at(self, instant: datetime) -> datetime | None:
        """Return when the quiet hours began in which this instant lies; None outside of them."""
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
    Return (minutes before, instant) of the reminders still ahead, the first to come first.

    - what is past already is not made
    - one that falls into quiet hours comes as they begin, or at its own time where they have begun already
    - of several at one instant only the nearest to the lesson is made
    """
    planned: dict[datetime, int] = {}
    for offset in sorted(set(before), reverse=True):
        if starts_at - offset > now:
            planned[_undisturbed(starts_at - offset, now, quiet)] = offset // MINUTE
    return sorted(((minutes, at) for at, minutes in planned.items()), key=lambda reminder: reminder[1])


def is_too_late(*, now: datetime, due_at: datetime, minutes_before: int) -> bool:
    """Whether the reminder is more than its grace behind `due_at` by now."""
    return now > due_at + grace(timedelta(minutes=minutes_before))


def grace(before: timedelta) -> timedelta:
    for at_least, allowed in GRACES:
        if before >= at_least:
            return allowed
    return min(SMALLEST_GRACE, before)


def _undisturbed(at: datetime, now: datetime, quiet: QuietHours | None) -> datetime:
    began_at = quiet.began_at(at) if quiet else None
    return at if began_at is None or began_at <= now else began_at
