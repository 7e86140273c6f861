"""
A tutor's month in figures: lessons held, income, missed and cancelled lessons.

A lesson counts in the month in which it begins, in the reader's zone. A past lesson counts as held, unless it has
another outcome. Sums are exact; amounts in different currencies are never added.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import and_, bindparam, func, or_, select

from core.calendars.layout import ONE_DAY, day_span
from core.people import tutors
from core.pure.planning.local_time import local_date
from core.work import Work
from db.base import AnyRow
from db.enums import BookingStatus, LessonType
from db.models.booking import Booking

COUNTED = (BookingStatus.COMPLETED, BookingStatus.CONFIRMED, BookingStatus.NO_SHOW, BookingStatus.CANCELLED_STUDENT)

LESSONS = select(
    Booking.starts_at,
    Booking.ends_at,
    Booking.status,
    Booking.lesson_type,
    Booking.price,
    Booking.currency,
    Booking.is_charged,
    Booking.is_waived,
).where(
    Booking.tutor_id == bindparam("tutor_id"),
    Booking.status.in_(COUNTED),
    Booking.starts_at >= bindparam("since"),
    Booking.starts_at < bindparam("until"),
)
HELD = or_(
    Booking.status == BookingStatus.COMPLETED,
    and_(Booking.status == BookingStatus.CONFIRMED, Booking.ends_at <= bindparam("now")),
)
FIRST_LESSONS = (
    select(func.min(Booking.starts_at).label("first_at"))
    .where(Booking.tutor_id == bindparam("tutor_id"), HELD)
    .group_by(Booking.student_id)
    .subquery()
)
NEW_STUDENTS = select(func.count()).where(
    FIRST_LESSONS.c.first_at >= bindparam("since"), FIRST_LESSONS.c.first_at < bindparam("until")
)


@dataclass(frozen=True, slots=True)
class DayCount:
    on: date
    held: int
    missed: int


@dataclass(frozen=True, slots=True)
class Statement:
    """
    `income` is the amount owed in each currency, for held lessons and for other charged lessons. `of_package` is the
    number of held lessons that were prepaid; they are not in `income`. `charged_late`: cancelled too late by the
    student.
    """

    month: date
    today: date
    days: tuple[DayCount, ...]
    held: int
    of_package: int
    taught: timedelta
    income: tuple[tuple[Decimal, str], ...]
    no_shows: int
    charged_late: int
    waived: int
    new_students: int


async def month(work: Work, *, tutor_id: int, month: date | None, timezone: str) -> Statement:
    """Return the month of this date, by default the current one; raises NotATutor."""
    await tutors.teaching_timezone(work, tutor_id)
    today = local_date(timezone, work.now)
    first = (month or today).replace(day=1)
    last = (first + 31 * ONE_DAY).replace(day=1) - ONE_DAY
    since, until = day_span(timezone, first).starts_at, day_span(timezone, last).ends_at
    within = {"tutor_id": tutor_id, "since": since, "until": until}
    rows = list(await work.session.execute(LESSONS, within))
    new_students = await work.session.scalar(NEW_STUDENTS, {**within, "now": work.now}) or 0
    held = [row for row in rows if _is_held(row, work.now)]
    return Statement(
        month=first,
        today=today,
        days=_days(rows, held, first, last, timezone),
        held=len(held),
        of_package=sum(row.lesson_type is LessonType.PACKAGE for row in held),
        taught=sum((row.ends_at - row.starts_at for row in held), timedelta()),
        income=_income(row for row in rows if row.is_charged or _is_held(row, work.now)),
        no_shows=sum(row.status is BookingStatus.NO_SHOW for row in rows),
        charged_late=sum(row.is_charged and row.status is BookingStatus.CANCELLED_STUDENT for row in rows),
        waived=sum(row.is_waived for row in rows),
        new_students=new_students,
    )


def _is_held(row: AnyRow, now: datetime) -> bool:
    return row.status is BookingStatus.COMPLETED or (row.status is BookingStatus.CONFIRMED and row.ends_at <= now)


def _income(owed: Iterable[AnyRow]) -> tuple[tuple[Decimal, str], ...]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in owed:
        if row.price is not None and row.lesson_type is not LessonType.PACKAGE:
            sums[row.currency] += row.price
    return tuple((sums[currency], currency) for currency in sorted(sums))


def _days(
    rows: Sequence[AnyRow], held: Sequence[AnyRow], first: date, last: date, timezone: str
) -> tuple[DayCount, ...]:
    def by_date(some: Iterable[AnyRow]) -> Counter[date]:
        return Counter(local_date(timezone, row.starts_at) for row in some)

    taught, missed = by_date(held), by_date(row for row in rows if row.status is BookingStatus.NO_SHOW)
    dates = (first + number * ONE_DAY for number in range((last - first).days + 1))
    return tuple(DayCount(on, taught[on], missed[on]) for on in dates)
