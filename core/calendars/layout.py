"""
A person's time as a calendar shows it: a month of marks, a week, a day. Pure: no database, no clock.

All dates are in the reader's zone. An entry over midnight is listed on each date that it touches.
"""

from calendar import Calendar
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import pytz

from core.pure.planning.local_time import local_date, local_instant
from core.pure.planning.values import Span

ONE_DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


class Kind(StrEnum):
    LESSON = "lesson"
    ASKED = "asked"
    OVER = "over"
    MISSED = "missed"
    BLOCKED = "blocked"
    ELSEWHERE = "elsewhere"


LESSONS = frozenset({Kind.LESSON, Kind.ASKED, Kind.OVER, Kind.MISSED})


@dataclass(frozen=True, slots=True)
class Entry:
    """`booking_id` is set for a lesson. `title` is the other person's name, or an event's title in a feed."""

    span: Span
    kind: Kind
    title: str | None = None
    subject: str | None = None
    booking_id: int | None = None
    is_taught: bool = True


@dataclass(frozen=True, slots=True)
class Time:
    """The entries of a view. `open` are the tutor's open hours, empty for a student."""

    timezone: str
    entries: tuple[Entry, ...] = ()
    open: tuple[Span, ...] = ()
    days_off: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class DayMark:
    """One date of a month: the number of lessons, how many of them are requests, and whether any hours are open."""

    on: date
    lessons: int
    asked: int
    is_open: bool
    is_day_off: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """
    The part of an entry, or of open hours, that lies on one date: clock times; `until` is 24:00 if it continues on the
    next date.
    """

    begins: timedelta
    until: timedelta
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class DayView:
    on: date
    entries: tuple[Piece, ...]
    open: tuple[Piece, ...]
    is_day_off: bool


def month_view(month: date, shown: Time) -> tuple[tuple[DayMark | None, ...], ...]:
    """Return the weeks of the month from Monday on; None for the days of the months around it."""
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    return tuple(tuple(_mark(on, shown) if on.month == month.month else None for on in week) for week in weeks)


def week_view(on: date, shown: Time) -> tuple[DayView, ...]:
    """Return the seven days of the week of this date, Monday first."""
    monday = monday_of(on)
    return tuple(day_view(monday + day * ONE_DAY, shown) for day in range(7))


def day_view(on: date, shown: Time) -> DayView:
    """Return the entries and open hours of this date, by their start."""
    whole = day_span(shown.timezone, on)
    entries = sorted(_touching(shown.entries, whole), key=lambda entry: (entry.span, entry.booking_id or 0))
    return DayView(
        on=on,
        entries=tuple(_piece(entry.span, whole, shown.timezone, entry) for entry in entries),
        open=tuple(_piece(span, whole, shown.timezone) for span in sorted(shown.open) if _touches(span, whole)),
        is_day_off=on in shown.days_off,
    )


def monday_of(on: date) -> date:
    return on - on.weekday() * ONE_DAY


def day_span(timezone: str, on: date) -> Span:
    """Return the instants at which this date begins and ends: 23 to 25 hours."""
    return Span(local_instant(timezone, on, time.min), local_instant(timezone, on + ONE_DAY, time.min))


def dates_of(span: Span, timezone: str) -> tuple[date, date]:
    """Return the first and the last date that the span touches."""
    return local_date(timezone, span.starts_at), local_date(timezone, span.ends_at - INSTANT)


def columns(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """
    Place pieces that overlap beside one another: for each its column and how many columns its group has.

    The pieces must be sorted by their start.
    """
    placed: list[tuple[int, int]] = []
    for group in _groups(pieces):
        free_from: list[timedelta] = []
        taken = []
        for piece in group:
            column = next((at for at, until in enumerate(free_from) if until <= piece.begins), len(free_from))
            free_from[column : column + 1] = [piece.until]
            taken.append(column)
        placed += [(column, len(free_from)) for column in taken]
    return placed


def _groups(pieces: Iterable[Piece]) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    until = timedelta()
    for piece in pieces:
        if not groups or piece.begins >= until:
            groups.append([])
        groups[-1].append(piece)
        until = max(until, piece.until) if len(groups[-1]) > 1 else piece.until
    return groups


def _mark(on: date, shown: Time) -> DayMark:
    whole = day_span(shown.timezone, on)
    here = [entry for entry in shown.entries if whole.starts_at <= entry.span.starts_at < whole.ends_at]
    return DayMark(
        on=on,
        lessons=_count(here, LESSONS),
        asked=_count(here, {Kind.ASKED}),
        is_open=any(_touches(span, whole) for span in shown.open),
        is_day_off=on in shown.days_off,
    )


def _count(entries: Iterable[Entry], kinds: Collection[Kind]) -> int:
    return sum(entry.kind in kinds for entry in entries)


def _touching(entries: Iterable[Entry], whole: Span) -> list[Entry]:
    return [entry for entry in entries if _touches(entry.span, whole)]


def _touches(span: Span, whole: Span) -> bool:
    return span.starts_at < whole.ends_at and whole.starts_at < span.ends_at


def _piece(span: Span, whole: Span, timezone: str, entry: Entry | None = None) -> Piece:
    begins = _clock(span.starts_at, timezone) if span.starts_at > whole.starts_at else timedelta()
    until = _clock(span.ends_at, timezone) if span.ends_at < whole.ends_at else ONE_DAY
    return Piece(begins, max(until, begins), entry)  # on the night of a clock set back it may seem to end before


def _clock(at: datetime, timezone: str) -> timedelta:
    local = at.astimezone(pytz.timezone(timezone))
    return timedelta(hours=local.hour, minutes=local.minute)
