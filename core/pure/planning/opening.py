"""When the tutor teaches: weekly windows, other hours on single dates, and closed hours."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, time
from itertools import pairwise
from typing import NamedTuple

from core.pure.planning.intervals import Interval, merged, without
from core.pure.planning.local_time import DAY, Hours, LocalDays, clock_micros, instant_of
from core.pure.planning.reach import WEEK, reach
from core.pure.planning.values import DateException, Rules, Schedule, Span, Window

SHORTEST_WEEK = (WEEK - 1) * DAY  # a clock set forward never takes more


class Opening(NamedTuple):
    """An open span until `ends`: lessons start at `anchor` and every step after it, before `next_anchor`."""

    anchor: int
    next_anchor: int
    ends: int

    def first_start(self, earliest: int, step: int) -> int:
        return self.anchor + max(0, -(-(earliest - self.anchor) // step)) * step

    def fits(self, start: int, end: int, step: int) -> bool:
        return self.anchor <= start < self.next_anchor and end <= self.ends and start == self.first_start(start, step)


def opening_spans(schedule: Schedule, *, first_on: date, last_on: date) -> list[Span]:
    """Return the open spans that touch these dates, not cut at the dates; bookings do not matter."""
    days = days_around(schedule.rules, first_on, last_on)
    start, end = days.at(first_on.toordinal(), 0), days.at(last_on.toordinal() + 1, 0)
    return [_span(*opened) for opened in open_intervals(schedule, days) if opened[0] < end and start < opened[1]]


def opening_hours(schedule: Schedule, *, first_on: date, last_on: date) -> dict[date, list[Span]]:
    """Return the open spans of each date, cut at its midnights."""
    days = days_around(schedule.rules, first_on, last_on)
    opened = open_intervals(schedule, days)
    hours: dict[date, list[Span]] = {}
    for day in range(first_on.toordinal(), last_on.toordinal() + 1):
        start, end = days.at(day, 0), days.at(day + 1, 0)
        parts = ((max(start, opens), min(end, closes)) for opens, closes in opened)
        hours[date.fromordinal(day)] = [_span(*part) for part in parts if part[0] < part[1]]
    return hours


def days_around(rules: Rules, first_on: date, last_on: date) -> LocalDays:
    first, last = reach(rules, first_on, last_on)
    return LocalDays(rules.timezone, first.toordinal(), last.toordinal())


def openings(schedule: Schedule, days: LocalDays) -> Iterator[Opening]:
    """Return the open spans with their grids; they are correct except for the first nine `days`."""
    for start, end in open_intervals(schedule, days):
        if end - start < SHORTEST_WEEK:
            yield Opening(start, end, end)
        else:
            anchors = [start, *_anchors_on_mondays(days, start, end), end]
            yield from (Opening(anchor, following, end) for anchor, following in pairwise(anchors))


def open_intervals(schedule: Schedule, days: LocalDays) -> list[Interval]:
    return without(merged(_windows(schedule, days)), closures(schedule.exceptions, days))


def closures(exceptions: Iterable[DateException], days: LocalDays) -> list[Interval]:
    return merged(span for exception in exceptions if not exception.is_working for span in hours_of(exception, days))


def hours_of(exception: DateException, days: LocalDays) -> list[Interval]:
    """Return the hours of an exception on those of its dates that are among `days`."""
    hours = _hours(exception.opens or time.min, exception.closes or time.min)
    return merged(days.span(day, hours) for day in days.between(exception.first_on, exception.last_on))


def _anchors_on_mondays(days: LocalDays, start: int, end: int) -> Iterator[int]:
    """
    Return the Mondays on which the grid of a long span starts anew: those before which it was open for a whole week.
    A span that never closes has no start to count from.
    """
    first_monday = days.first + (1 - days.first) % WEEK  # ordinal 1 was a Monday
    for monday in range(first_monday + WEEK, days.last + 1, WEEK):
        if start <= days.at(monday - WEEK, 0) and days.at(monday, 0) < end:
            yield days.at(monday, 0)


def _windows(schedule: Schedule, days: LocalDays) -> Iterator[Interval]:
    weekly = _by_weekday(schedule.windows)
    replaced = _replaced_hours(schedule.exceptions, days)
    for day in days:
        if day in replaced:
            yield from replaced[day]
            continue
        for valid_from, valid_until, hours in weekly[(day - 1) % WEEK]:
            if valid_from <= day <= valid_until:
                yield days.span(day, hours)


def _by_weekday(windows: Iterable[Window]) -> list[list[tuple[int, int, Hours]]]:
    weekly: list[list[tuple[int, int, Hours]]] = [[] for _ in range(WEEK)]
    for window in windows:
        if window.is_active:
            valid_from = (window.valid_from or date.min).toordinal()
            valid_until = (window.valid_until or date.max).toordinal()
            weekly[window.weekday].append((valid_from, valid_until, _hours(window.opens, window.closes)))
    return weekly


def _replaced_hours(exceptions: Iterable[DateException], days: LocalDays) -> dict[int, list[Interval]]:
    replaced: dict[int, list[Interval]] = defaultdict(list)
    for exception in exceptions:
        if exception.is_working:
            hours = _hours(exception.opens or time.min, exception.closes or time.min)
            for day in days.between(exception.first_on, exception.last_on):
                replaced[day].append(days.span(day, hours))
    off = {day for one in exceptions if one.is_day_off for day in days.between(one.first_on, one.last_on)}
    return {day: hours for day, hours in replaced.items() if day not in off}


def _hours(opens: time, closes: time) -> Hours:
    start, end = clock_micros(opens), clock_micros(closes)
    return start, end if end > start else end + DAY


def _span(start: int, end: int) -> Span:
    return Span(instant_of(start), instant_of(end))
