"""Parts of a day (morning, day, evening) in a time zone."""

from datetime import date, datetime, time, timedelta

from core.enums import DayPart
from core.pure.planning.local_time import local_instant

NOON, EVENING = time(12), time(17)
ONE_DAY = timedelta(days=1)


def part_of(clock: time) -> DayPart:
    if clock < NOON:
        return DayPart.MORNING
    return DayPart.DAY if clock < EVENING else DayPart.EVENING


def bounds(part: DayPart, on: date, *, timezone: str) -> tuple[datetime, datetime]:
    """Return the instants at which this part of the date begins and ends (the end is excluded)."""
    begins = {DayPart.DAY: NOON, DayPart.EVENING: EVENING}.get(part, time.min)
    ends = {DayPart.MORNING: NOON, DayPart.DAY: EVENING}.get(part)
    since = local_instant(timezone, on, begins)
    if ends is None:
        return since, local_instant(timezone, on + ONE_DAY, time.min)
    return since, local_instant(timezone, on, ends)
