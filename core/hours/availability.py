"""
A tutor's availability: the weekly hours.

Every change locks the same row as a booking, so that hours don't change while a booking is made. It also counts the
agreed lessons that are now outside the availability; they stay booked.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.errors import EmptyPeriod, NotFound, TooManyWindows
from core.people import tutors
from core.times import slots
from core.work import Work
from db.models.tutor_availability import TutorAvailability

BY_DAY = (TutorAvailability.day_of_week, TutorAvailability.start_time, TutorAvailability.id)


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """
    Wall-clock times in the tutor's zone; `weekday` 0 is Monday; `closes` at or before `opens` is the next day's. Both
    validity dates are inclusive.
    """

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = None
    is_active: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether the window is valid every week: no dates, not paused."""
        return self.is_active and self.valid_from is None and self.valid_until is None

    @property
    def is_overnight(self) -> bool:
        return self.closes <= self.opens and self.closes != time.min

    def __lt__(self, other: "WeeklyWindow") -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[Any, ...]:
        weekday, opens, closes, valid_from, valid_until, is_active = astuple(self)
        return weekday, opens, closes, valid_from or date.min, valid_until or date.max, is_active


@dataclass(frozen=True, slots=True)
class AvailabilityCard:
    """The weekly hours of a tutor: `windows` by id, sorted by day and time."""

    timezone: str
    windows: tuple[tuple[int, WeeklyWindow], ...]

    def of_day(self, weekday: int) -> list[tuple[int, WeeklyWindow]]:
        return [(id_, window) for id_, window in self.windows if window.weekday == weekday]


@dataclass(slots=True)
class Change:
    """
    The effect of a change: `left_outside` counts the lessons that it left outside the hours. Set after the change.
    """

    left_outside: int = 0


async def card(work: Work, *, tutor_id: int) -> AvailabilityCard:
    zone = await tutors.teaching_timezone(work, tutor_id)
    rows = await work.session.scalars(
        select(TutorAvailability).where(TutorAvailability.tutor_id == tutor_id).order_by(*BY_DAY)
    )
    return AvailabilityCard(zone, tuple((row.id, _window(row)) for row in rows))


async def window(work: Work, *, tutor_id: int, window_id: int) -> WeeklyWindow:
    """Return one of this tutor's windows; raises NotFound."""
    row = await work.session.scalar(
        select(TutorAvailability).where(TutorAvailability.id == window_id, TutorAvailability.tutor_id == tutor_id)
    )
    if row is None:
        raise NotFound
    return _window(row)


async def set_week(work: Work, *, tutor_id: int, windows: Sequence[WeeklyWindow]) -> Change:
    """
    Teach at these hours every week instead of the former ones; windows with dates and paused ones stay.
    Raises TooManyWindows.
    """
    async with _changing(work, tutor_id) as change:
        await _replace(work, tutor_id, range(7), windows)
    return change


async def set_days(work: Work, *, tutor_id: int, weekdays: Collection[int], windows: Sequence[WeeklyWindow]) -> Change:
    """Replace the plain windows of these weekdays by `windows`, all of these weekdays; see `set_week`."""
    assert all(window.weekday in weekdays for window in windows)
    async with _changing(work, tutor_id) as change:
        await _replace(work, tutor_id, weekdays, windows)
    return change


async def set_day(work: Work, *, tutor_id: int, weekday: int, windows: Sequence[WeeklyWindow]) -> Change:
    """Replace the plain windows of one weekday; see `set_week`."""
    return await set_days(work, tutor_id=tutor_id, weekdays=[weekday], windows=windows)


async def copy_day(work: Work, *, tutor_id: int, weekday: int, to: Iterable[int]) -> Change:
    """Replace the hours of other days by this day's, dates and pauses included. Raises TooManyWindows."""
    others = set(to) - {weekday}
    async with _changing(work, tutor_id) as change:
        copied = [window for _, window in (await card(work, tutor_id=tutor_id)).of_day(weekday)]
        await _delete(work, tutor_id, TutorAvailability.day_of_week.in_(others))
        await _insert(work, tutor_id, [replace(window, weekday=other) for other in others for window in copied])
    return change


