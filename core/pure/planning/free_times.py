"""
Which lessons are offered, and why one is not.

`free_times` and `why_not` follow the same rules: `why_not` accepts exactly the times that `free_times` lists.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from core.pure.planning.busy import Limits, as_lesson, interval_of, overlaps, taken_intervals
from core.pure.planning.intervals import Interval, meets, without
from core.pure.planning.local_time import MICROSECOND, LocalDays, instant_of, local_date, local_instant, micros
from core.pure.planning.opening import closures, days_around, openings
from core.pure.planning.values import Refusal, Rules, Schedule, Span


def free_times(
    schedule: Schedule, *, first_on: date, last_on: date, now: datetime, length: timedelta | None = None
) -> list[Span]:
    """
    Return the lessons that can be booked, by their start; the dates are the tutor's, both included.

    - starts are one step apart, counted from the start of the open span, or from the end of an exception's closed hours
    - an extra slot is offered with its own length, instead of a lesson that would start at the same instant
    """
    rules = schedule.rules.for_length(length)
    first_on = max(first_on, local_date(rules.timezone, now))
    last_on = min(last_on, _last_date(rules, now))
    if first_on > last_on:
        return []
    days = days_around(rules, first_on, last_on)
    earliest = max(days.at(first_on.toordinal(), 0), micros(now) + 1, micros(now + rules.min_notice))
    starts_within = range(earliest, days.at(last_on.toordinal() + 1, 0))
    return _offers(replace(schedule, rules=rules), days, starts_within)


def why_not(
    schedule: Schedule, starts_at: datetime, *, now: datetime, length: timedelta | None = None, by_tutor: bool = False
) -> Refusal | None:
    """
    Return None if a lesson can be booked, else the first reason against it.

    - for the tutor only taken times count
    - "taken" is checked before "outside hours", since a booked extra slot is no longer an extra slot
    - a start between two steps of the grid is outside hours
    """
    rules = schedule.rules.for_length(length)
    refusal = None if by_tutor else _out_of_time(rules, starts_at, now)
    if refusal:
        return refusal
    lesson = lesson_at(schedule, starts_at, length=length)
    if by_tutor:
        return _taken(schedule, lesson)
    on = local_date(rules.timezone, starts_at)
    days = days_around(rules, on, on)
    limits = Limits(rules, schedule.busy, days)
    return _taken(schedule, lesson) or _not_open(schedule, rules, lesson, days) or limits.refuse(*interval_of(lesson))


def lesson_at(schedule: Schedule, starts_at: datetime, *, length: timedelta | None = None) -> Span:
    """Return the lesson that would start then; for an extra slot with its length, for several with the longest."""
    ends = [slot.ends_at for slot in schedule.extra if slot.starts_at == starts_at]
    return Span(starts_at, max(ends, default=starts_at + (length or schedule.rules.length)))


def _taken(schedule: Schedule, lesson: Span) -> Refusal | None:
    new = as_lesson(schedule.rules, lesson)
    return Refusal.TAKEN if any(overlaps(new, one) for one in schedule.busy) else None


def _last_date(rules: Rules, now: datetime) -> date:
    return local_date(rules.timezone, now) + timedelta(days=rules.max_advance)


def _offers(schedule: Schedule, days: LocalDays, starts_within: range) -> list[Span]:
    rules = schedule.rules
    taken = taken_intervals(rules, schedule.busy)
    starts = map(instant_of, _free_starts(schedule, days, taken, starts_within))
    offers = [Span(start, start + rules.length) for start in starts]
    if schedule.extra:
        offers = _with_extra(schedule, offers, taken, starts_within)
    limits = Limits(rules, schedule.busy, days)
    return [offer for offer in offers if not limits.refuse(*interval_of(offer))] if limits else offers


def _with_extra(schedule: Schedule, offers: list[Span], taken: list[Interval], starts_within: range) -> list[Span]:
    slots = [lesson_at(schedule, start) for start in {slot.starts_at for slot in schedule.extra}]
    free = [slot for slot in slots if micros(slot.starts_at) in starts_within and not meets(taken, *interval_of(slot))]
    replaced = {slot.starts_at for slot in slots}
    return sorted([*free, *(offer for offer in offers if offer.starts_at not in replaced)])


def _free_starts(schedule: Schedule, days: LocalDays, taken: list[Interval], starts_within: range) -> Iterator[int]:
    length = schedule.rules.length // MICROSECOND
    step = (schedule.rules.step or schedule.rules.length) // MICROSECOND
    for opening in openings(schedule, days):
        if opening.ends <= starts_within.start or starts_within.stop <= opening.anchor:
            continue
        before = min(opening.next_anchor, starts_within.stop)
        for free_from, free_until in without([(opening.anchor, opening.ends)], taken):
            first = opening.first_start(max(free_from, starts_within.start), step)
            yield from range(first, min(free_until - length + 1, before), step)


def _out_of_time(rules: Rules, starts_at: datetime, now: datetime) -> Refusal | None:
    if starts_at <= now:
        return Refusal.IN_PAST
    if starts_at < now + rules.min_notice:
        return Refusal.TOO_SOON
    first_too_far = _last_date(rules, now) + timedelta(days=1)
    return Refusal.TOO_FAR if starts_at >= local_instant(rules.timezone, first_too_far, time.min) else None


def _not_open(schedule: Schedule, rules: Rules, lesson: Span, days: LocalDays) -> Refusal | None:
    if any(slot.starts_at == lesson.starts_at for slot in schedule.extra):
        return None
    start, end = micros(lesson.starts_at), micros(lesson.ends_at)
    step = (rules.step or rules.length) // MICROSECOND
    if any(opening.fits(start, end, step) for opening in openings(schedule, days)):
        return None
    return Refusal.DAY_OFF if meets(closures(schedule.exceptions, days), start, end) else Refusal.OUTSIDE_HOURS
