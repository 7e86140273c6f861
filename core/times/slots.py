"""The times of a tutor: what is offered, and whether one time can be had. All rules are core.pure.planning's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple, NoReturn, assert_never

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
from core.people import tutors
from core.pure import planning
from core.times import schedules
from core.work import Work
from db.base import AnyRow, table
from db.enums import LessonType, SlotStatus
from db.models import TimeSlot

NOTHING = timedelta(0)

# How far to look for the next free time of many tutors: most have one within the first of these days
LOOKED_AHEAD = (2, 14, 365)

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


class Moved(NamedTuple):
    """A lesson that looks for another time: as long as it is, and its own slot not in its way."""

    length: timedelta
    slot_id: int | None
    starts_at: datetime | None = None
    kind: LessonType = LessonType.REGULAR


@dataclass(frozen=True, slots=True)
class MonthOffer:
    """`month` by its first day; `today` and `free_days` are the reader's; whether it is worth paging back or on."""

    month: date
    today: date
    free_days: frozenset[date]
    next_free: planning.Span | None
    has_before: bool
    has_after: bool


@dataclass(frozen=True, slots=True)
class DayOffer:
    """The free times of a reader's date, and the nearest free dates before and after it."""

    on: date
    times: tuple[planning.Span, ...]
    before: date | None
    after: date | None


async def month(
    work: Work,
    *,
    tutor_id: int,
    month: date | None,
    timezone: str,
    moved: Moved | None = None,
    kind: LessonType = LessonType.REGULAR,
    reader_id: int | None = None,
) -> MonthOffer:
    """
    Return what a reader in `timezone` can book in this month, by default the month of the next free time.

    What is held for others is taken; not what is held for the reader, and nothing is for the tutor.
    """
    settings = await tutors.settings_of(work, tutor_id)
    offers = await _horizon(work, settings, moved, kind=kind, reader_id=reader_id)
    free = {planning.local_date(timezone, offer.starts_at) for offer in offers}
    today = planning.local_date(timezone, work.now)
    shown = (month or min(free, default=today)).replace(day=1)
    last = max({today + timedelta(days=settings.max_booking_advance), *free})  # the tutor's last date may end later
    return MonthOffer(
        month=shown,
        today=today,
        free_days=frozenset(on for on in free if on.replace(day=1) == shown),
        next_free=offers[0] if offers else None,
        has_before=shown > today.replace(day=1),
        has_after=shown < last.replace(day=1),
    )


async def day(
    work: Work,
    *,
    tutor_id: int,
    on: date,
    timezone: str,
    moved: Moved | None = None,
    kind: LessonType = LessonType.REGULAR,
    reader_id: int | None = None,
) -> DayOffer:
    """Return what a reader in `timezone` can book on this date, and the nearest dates with free times around it."""
    settings = await tutors.settings_of(work, tutor_id)
    offers = await _horizon(work, settings, moved, kind=kind, reader_id=reader_id)
    by_date: dict[date, list[planning.Span]] = {}
    for offer in offers:
        by_date.setdefault(planning.local_date(timezone, offer.starts_at), []).append(offer)
    before = max((free for free in by_date if free < on), default=None)
    after = min((free for free in by_date if free > on), default=None)
    return DayOffer(on, tuple(by_date.get(on, ())), before, after)


async def next_free_time(work: Work, *, tutor_id: int) -> planning.Span | None:
    """Return the first time that can be booked at all."""
    offers = await _horizon(work, await tutors.settings_of(work, tutor_id))
    return offers[0] if offers else None


async def next_free_times(work: Work, asked: Sequence[AnyRow]) -> dict[int, planning.Span]:
    """Return the first time of each of these tutors, by their id; who has none is absent. `asked` as `settings_of`."""
    found: dict[int, planning.Span] = {}
    looked = 0
    for days in LOOKED_AHEAD:
        waiting = [one for one in asked if one.tutor_id not in found and one.max_booking_advance > looked]
        today = {one.timezone: planning.local_date(one.timezone, work.now) for one in waiting}
        ahead = {zone: (on, on + timedelta(days=days)) for zone, on in today.items()}
        free = await _free_of_each(work, waiting, ahead) if waiting else {}
        found |= {tutor_id: times[0] for tutor_id, times in free.items() if times}
        looked = days
    return found