async def add_window(work: Work, *, tutor_id: int, window: WeeklyWindow) -> None:
    """Add this window; adding it twice adds it once. Raises TooManyWindows."""
    await tutors.lock(work, tutor_id)
    known = await card(work, tutor_id=tutor_id)
    if window not in [each for _, each in known.windows]:
        await _insert(work, tutor_id, [window])


async def remove_window(work: Work, *, tutor_id: int, window_id: int) -> Change:
    """Delete this window; a no-op if it is gone."""
    async with _changing(work, tutor_id) as change:
        await _delete(work, tutor_id, TutorAvailability.id == window_id)
    return change


async def pause(work: Work, *, tutor_id: int, window_id: int) -> Change:
    """Pause this window until it is resumed; raises NotFound."""
    return await _alter(work, tutor_id, window_id, is_active=False)


async def resume(work: Work, *, tutor_id: int, window_id: int) -> Change:
    """Resume this window; raises NotFound."""
    return await _alter(work, tutor_id, window_id, is_active=True)


async def begin_on(work: Work, *, tutor_id: int, window_id: int, on: date | None) -> Change:
    """Set the first date of this window, or none; raises NotFound, EmptyPeriod."""
    return await _alter(work, tutor_id, window_id, valid_from=on)


async def end_on(work: Work, *, tutor_id: int, window_id: int, on: date | None) -> Change:
    """Set the last date of this window, or none; raises NotFound, EmptyPeriod."""
    return await _alter(work, tutor_id, window_id, valid_until=on)


@asynccontextmanager
async def _changing(work: Work, tutor_id: int) -> AsyncIterator[Change]:
    settings = await tutors.lock(work, tutor_id)
    outside = await slots.lessons_outside(work, settings)
    change = Change()
    yield change
    change.left_outside = len(await slots.lessons_outside(work, settings) - outside)


async def _alter(work: Work, tutor_id: int, window_id: int, **values: Any) -> Change:
    async with _changing(work, tutor_id) as change:
        altered = replace(await window(work, tutor_id=tutor_id, window_id=window_id), **values)
        if altered.valid_from and altered.valid_until and altered.valid_until < altered.valid_from:
            raise EmptyPeriod
        await work.session.execute(update(TutorAvailability).where(TutorAvailability.id == window_id).values(**values))
    return change


async def _replace(work: Work, tutor_id: int, weekdays: Collection[int], windows: Iterable[WeeklyWindow]) -> None:
    """Replace the plain windows of these days; windows with dates and paused ones stay."""
    await _delete(
        work,
        tutor_id,
        TutorAvailability.day_of_week.in_(weekdays),
        TutorAvailability.is_active,
        TutorAvailability.valid_from.is_(None),
        TutorAvailability.valid_until.is_(None),
    )
    await _insert(work, tutor_id, sorted(set(windows)))


async def _delete(work: Work, tutor_id: int, *which: Any) -> None:
    await work.session.execute(delete(TutorAvailability).where(TutorAvailability.tutor_id == tutor_id, *which))


async def _insert(work: Work, tutor_id: int, windows: Sequence[WeeklyWindow]) -> None:
    beside = len((await card(work, tutor_id=tutor_id)).windows)
    if len(windows) + beside > work.policies.max_windows:
        raise TooManyWindows(work.policies.max_windows)
    if windows:
        await work.session.execute(insert(TutorAvailability), [_row(tutor_id, window) for window in windows])


def _row(tutor_id: int, window: WeeklyWindow) -> dict[str, Any]:
    return {
        "tutor_id": tutor_id,
        "day_of_week": window.weekday,
        "start_time": window.opens,
        "end_time": window.closes,
        "valid_from": window.valid_from,
        "valid_until": window.valid_until,
        "is_active": window.is_active,
    }


def _window(row: TutorAvailability) -> WeeklyWindow:
    return WeeklyWindow(row.day_of_week, row.start_time, row.end_time, row.valid_from, row.valid_until, row.is_active)
