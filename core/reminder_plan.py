"""When to remind, and when it is too late to. Pure: no database, no clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

GRACES = (
    (timedelta(hours=24), timedelta(hours=2)),
    (timedelta(hours=1), timedelta(minutes=20)),
    (timedelta(minutes=15), timedelta(minutes=10)),
)
SMALLEST_GRACE = timedelta(minutes=5)


def due(starts_at: datetime, before: Sequence[timedelta], *, now: datetime) -> list[tuple[int, datetime]]:
    """Return (minutes before, instant) of the reminders still ahead. What is past already is not made."""
    planned = [(int(offset / timedelta(minutes=1)), starts_at - offset) for offset in sorted(set(before), reverse=True)]
    return [(minutes, at) for minutes, at in planned if at > now]


def is_too_late(*, now: datetime, due_at: datetime, minutes_before: int) -> bool:
    """Whether the reminder would tell a lie by now ("in 24 hours" when it is 20)."""
    return now > due_at + grace(timedelta(minutes=minutes_before))


def grace(before: timedelta) -> timedelta:
    for at_least, allowed in GRACES:
        if before >= at_least:
            return allowed
    return min(SMALLEST_GRACE, before)