async def free_between(
    work: Work, asked: Sequence[AnyRow], *, since: datetime, until: datetime
) -> dict[int, list[planning.Span]]:
    """Return what starts within [since, until) with these tutors, by their id; who has nothing then is absent."""
    if not asked:
        return {}
    zones = {one.timezone for one in asked}
    dates = {zone: (planning.local_date(zone, since), planning.local_date(zone, until)) for zone in zones}
    free = await _free_of_each(work, asked, dates)
    within = {tutor_id: [one for one in times if since <= one.starts_at < until] for tutor_id, times in free.items()}
    return {tutor_id: times for tutor_id, times in within.items() if times}


async def count_free(work: Work, *, tutor_id: int, days: int) -> int:
    """Return how many times are free from now until so many days ahead."""
    until = work.now + timedelta(days=days)
    offers = await _horizon(work, await tutors.settings_of(work, tutor_id), reader_id=tutor_id)
    return sum(offer.starts_at < until for offer in offers)


async def check(
    work: Work,
    settings: AnyRow,
    starts_at: datetime,
    *,
    length: timedelta,
    kind: LessonType = LessonType.REGULAR,
    student_id: int | None = None,
    by_tutor: bool = False,
    except_slot: int | None = None,
    leaving: int | None = None,
) -> planning.Span:
    """
    Return the lesson that can start then, or raise the reason why none can; the only gate to a booked slot.

    - what `free_times` lists passes, as long as nobody was quicker
    - the tutor may ignore notice, hours, limits, what is held for a student and what another calendar of theirs says
      (they know better what to do about it, and are told of it: see core.calendars.feeds); never another lesson
    - what is held for `student_id` is not in their way
    - a custom slot is taken in its own length, by a trial no longer than one lasts
    - `except_slot` is not in its own way, and keeps its buffers; `leaving` is the slot of a lesson that moves away
    - raises TimePassed, NoticeTooShort, TooFarAhead, OutsideHours, TimeTaken, DayFull, WeekFull
    """
    on = planning.local_date(settings.timezone, starts_at)
    schedule = await _schedule(
        work,
        settings,
        first_on=on,
        last_on=on,
        length=length,
        kind=kind,
        reader_id=settings.tutor_id if by_tutor else student_id,
        by_hand=by_tutor,
        except_slot=except_slot,
        leaving=leaving,
    )
    refusal = planning.why_not(schedule, starts_at, now=work.now, by_tutor=by_tutor)
    if refusal is not None:
        _refuse(refusal, starts_at, settings)
    return planning.lesson_at(schedule, starts_at)


async def book(work: Work, settings: AnyRow, *, starts_at: datetime, ends_at: datetime) -> int:
    """Write the slot of a lesson and return its id. The caller has checked it in this transaction."""
    return await write(work, settings, planning.Span(starts_at, ends_at), status=SlotStatus.BOOKED)


async def write(work: Work, settings: AnyRow, span: planning.Span, *, status: SlotStatus) -> int:
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
    """Offer the time of this slot again."""
    await work.session.execute(delete(TimeSlot).where(TimeSlot.id == slot_id))


async def free_for_tutor(work: Work, settings: AnyRow, *, on: date) -> list[planning.Span]:
    """Return the free times of the tutor's date, however soon, far ahead or many they are."""
    length, tutor_id = settings.default_lesson_duration, settings.tutor_id
    schedule = await _schedule(work, settings, first_on=on, last_on=on, length=length, reader_id=tutor_id)
    ahead = (on - planning.local_date(settings.timezone, work.now)).days
    own = replace(schedule, rules=schedule.rules.for_tutor(days_ahead=ahead))
    return planning.free_times(own, first_on=on, last_on=on, now=work.now)


async def lessons_outside(work: Work, settings: AnyRow) -> frozenset[planning.Busy]:
    """Return the tutor's lessons ahead that lie in no hours of theirs, nor in a time opened by hand."""
    lessons = await lessons_ahead(work, settings)
    if not lessons:
        return frozenset()
    zone = settings.timezone
    first_on, last_on = (planning.local_date(zone, at) for at in (lessons[0].starts_at, lessons[-1].ends_at))
    length = settings.default_lesson_duration
    schedule = await _schedule(work, settings, first_on=first_on, last_on=last_on, length=length)
    opened = [*planning.opening_spans(schedule, first_on=first_on, last_on=last_on), *schedule.custom]
    return frozenset(
        lesson
        for lesson in lessons
        if not any(span.starts_at <= lesson.starts_at and lesson.ends_at <= span.ends_at for span in opened)
    )


