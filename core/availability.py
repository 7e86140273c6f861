"""A tutor's weekly hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from sqlalchemy import delete, insert, select

from core import tutors
from core.errors import TooManyWindows
from core.work import Work
from db.models import TutorAvailability

BY_DAY = (TutorAvailability.day_of_week, TutorAvailability.start_time, TutorAvailability.id)


@dataclass(frozen=True, slots=True, order=True)
class WeeklyWindow:
    """Wall-clock times in the tutor's zone; `weekday` 0 is Monday; `closes` at or before `opens` is the next day's."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class WeekCard:
    """`windows` with their ids, by day and time."""

    timezone: str
    windows: tuple[tuple[int, WeeklyWindow], ...]


async def week(work: Work, *, tutor_id: int) -> WeekCard:
    zone = await tutors.teaching_timezone(work, tutor_id)
    rows = await work.session.scalars(
        select(TutorAvailability).where(TutorAvailability.tutor_id == tutor_id).order_by(*BY_DAY)
    )
    return WeekCard(zone, tuple((row.id, WeeklyWindow(row.day_of_week, row.start_time, row.end_time)) for row in rows))


async def set_week(work: Work, *, tutor_id: int, windows: Sequence[WeeklyWindow]) -> None:
    """Teach at these hours instead of all the former ones. Lessons agreed before stay. Raises TooManyWindows."""
    await _lock(work, tutor_id)
    await work.session.execute(delete(TutorAvailability).where(TutorAvailability.tutor_id == tutor_id))
    await _insert(work, tutor_id, sorted(set(windows)))


async def set_day(work: Work, *, tutor_id: int, weekday: int, windows: Sequence[WeeklyWindow]) -> None:
    """Replace one day's hours. Windows of other days among `windows` are a caller's mistake."""
    assert all(window.weekday == weekday for window in windows)
    await _lock(work, tutor_id)
    await work.session.execute(
        delete(TutorAvailability).where(
            TutorAvailability.tutor_id == tutor_id, TutorAvailability.day_of_week == weekday
        )
    )
    await _insert(work, tutor_id, sorted(set(windows)))


async def add_window(work: Work, *, tutor_id: int, window: WeeklyWindow) -> None:
    """Teach in this window too; adding it twice is adding it once. Raises TooManyWindows."""
    await _lock(work, tutor_id)
    known = [window for _, window in (await week(work, tutor_id=tutor_id)).windows]
    if window not in known:
        await _insert(work, tutor_id, [window], beside=len(known))


async def remove_window(work: Work, *, tutor_id: int, window_id: int) -> None:
    """Forget this window; one that is gone already is no matter."""
    await _lock(work, tutor_id)
    await work.session.execute(
        delete(TutorAvailability).where(TutorAvailability.tutor_id == tutor_id, TutorAvailability.id == window_id)
    )


async def _lock(work: Work, tutor_id: int) -> None:
    """Take the row that a booking takes: hours don't change under a booking being made."""
    await tutors.lock(work, tutor_id)


async def _insert(work: Work, tutor_id: int, windows: Sequence[WeeklyWindow], beside: int = 0) -> None:
    if len(windows) + beside > work.policies.max_windows:
        raise TooManyWindows(work.policies.max_windows)
    if windows:
        await work.session.execute(
            insert(TutorAvailability),
            [
                {
                    "tutor_id": tutor_id,
                    "day_of_week": window.weekday,
                    "start_time": window.opens,
                    "end_time": window.closes,
                    "is_active": True,
                }
                for window in windows
            ],
        )
