"""
A person's calendar: the lessons as tutor and as student, and for a tutor also open hours, blocked times and days off.

Dates are in the reader's zone, `timezone`. A view takes six statements for a tutor and two for a student, however full.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import bindparam, case, or_, select

from core.calendars.layout import (
    ONE_DAY,
    DayMark,
    DayView,
    Entry,
    Kind,
    Time,
    dates_of,
    day_span,
    day_view,
    monday_of,
    month_view,
    week_view,
)
from core.people import tutors
from core.people.people import full_name
from core.pure.planning.local_time import local_date, local_instant
from core.pure.planning.opening import opening_spans
from core.pure.planning.values import Span
from core.times import schedules
from core.work import Work
from db.base import AnyRow
from db.enums import BookingStatus, SlotStatus
from db.models.booking import Booking
from db.models.busy_time import BusyTime
from db.models.person import Person

LONGEST_LESSON = timedelta(days=2)  # no lesson is as long; it bounds the range read from the index
NOON = time(12)
SIXTH_DAY = 6 * ONE_DAY
SHOWN = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)

LESSONS = (
    select(
        Booking.id,
        Booking.tutor_id,
        Booking.starts_at,
        Booking.ends_at,
        Booking.status,
        Booking.subject,
        Person.first_name,
        Person.last_name,
    )
    .join(
        Person,
        Person.id == case((Booking.tutor_id == bindparam("person_id"), Booking.student_id), else_=Booking.tutor_id),
    )
    .where(
        or_(Booking.student_id == bindparam("person_id"), Booking.tutor_id == bindparam("person_id")),
        Booking.status.in_(SHOWN),
        Booking.starts_at > bindparam("earliest"),
        Booking.starts_at < bindparam("until"),
        Booking.ends_at > bindparam("since"),
    )
)
ELSEWHERE = select(BusyTime.starts_at, BusyTime.ends_at, BusyTime.title).where(
    BusyTime.tutor_id == bindparam("person_id"),
    BusyTime.starts_at < bindparam("until"),
    BusyTime.ends_at > bindparam("since"),
)


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of a month; `today` is the reader's date. `teaches`: the person is a tutor, so open hours are shown."""

    month: date
    today: date
    teaches: bool
    weeks: tuple[tuple[DayMark | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from Monday on."""

    today: date
    teaches: bool
    days: tuple[DayView, ...]


@dataclass(frozen=True, slots=True)
class Day:
    today: date
    teaches: bool
    view: DayView


async def month(work: Work, *, person_id: int, month: date | None, timezone: str) -> Month:
    """Return the month of this date, by default the present one."""
    today = local_date(timezone, work.now)
    first = (month or today).replace(day=1)
    last = (first + 31 * ONE_DAY).replace(day=1) - ONE_DAY
    shown, teaches = await _time(work, person_id, timezone, first, last)
    return Month(first, today, teaches, month_view(first, shown))


async def week(work: Work, *, person_id: int, on: date | None, timezone: str) -> Week:
    """Return the week of this date, by default the present one."""
    today = local_date(timezone, work.now)
    monday = monday_of(on or today)
    shown, teaches = await _time(work, person_id, timezone, monday, monday + SIXTH_DAY)
    return Week(today, teaches, week_view(monday, shown))


async def day(work: Work, *, person_id: int, on: date, timezone: str) -> Day:
    today = local_date(timezone, work.now)
    shown, teaches = await _time(work, person_id, timezone, on, on)
    return Day(today, teaches, day_view(on, shown))


async def _time(work: Work, person_id: int, timezone: str, first_on: date, last_on: date) -> tuple[Time, bool]:
    """Return the entries of these dates, and whether the person teaches."""
    whole = Span(day_span(timezone, first_on).starts_at, day_span(timezone, last_on).ends_at)
    within = {"person_id": person_id, "since": whole.starts_at, "until": whole.ends_at}
    lessons = await work.session.execute(LESSONS, {**within, "earliest": whole.starts_at - LONGEST_LESSON})
    entries = [_lesson(work, row, person_id) for row in lessons]
    settings = (await work.session.execute(tutors.SETTINGS_OF, {"tutor_id": person_id})).one_or_none()
    if settings is None:
        return Time(timezone, tuple(entries)), False
    elsewhere = await work.session.execute(ELSEWHERE, within)
    entries += [Entry(Span(row.starts_at, row.ends_at), Kind.ELSEWHERE, row.title) for row in elsewhere]
    return await _hours(work, settings, timezone, whole, entries), True


async def _hours(work: Work, settings: AnyRow, timezone: str, whole: Span, entries: Sequence[Entry]) -> Time:
    """Add a tutor's open hours, blocked times and days off."""
    zone, length = settings.timezone, settings.default_lesson_duration
    first_on, last_on = dates_of(whole, zone)
    windows, exceptions, taken = (await schedules.load(work, [settings], {zone: (first_on, last_on)}, length=length))[
        settings.tutor_id
    ]
    plan = schedules.plan_of(schedules.rules(settings, length, buffers=settings), windows, exceptions, taken)
    blocked = [row for row in taken if row.status is SlotStatus.BLOCKED and row.id is not None]
    off = {local for row in exceptions for local in _days_off(row, first_on, last_on)}
    return Time(
        timezone,
        (*entries, *(Entry(Span(row.start_datetime, row.end_datetime), Kind.BLOCKED) for row in blocked)),
        _united([*opening_spans(plan, first_on=first_on, last_on=last_on), *plan.extra]),
        frozenset(local_date(timezone, local_instant(zone, on, NOON)) for on in off),
    )


def _lesson(work: Work, row: AnyRow, person_id: int) -> Entry:
    return Entry(
        Span(row.starts_at, row.ends_at),
        _kind(work, row),
        full_name(row.first_name, row.last_name),
        row.subject,
        row.id,
        is_taught=row.tutor_id == person_id,
    )


def _kind(work: Work, row: AnyRow) -> Kind:
    """Return the kind of an entry; a past lesson without an outcome counts as held."""
    match row.status:
        case BookingStatus.PENDING:
            return Kind.ASKED
        case BookingStatus.NO_SHOW:
            return Kind.MISSED
        case BookingStatus.CONFIRMED if row.ends_at > work.now:
            return Kind.LESSON
        case _:
            return Kind.OVER


def _days_off(row: AnyRow, first_on: date, last_on: date) -> Iterator[date]:
    """Return those of an exception's days off (the tutor's dates) that are shown; it may reach beyond them."""
    if row.start_time is None and not row.is_working:
        first, last = max(row.date, first_on), min(row.last_date, last_on)
        yield from (first + days * ONE_DAY for days in range((last - first).days + 1))


def _united(spans: Iterable[Span]) -> tuple[Span, ...]:
    united: list[Span] = []
    for span in sorted(spans):
        if united and span.starts_at <= united[-1].ends_at:
            united[-1] = Span(united[-1].starts_at, max(united[-1].ends_at, span.ends_at))
        else:
            united.append(span)
    return tuple(united)
