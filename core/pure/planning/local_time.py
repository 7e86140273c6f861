"""
Convert wall-clock times to instants as RFC 5545 (3.3.5) says: a skipped time has the offset before the gap; of two
equal times the first is meant.

Instants are counted in whole microseconds since 1970 (UTC), local dates by their ordinal.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import pytz
from pytz.tzinfo import BaseTzInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.toordinal()
MICROSECOND = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
DAY = ONE_DAY // MICROSECOND

Hours = tuple[int, int]  # clock times in microseconds; the second may lie in the next day


def local_instant(timezone: str, on: date, at: time) -> datetime:
    return _in_utc(pytz.timezone(timezone), datetime.combine(on, at))


@lru_cache(maxsize=1 << 14)
def local_date(timezone: str, instant: datetime) -> date:
    return instant.astimezone(pytz.timezone(timezone)).date()


def ambiguous_clock(timezone: str, on: date) -> bool:
    """Whether clocks in this zone show some time of this date twice."""
    midnight = local_instant(timezone, on, time.min)
    return local_instant(timezone, on + ONE_DAY, time.min) - midnight > ONE_DAY


def micros(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND


def instant_of(micros: int) -> datetime:
    return EPOCH + micros * MICROSECOND


def clock_micros(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond


class LocalDays:
    """The clock of one zone for a range of dates; it looks up one offset a day, and caches them."""

    def __init__(self, timezone: str, first: int, last: int) -> None:
        self.first, self.last = first, last
        self._timezone = timezone
        self._steady = self._steady_offsets()
        self._midnights = [self.at(day, 0) for day in self]

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def between(self, first_on: date, last_on: date) -> range:
        return range(max(first_on.toordinal(), self.first), min(last_on.toordinal(), self.last) + 1)

    def at(self, day: int, clock: int) -> int:
        """Return the instant of a clock time on this day; the clock time may reach to the end of the next day."""
        offset = self._steady[day - self.first]
        if offset is None:
            return exact_instant(self._timezone, day, clock)
        return (day - EPOCH_DAY) * DAY + clock - offset

    def span(self, day: int, hours: Hours) -> tuple[int, int]:
        return self.at(day, hours[0]), self.at(day, hours[1])

    def day_of(self, instant: int) -> int:
        """Return the date of an instant; for instants before the range, the day before its first date."""
        return self.first + bisect_right(self._midnights, instant) - 1

    def _steady_offsets(self) -> list[int | None]:
        """
        Return the offset of each day around which the clock does not change (a day before to two days after), else
        None.
        """
        samples = [offset_of_day(self._timezone, day) for day in range(self.first - 1, self.last + 4)]
        runs = zip(samples, samples[1:], samples[2:], samples[3:], samples[4:], strict=False)
        return [a if a == b == c == d == e else None for a, b, c, d, e in runs]


@lru_cache(maxsize=1 << 12)
def exact_instant(timezone: str, day: int, clock: int) -> int:
    midnight = datetime.combine(date.fromordinal(day), time.min)
    return micros(_in_utc(pytz.timezone(timezone), midnight + clock * MICROSECOND))


def _in_utc(zone: BaseTzInfo, clock: datetime) -> datetime:
    try:
        return zone.localize(clock, is_dst=None).astimezone(UTC)
    except pytz.NonExistentTimeError:
        a_day_earlier = clock.replace(tzinfo=UTC) - ONE_DAY  # no offset reaches a day: surely before the gap
        return clock.replace(tzinfo=UTC) - _offset(zone, a_day_earlier)
    except pytz.AmbiguousTimeError:
        return min(zone.localize(clock, is_dst=flag) for flag in (True, False)).astimezone(UTC)


@lru_cache(maxsize=1 << 16)
def offset_of_day(timezone: str, day: int) -> int:
    """Return the offset at midnight UTC of a day."""
    midnight = datetime.combine(date.fromordinal(day), time.min, UTC)
    return _offset(pytz.timezone(timezone), midnight) // MICROSECOND


def _offset(zone: BaseTzInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset
