"""Times that are taken, buffers included, and limits on the lessons of a date and a week."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from core.pure.planning.intervals import Interval, meets, merged, without
from core.pure.planning.local_time import MICROSECOND, ONE_DAY, LocalDays, local_date, micros
from core.pure.planning.opening import days_around, hours_of
from core.pure.planning.reach import WEEK
from core.pure.planning.values import NOTHING, Busy, BusyKind, DateException, Refusal, Rules, Span


def overlaps(one: Busy, other: Busy) -> bool:
    """Whether two times are too close: between two own lessons both buffers count; closed times have no buffers."""
    if min(one.ends_at - one.starts_at, other.ends_at - other.starts_at) <= NOTHING:
        return False
    before = other.space_after + one.space_before
    after = one.space_after + other.space_before
    return one.starts_at - before < other.ends_at and other.starts_at - after < one.ends_at


def as_lesson(rules: Rules, span: Span) -> Busy:
    """Return the span as a lesson under these rules, with their buffers."""
    return Busy(span.starts_at, span.ends_at, rules.buffer_before, rules.buffer_after)


def taken_intervals(rules: Rules, busy: Iterable[Busy]) -> list[Interval]:
    """Return the intervals that a new lesson, without its buffers, must not overlap."""
    before, after = rules.buffer_before // MICROSECOND, rules.buffer_after // MICROSECOND
    return merged(
        (micros(one.starts_at - one.space_before) - after, micros(one.ends_at + one.space_after) + before)
        for one in busy
        if one.starts_at < one.ends_at
    )


class Limits:
    """Finds lessons that exceed the limit of their date or week, or are too near to another lesson on their date."""

    def __init__(self, rules: Rules, busy: Iterable[Busy], days: LocalDays) -> None:
        self._days = days
        self._gap = rules.min_gap // MICROSECOND
        self._lessons: dict[int, list[Interval]] = defaultdict(list)  # by the date on which they start
        if rules.max_per_day is not None or rules.max_per_week is not None or self._gap:
            for start, end in (interval_of(one) for one in busy if one.kind is BusyKind.OWN):
                self._lessons[days.day_of(start)].append((start, end))
        held = [day for day, lessons in self._lessons.items() for _ in lessons]
        self._full_days = _reached(rules.max_per_day, days, held)
        self._full_weeks = _reached(
            rules.max_per_week, ((day - 1) // WEEK for day in days), ((day - 1) // WEEK for day in held)
        )

    def __bool__(self) -> bool:
        return bool(self._full_days or self._full_weeks or (self._gap and self._lessons))

    def refuse(self, start: int, end: int) -> Refusal | None:
        day = self._days.day_of(start)
        if day in self._full_days:
            return Refusal.DAY_FULL
        if (day - 1) // WEEK in self._full_weeks:
            return Refusal.WEEK_FULL
        return Refusal.TAKEN if self._is_too_near(day, start, end) else None

    def _is_too_near(self, day: int, start: int, end: int) -> bool:
        lessons = self._lessons.get(day, ()) if self._gap else ()
        return any(start < ends + self._gap and starts < end + self._gap for starts, ends in lessons)


def lessons_in_conflict(timezone: str, exception: DateException, busy: Iterable[Busy]) -> list[Busy]:
    """
    Return the tutor's own lessons that conflict with an exception, by their start; buffers do not count.

    - closed: all lessons that overlap the closed hours
    - working: lessons that start on its dates and are not completely within the new hours
    """
    lessons = sorted((one for one in busy if one.kind is BusyKind.OWN), key=lambda one: one.starts_at)
    if not lessons:
        return []
    first_on, last_on = (local_date(timezone, at) for at in (lessons[0].starts_at, lessons[-1].ends_at))
    days = days_around(Rules(timezone, length=ONE_DAY), first_on, last_on)
    hours = hours_of(exception, days)
    if not exception.is_working:
        return [one for one in lessons if meets(hours, *interval_of(one))]
    dates = days.between(exception.first_on, exception.last_on)
    starting = (one for one in lessons if days.day_of(micros(one.starts_at)) in dates)
    return [one for one in starting if without([interval_of(one)], hours)]


def _reached(limit: int | None, all_: Iterable[int], held: Iterable[int]) -> set[int]:
    counts = Counter(held)
    return set() if limit is None else {one for one in all_ if counts[one] >= limit}


def interval_of(one: Busy | Span) -> Interval:
    return micros(one.starts_at), micros(one.ends_at)
