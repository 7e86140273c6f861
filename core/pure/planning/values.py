"""The input and output of planning."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

NOTHING = timedelta()


class Span(NamedTuple):
    """Half-open [starts_at, ends_at), aware UTC instants: spans that only touch do not overlap."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """Weekly hours; `closes` at or before `opens` is a clock time of the next day, so 00:00 closes at midnight."""

    weekday: int  # 0 is Monday
    opens: time
    closes: time
    valid_from: date | None = None  # both bounds are dates on which the window opens
    valid_until: date | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class DateException:
    """
    Other hours on each of the tutor's dates from `first_on` to `last_on`; no clock times mean the full day.

    - closed: these hours are cut out of all open hours, also out of a window that began the evening before
    - working: these hours replace the windows that open on the date, unless the date is a full day off
    """

    first_on: date
    last_on: date
    opens: time | None = None
    closes: time | None = None
    is_working: bool = False

    @property
    def is_day_off(self) -> bool:
        return not self.is_working and self.opens is None and self.closes is None


class BusyKind(StrEnum):
    OWN = "own"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Busy:
    """A taken time: an own lesson with the buffers at its booking, or a closed time, which has no buffers."""

    starts_at: datetime
    ends_at: datetime
    buffer_before: timedelta = NOTHING
    buffer_after: timedelta = NOTHING
    kind: BusyKind = BusyKind.OWN

    @property
    def space_before(self) -> timedelta:
        return self.buffer_before if self.kind is BusyKind.OWN else NOTHING

    @property
    def space_after(self) -> timedelta:
        return self.buffer_after if self.kind is BusyKind.OWN else NOTHING


@dataclass(frozen=True, slots=True)
class Rules:
    timezone: str
    length: timedelta
    step: timedelta | None = None  # the lesson's length
    buffer_before: timedelta = NOTHING
    buffer_after: timedelta = NOTHING
    min_gap: timedelta = NOTHING  # between two lessons that start on one date; buffers that add up to more hold
    min_notice: timedelta = NOTHING
    max_advance: int = 60  # whole days after today, in the tutor's zone
    max_per_day: int | None = None
    max_per_week: int | None = None  # Monday to Sunday

    def __post_init__(self) -> None:
        if self.length <= NOTHING or (self.step is not None and self.step <= NOTHING):
            raise ValueError("a lesson and the step between starts take time")

    def for_tutor(self, *, days_ahead: int) -> "Rules":
        """Return the rules for the tutor: without notice and limits, and reaching `days_ahead` at least."""
        unlimited = replace(self, min_gap=NOTHING, max_per_day=None, max_per_week=None)
        return replace(unlimited, min_notice=NOTHING, max_advance=days_ahead)

    def for_length(self, length: timedelta | None) -> "Rules":
        """Return the rules for a kind of lesson that has its own length."""
        return self if length is None else replace(self, length=length)


@dataclass(frozen=True, slots=True)
class Schedule:
    """All input of planning, in any order; `reach` and `busy_reach` return which dates to load."""

    rules: Rules
    windows: tuple[Window, ...] = ()
    exceptions: tuple[DateException, ...] = ()
    extra: tuple[Span, ...] = ()
    busy: tuple[Busy, ...] = ()


class Refusal(StrEnum):
    IN_PAST = "in_past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    OUTSIDE_HOURS = "outside_hours"
    DAY_OFF = "day_off"
    TAKEN = "taken"
    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"
