"""
How long it takes to plan 60 days: `python -m bench.planning [runs]`.

Ours against three simpler ways to the same offers, taken in turn within one run, so that the ratios hold where the
milliseconds do not. The others know only what this schedule needs: no nights, no extra slots, no limits.
"""

import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from time import perf_counter

import pytz

from core.pure.planning import local_time
from core.pure.planning.busy import as_lesson, overlaps
from core.pure.planning.free_times import free_times
from core.pure.planning.local_time import local_instant
from core.pure.planning.values import Busy, BusyKind, DateException, Rules, Schedule, Span, Window

ZONE = "Europe/Kyiv"
NOW = datetime(2026, 2, 28, 22, tzinfo=UTC)
FIRST_ON, LAST_ON = date(2026, 3, 1), date(2026, 4, 29)
DATES = [FIRST_ON + timedelta(days=n) for n in range(60)]
MINUTE = timedelta(minutes=1)
LENGTH = 45 * MINUTE


def main(runs: int) -> None:
    schedule = full_schedule()
    expected = ours(schedule)
    ways = {
        "ours": ours,
        "ours, the clock's offsets not yet kept": ours_at_first,
        "bare integer sweep, integers out": bare_sweep,
        "bare integer sweep, datetimes out": lambda one: spans(bare_sweep(one)),
        "a pytz lookup for every opening and closing": lambda one: spans(pytz_sweep(one)),
        "every candidate against every busy time": every_pair,
    }
    for name, way in ways.items():
        found = way(schedule)
        assert (spans(found) if "integers out" in name else found) == expected, name
    print(f"60 days, {len(schedule.busy)} busy times, {len(expected)} offers, median of {runs} runs")
    report(timings(ways, schedule, runs))


def full_schedule() -> Schedule:
    chance = random.Random(20260301)
    windows = [Window(day, time(opens), time(opens + 4)) for day in range(5) for opens in (9, 14)]
    exceptions = [
        DateException(date(2026, 3, 9), date(2026, 3, 10)),
        DateException(date(2026, 3, 19), date(2026, 3, 19), time(11), time(12, 30)),
        DateException(date(2026, 4, 13), date(2026, 4, 14), time(16), time(17)),
    ]
    busy = []
    for _ in range(200):
        starts_at = local_instant(ZONE, chance.choice(DATES), time(chance.randrange(8, 19), 15))
        length = chance.choice([20, 30, 45]) * MINUTE
        busy.append(Busy(starts_at, starts_at + length, 5 * MINUTE, 5 * MINUTE, chance.choice(list(BusyKind))))
    rules = Rules(ZONE, LENGTH, 25 * MINUTE, buffer_before=5 * MINUTE, buffer_after=5 * MINUTE)
    return Schedule(rules, tuple(windows), tuple(exceptions), busy=tuple(busy))


def ours(schedule: Schedule) -> list[Span]:
    return free_times(schedule, first_on=FIRST_ON, last_on=LAST_ON, now=NOW)


def ours_at_first(schedule: Schedule) -> list[Span]:
    local_time.offset_of_day.cache_clear()
    local_time.exact_instant.cache_clear()
    return ours(schedule)


def bare_sweep(schedule: Schedule) -> list[int]:
    """Seconds, and one offset a day: right as long as nothing opens before the clock changes at night."""
    zone = pytz.timezone(ZONE)

    def instant(on: date, clock: time) -> int:
        return (on.toordinal() - 719_163) * 86_400 + clock.hour * 3600 + clock.minute * 60 - offsets[on]

    offsets = {on: int(datetime(on.year, on.month, on.day, 10, tzinfo=UTC).astimezone(zone).utcoffset().total_seconds())
               for on in DATES}  # fmt: skip
    return list(sweep(schedule, instant))


def pytz_sweep(schedule: Schedule) -> list[int]:
    zone = pytz.timezone(ZONE)
    return list(
        sweep(schedule, lambda on, clock: int(zone.localize(datetime.combine(on, clock), is_dst=None).timestamp()))
    )


def sweep(schedule: Schedule, instant: Callable[[date, time], int]) -> Iterator[int]:
    rules = schedule.rules
    length, step = int(rules.length.total_seconds()), int(rules.step.total_seconds())
    taken, following = [*taken_seconds(schedule), (1 << 62, 1 << 62)], 0
    for opens, closes in open_seconds(schedule, instant):
        for start in range(opens, closes - length + 1, step):
            while taken[following][1] <= start:
                following += 1
            if start + length <= taken[following][0]:
                yield start


def taken_seconds(schedule: Schedule) -> list[tuple[int, int]]:
    before, after = (int(gap.total_seconds()) for gap in (schedule.rules.buffer_before, schedule.rules.buffer_after))
    spans = [
        (int((one.starts_at - one.space_before).timestamp()), int((one.ends_at + one.space_after).timestamp()))
        for one in schedule.busy
    ]
    union: list[tuple[int, int]] = []
    for start, end in sorted((start - after, end + before) for start, end in spans):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return union


def open_seconds(schedule: Schedule, instant: Callable[[date, time], int]) -> Iterator[tuple[int, int]]:
    for on in DATES:
        exceptions = [one for one in schedule.exceptions if one.first_on <= on <= one.last_on]
        if any(one.opens is None for one in exceptions):
            continue
        for window in schedule.windows:
            if window.weekday == on.weekday():
                opens, closes = instant(on, window.opens), instant(on, window.closes)
                for one in exceptions:
                    cut_from, cut_until = instant(on, one.opens), instant(on, one.closes)
                    if cut_from < closes and opens < cut_until:
                        yield opens, cut_from
                        opens = cut_until
                yield opens, closes


def every_pair(schedule: Schedule) -> list[Span]:
    nothing_taken = Schedule(schedule.rules, schedule.windows, schedule.exceptions)
    lessons = [as_lesson(schedule.rules, offer) for offer in ours(nothing_taken)]
    return [
        Span(lesson.starts_at, lesson.ends_at)
        for lesson in lessons
        if not any(overlaps(lesson, one) for one in schedule.busy)
    ]


def spans(starts: list[int]) -> list[Span]:
    return [Span(start, start + LENGTH) for start in (datetime.fromtimestamp(one, UTC) for one in starts)]


def timings(ways: dict[str, Callable], schedule: Schedule, runs: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            begun = perf_counter()
            way(schedule)
            taken[name].append(perf_counter() - begun)
    return taken


def report(taken: dict[str, list[float]]) -> None:
    for name, seconds in taken.items():
        ratio = median(one / own for one, own in zip(seconds, taken["ours"], strict=True))
        print(f"{name:45} {median(seconds) * 1000:8.2f} ms {ratio:8.2f} x ours")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 101)
