"""The rows of a tutor's slots, and the check that every booking passes. core.pure.planning has the rules."""

from datetime import datetime, timedelta
from typing import NoReturn, assert_never

import pytz
from sqlalchemy import bindparam, delete, insert, select

from core.errors import (
    DayFull,
    NoticeTooShort,
    OutsideHours,
    TimePassed,
    TimeTaken,
    TooFarAhead,
    WeekFull,
)
from core.pure.planning.free_times import lesson_at, why_not
from core.pure.planning.local_time import local_date
from core.pure.planning.opening import opening_spans
from core.pure.planning.values import Busy, Refusal, Span
from core.times import schedules
from core.times.schedules import Asker
from core.work import Work
from db.base import AnyRow, table
from db.enums import SlotStatus
from db.models.time_slot import TimeSlot

BOOKED_AHEAD = (
    select(
        TimeSlot.status,
        TimeSlot.start_datetime,
        TimeSlot.end_datetime,
        TimeSlot.buffer_before,
        TimeSlot.buffer_after,
    )
    .where(
        TimeSlot.tutor_id == bindparam("tutor_id"),
        TimeSlot.status == SlotStatus.BOOKED,
        TimeSlot.end_datetime > bindparam("now"),
    )
    .order_by(TimeSlot.start_datetime)
)

INSERT_SLOT = insert(table(TimeSlot)).returning(table(TimeSlot).c.id)


async def check(work: Work, settings: AnyRow, starts_at: datetime, asker: Asker, *, length: timedelta) -> Span:
    """
    Return the lesson that can start then, or raise the reason why none can. Every booked slot has passed this check.

    - every time that `free_times` lists passes, unless somebody has just taken it
    - for the tutor, notice, hours, limits, holds of students and the tutor's other calendars do not apply
      (the tutor is notified of a clash with them: see core.calendars.feeds); other lessons do
    - a lesson in an extra slot has the slot's length; a trial is not longer than usual
    - raises TimePassed, NoticeTooShort, TooFarAhead, OutsideHours, TimeTaken, DayFull, WeekFull
    """
    on = local_date(settings.timezone, starts_at)
    schedule = await schedules.of_asker(work, settings, asker, first_on=on, last_on=on, length=length)
    refusal = why_not(schedule, starts_at, now=work.now, by_tutor=asker.by_tutor)
    if refusal is not None:
        _refuse(refusal, starts_at, settings)
    return lesson_at(schedule, starts_at)


async def book(work: Work, settings: AnyRow, *, starts_at: datetime, ends_at: datetime) -> int:
    """Write the slot of a lesson and return its id. The caller has checked it in this transaction."""
    return await write(work, settings, Span(starts_at, ends_at), status=SlotStatus.BOOKED)


async def write(work: Work, settings: AnyRow, span: Span, *, status: SlotStatus) -> int:
    starts_at, ends_at = span
    zone = pytz.timezone(settings.timezone)
    local_start, local_end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    slot = {
        "tutor_id": settings.tutor_id,
        "date": local_start.date(),
        "start_time": local_start.time(),
        "end_time": local_end.time(),
        "start_datetime": starts_at,
        "end_datetime": ends_at,
        "status": status,
        "buffer_before": settings.buffer_before,
        "buffer_after": settings.buffer_after,
        "is_recurring": status is SlotStatus.BOOKED,
    }
    slot_id: int = (await work.session.execute(INSERT_SLOT, slot)).scalar_one()
    return slot_id


async def release(work: Work, slot_id: int) -> None:
    """Delete the row, so that its time is offered again."""
    await work.session.execute(delete(TimeSlot).where(TimeSlot.id == slot_id))


async def lessons_outside(work: Work, settings: AnyRow) -> frozenset[Busy]:
    """Return the tutor's lessons ahead that lie outside the availability and outside extra slots."""
    lessons = await lessons_ahead(work, settings)
    if not lessons:
        return frozenset()
    zone = settings.timezone
    first_on, last_on = (local_date(zone, at) for at in (lessons[0].starts_at, lessons[-1].ends_at))
    length = settings.default_lesson_duration
    schedule = await schedules.of_asker(work, settings, Asker(), first_on=first_on, last_on=last_on, length=length)
    opened = [*opening_spans(schedule, first_on=first_on, last_on=last_on), *schedule.extra]
    return frozenset(
        lesson
        for lesson in lessons
        if not any(span.starts_at <= lesson.starts_at and lesson.ends_at <= span.ends_at for span in opened)
    )


async def lessons_ahead(work: Work, settings: AnyRow) -> list[Busy]:
    """Return the lessons that end after now, by their start."""
    rows = await work.session.execute(BOOKED_AHEAD, {"tutor_id": settings.tutor_id, "now": work.now})
    return [schedules.busy_time(row) for row in rows]


def _refuse(refusal: Refusal, starts_at: datetime, settings: AnyRow) -> NoReturn:
    match refusal:
        case Refusal.IN_PAST:
            raise TimePassed(starts_at)
        case Refusal.TOO_SOON:
            raise NoticeTooShort(settings.min_booking_notice)
        case Refusal.TOO_FAR:
            raise TooFarAhead(settings.max_booking_advance)
        case Refusal.OUTSIDE_HOURS | Refusal.DAY_OFF:
            raise OutsideHours(starts_at)
        case Refusal.TAKEN:
            raise TimeTaken(starts_at)
        case Refusal.DAY_FULL:
            raise DayFull(settings.max_lessons_per_day)
        case Refusal.WEEK_FULL:
            raise WeekFull(settings.max_lessons_per_week)
        case _:
            assert_never(refusal)