async def lessons_ahead(work: Work, settings: AnyRow) -> list[planning.Busy]:
    """Return what is booked from now on, by its start."""
    rows = await work.session.execute(BOOKED_AHEAD, {"tutor_id": settings.tutor_id, "now": work.now})
    return [schedules.busy_time(row) for row in rows]


def length_of(settings: AnyRow, kind: LessonType) -> timedelta:
    length: timedelta = settings.trial_lesson_duration if kind is LessonType.TRIAL else settings.default_lesson_duration
    return length


async def _horizon(
    work: Work,
    settings: AnyRow,
    moved: Moved | None = None,
    *,
    kind: LessonType = LessonType.REGULAR,
    reader_id: int | None = None,
) -> list[planning.Span]:
    """All times that can be booked, from now as far ahead as the tutor allows."""
    today = planning.local_date(settings.timezone, work.now)
    last_on = today + timedelta(days=settings.max_booking_advance)
    length, leaving, own_start, kind = moved or Moved(length_of(settings, kind), None, kind=kind)
    schedule = await _schedule(
        work,
        settings,
        first_on=today,
        last_on=last_on,
        length=length,
        kind=kind,
        reader_id=reader_id,
        leaving=leaving,
    )
    offers = planning.free_times(schedule, first_on=today, last_on=last_on, now=work.now)
    return [offer for offer in offers if offer.starts_at != own_start]


async def _schedule(
    work: Work,
    settings: AnyRow,
    *,
    first_on: date,
    last_on: date,
    length: timedelta,
    kind: LessonType = LessonType.REGULAR,
    reader_id: int | None = None,
    by_hand: bool = False,
    except_slot: int | None = None,
    leaving: int | None = None,
) -> planning.Schedule:
    dates = {settings.timezone: (first_on, last_on)}
    loaded = await schedules.load(work, [settings], dates, length=length, reader_id=reader_id, by_hand=by_hand)
    windows, exceptions, taken = loaded[settings.tutor_id]
    taken = [row for row in taken if leaving is None or row.id != leaving]
    held = next((row for row in taken if except_slot and row.id == except_slot), settings)
    plan = schedules.plan_of(
        schedules.rules(settings, length, buffers=held), windows, exceptions, [row for row in taken if row is not held]
    )
    return replace(plan, custom=tuple(_cut(slot, length) for slot in plan.custom)) if kind is LessonType.TRIAL else plan


def _cut(slot: planning.Span, length: timedelta) -> planning.Span:
    """Nobody gets two hours for nothing because the tutor has opened two."""
    return planning.Span(slot.starts_at, min(slot.ends_at, slot.starts_at + length))


async def _free_of_each(work: Work, asked: Sequence[AnyRow], dates: schedules.Dates) -> dict[int, list[planning.Span]]:
    """Plan for all of these tutors what one statement of each kind has loaded; the dates are those of their zones."""
    length = max(settings.default_lesson_duration for settings in asked)
    loaded, free = await schedules.load(work, asked, dates, length=length), {}
    for settings in asked:
        rules = schedules.rules(settings, settings.default_lesson_duration, buffers=settings)
        first_on, last_on = dates[settings.timezone]
        schedule = schedules.plan_of(rules, *loaded[settings.tutor_id])
        free[settings.tutor_id] = planning.free_times(schedule, first_on=first_on, last_on=last_on, now=work.now)
    return free


def _refuse(refusal: planning.Refusal, starts_at: datetime, settings: AnyRow) -> NoReturn:
    match refusal:
        case planning.Refusal.IN_PAST:
            raise TimePassed(starts_at)
        case planning.Refusal.TOO_SOON:
            raise NoticeTooShort(settings.min_booking_notice)
        case planning.Refusal.TOO_FAR:
            raise TooFarAhead(settings.max_booking_advance)
        case planning.Refusal.OUTSIDE_HOURS | planning.Refusal.DAY_OFF:
            raise OutsideHours(starts_at)
        case planning.Refusal.TAKEN:
            raise TimeTaken(starts_at)
        case planning.Refusal.DAY_FULL:
            raise DayFull(settings.max_lessons_per_day)
        case planning.Refusal.WEEK_FULL:
            raise WeekFull(settings.max_lessons_per_week)
        case _:
            assert_never(refusal)
