"""
Exceptions: dates on which a tutor's weekly hours do not apply: a day off, or other hours.

An exception does not change lessons: conflicts are listed, and the tutor decides about each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from core.errors import (
    AlreadySettled,
    EmptyPeriod,
    LessonBegun,
    NotFound,
    PeriodPassed,
    PeriodTooLong,
    TooManyExceptions,
)
from core.lessons import bookings, lessons
from core.lessons.lessons import LessonCard
from core.people import tutors
from core.pure.booking_states import LIVE
from core.pure.planning import values
from core.pure.planning.busy import lessons_in_conflict
from core.pure.planning.local_time import local_date
from core.pure.planning.values import Busy
from core.work import Work
from db.base import AnyRow, table
from db.enums import Event, ExceptionType
from db.models.date_exception import DateException
from db.models.notification import Notification
from db.models.tutor_settings import TutorSettings

MOST_COMING = 200
MOST_LESSONS = 1_000
LONGEST_DAYS = 366
LONGEST_WORDS = 200

ROW = table(DateException).c


@dataclass(frozen=True, slots=True)
class ExceptionDates:
    """
    An exception on the tutor's dates from `first_on` to `last_on`, both included. Without hours the tutor is off all
    day; with hours only then. With `is_working` the hours replace the weekly hours.
    """

    type_: ExceptionType
    first_on: date
    last_on: date
    opens: time | None = None
    closes: time | None = None
    is_working: bool = False
    words: str | None = None

    def as_plan(self) -> values.DateException:
        return values.DateException(self.first_on, self.last_on, self.opens, self.closes, self.is_working)


@dataclass(frozen=True, slots=True)
class ExceptionCard:
    """`conflicts` are the lessons ahead that the exception concerns."""

    id: int
    timezone: str
    exception: ExceptionDates
    conflicts: tuple[LessonCard, ...]


async def coming(work: Work, *, tutor_id: int) -> list[ExceptionCard]:
    """Return the exceptions that are not over, by their first date."""
    settings = await tutors.settings_of(work, tutor_id)
    lessons = await _lessons_ahead(work, tutor_id)
    rows = await work.session.execute(_coming(work, settings).order_by(ROW.date, ROW.id))
    return [_card(row, settings, lessons) for row in rows]


async def card(work: Work, *, tutor_id: int, exception_id: int) -> ExceptionCard:
    """Return an exception of this tutor; raises NotFound."""
    row = await _row(work, tutor_id, exception_id)
    return _card(row, await tutors.settings_of(work, tutor_id), await _lessons_ahead(work, tutor_id))


async def add(work: Work, *, tutor_id: int, exception: ExceptionDates) -> ExceptionCard:
    """
    Add an exception; conflicting lessons stay as they are.

    - adding the same exception twice adds it once
    - raises EmptyPeriod, PeriodPassed, PeriodTooLong, TooManyExceptions
    """
    (added,) = await add_all(work, tutor_id=tutor_id, wanted=[exception])
    return added


async def add_all(work: Work, *, tutor_id: int, wanted: Iterable[ExceptionDates]) -> list[ExceptionCard]:
    """Add several at once, or none when one of them is refused; see `add`."""
    settings = await tutors.lock(work, tutor_id)
    lessons = await _lessons_ahead(work, tutor_id)
    return [_card(await _add(work, settings, exception), settings, lessons) for exception in wanted]


async def remove(work: Work, *, tutor_id: int, exception_id: int) -> None:
    """Delete this exception; a no-op if it is gone."""
    await tutors.lock(work, tutor_id)
    await work.session.execute(delete(table(DateException)).where(ROW.id == exception_id, ROW.tutor_id == tutor_id))


async def explain(work: Work, *, tutor_id: int, exception_id: int, words: str) -> ExceptionCard:
    """Save the words that students read when a lesson is cancelled for it; raises NotFound."""
    await tutors.lock(work, tutor_id)
    await work.session.execute(
        update(table(DateException))
        .where(ROW.id == exception_id, ROW.tutor_id == tutor_id)
        .values(reason=words[:LONGEST_WORDS])
    )
    return await card(work, tutor_id=tutor_id, exception_id=exception_id)


async def call_all_off(work: Work, *, tutor_id: int, exception_id: int, reason: str, told: int) -> bool:
    """
    Cancel every conflicting lesson; each student is notified, with the reason.

    - `told` is the number of conflicts that the tutor was shown: if it has changed, do nothing and return False
    - raises NotFound
    """
    await tutors.lock(work, tutor_id)
    lessons = (await card(work, tutor_id=tutor_id, exception_id=exception_id)).conflicts
    if len(lessons) != told:
        return False
    for lesson in lessons:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=tutor_id, reason=reason)
    return True


async def call_off(work: Work, *, tutor_id: int, exception_id: int, booking_id: int, reason: str) -> LessonCard:
    """
    Cancel one conflicting lesson; the student is notified, with the reason.

    - cancelling twice returns the cancelled lesson
    - raises NotFound (also for a lesson without a conflict), AlreadySettled
    """
    await tutors.lock(work, tutor_id)
    conflicts = (await card(work, tutor_id=tutor_id, exception_id=exception_id)).conflicts
    lesson = await lessons.card(work, booking_id=booking_id, viewer_id=tutor_id)
    is_free_to_stand = lesson.status in LIVE and lesson.id not in [each.id for each in conflicts]
    if is_free_to_stand or not lesson.viewer_is_tutor:
        raise NotFound
    return await bookings.cancel(work, booking_id=booking_id, actor_id=tutor_id, reason=reason)


async def ask_to_move(work: Work, *, tutor_id: int, booking_id: int) -> None:
    """
    Ask the student to pick another time; the lesson stays until they do.

    - asking twice asks once
    - raises NotFound, AlreadySettled, LessonBegun
    """
    await tutors.lock(work, tutor_id)
    lesson = await lessons.card(work, booking_id=booking_id, viewer_id=tutor_id)
    if not lesson.viewer_is_tutor:
        raise NotFound
    if lesson.status not in LIVE:
        raise AlreadySettled(lesson.status)
    if lesson.starts_at <= work.now:
        raise LessonBegun(lesson.starts_at)
    work.announce(Event.MOVE_WANTED, to=lesson.student_id, booking_id=lesson.id, once=f"{lesson.id}")


async def ask_all_to_move(work: Work, *, tutor_id: int, exception_id: int) -> None:
    """Ask the student of every conflict; see `ask_to_move`. Raises NotFound."""
    await tutors.lock(work, tutor_id)
    for lesson in (await card(work, tutor_id=tutor_id, exception_id=exception_id)).conflicts:
        await ask_to_move(work, tutor_id=tutor_id, booking_id=lesson.id)


async def asked_to_move(work: Work, lessons: Sequence[LessonCard]) -> frozenset[int]:
    """Return the ids of the lessons whose students were asked to move."""
    asked = select(Notification.booking_id).where(
        Notification.event == Event.MOVE_WANTED, Notification.booking_id.in_([lesson.id for lesson in lessons])
    )
    return frozenset(id_ for id_ in await work.session.scalars(asked) if id_ is not None)


async def choose_country(work: Work, *, tutor_id: int, country: str) -> None:
    """Offer the public holidays of this country (ISO 3166) instead of that of the teaching time zone."""
    await tutors.lock(work, tutor_id)
    await work.session.execute(
        update(table(TutorSettings)).where(table(TutorSettings).c.tutor_id == tutor_id).values(country=country[:2])
    )


async def _row(work: Work, tutor_id: int, exception_id: int) -> AnyRow:
    of_tutor = select(*ROW).where(ROW.id == exception_id, ROW.tutor_id == tutor_id)
    row = (await work.session.execute(of_tutor)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _add(work: Work, settings: AnyRow, exception: ExceptionDates) -> AnyRow:
    _check(exception, today=local_date(settings.timezone, work.now))
    return await _row(work, settings.tutor_id, await _write(work, settings, exception))


def _check(exception: ExceptionDates, *, today: date) -> None:
    assert (exception.opens is None) == (exception.closes is None), "hours have both ends"
    assert exception.opens or not exception.is_working, "other hours are hours"
    if exception.last_on < exception.first_on:
        raise EmptyPeriod
    if exception.first_on < today:
        raise PeriodPassed
    if exception.last_on - exception.first_on >= timedelta(days=LONGEST_DAYS):
        raise PeriodTooLong(LONGEST_DAYS)


async def _write(work: Work, settings: AnyRow, exception: ExceptionDates) -> int:
    row = {
        "tutor_id": settings.tutor_id,
        "exception_type": exception.type_,
        "date": exception.first_on,
        "last_date": exception.last_on,
        "is_full_day": exception.opens is None,
        "is_working": exception.is_working,
        "start_time": exception.opens,
        "end_time": exception.closes,
    }
    same = await work.session.scalar(select(ROW.id).where(*(ROW[name] == value for name, value in row.items())))
    if same is not None:
        return int(same)
    ahead = select(func.count()).select_from(_coming(work, settings).subquery())
    if (await work.session.scalar(ahead) or 0) >= MOST_COMING:
        raise TooManyExceptions(MOST_COMING)
    words = exception.words[:LONGEST_WORDS] if exception.words else None
    written = insert(table(DateException)).values(**row, reason=words).returning(ROW.id)
    return int((await work.session.execute(written)).scalar_one())


def _coming(work: Work, settings: AnyRow) -> Any:
    today = local_date(settings.timezone, work.now)
    return select(*ROW).where(ROW.tutor_id == settings.tutor_id, ROW.last_date >= today)


async def _lessons_ahead(work: Work, tutor_id: int) -> list[LessonCard]:
    """Return the tutor's lessons ahead: one that has begun can't conflict."""
    ahead = await lessons.upcoming(work, person_id=tutor_id, limit=MOST_LESSONS)
    return [lesson for lesson in ahead if lesson.viewer_is_tutor and lesson.starts_at > work.now]


def _card(row: AnyRow, settings: AnyRow, lessons: Sequence[LessonCard]) -> ExceptionCard:
    exception = ExceptionDates(
        row.exception_type, row.date, row.last_date, row.start_time, row.end_time, row.is_working, row.reason
    )
    busy = {Busy(lesson.starts_at, lesson.ends_at): lesson for lesson in lessons}
    met = lessons_in_conflict(settings.timezone, exception.as_plan(), busy)
    return ExceptionCard(row.id, settings.timezone, exception, tuple(busy[one] for one in met))
