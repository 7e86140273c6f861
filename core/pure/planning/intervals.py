"""Half-open intervals of integers: lists of (start, end). Merged intervals are sorted and do not touch."""

from bisect import bisect_left
from collections.abc import Iterable

Interval = tuple[int, int]


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Unite intervals that overlap or touch; drop those that end before they start."""
    union: list[Interval] = []
    for start, end in sorted(intervals):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        elif start < end:
            union.append((start, end))
    return union


def without(intervals: list[Interval], cuts: list[Interval]) -> list[Interval]:
    """Return the intervals without the cuts; both must be merged."""
    left: list[Interval] = []
    for start, end in intervals:
        for cut_start, cut_end in cuts[_first_after(cuts, start) :]:
            if cut_start >= end:
                break
            if start < cut_start:
                left.append((start, cut_start))
            start = cut_end
        if start < end:
            left.append((start, end))
    return left


def meets(intervals: list[Interval], start: int, end: int) -> bool:
    """Whether any of the merged intervals overlaps [start, end)."""
    following = _first_after(intervals, start)
    return following < len(intervals) and intervals[following][0] < end


def _first_after(intervals: list[Interval], instant: int) -> int:
    following = bisect_left(intervals, (instant, instant))
    return following - 1 if following and intervals[following - 1][1] > instant else following
