"""Load schedules, for one tutor or for many with the same few statements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, CompoundSelect, bindparam, false, literal, null, select, union_all

from core.pure.planning import values
from core.pure.planning.local_time import local_instant
from core.pure.planning.reach import busy_reach, reach
from core.pure.planning.values import Busy, BusyKind, Rules, Schedule, Span, Window
from core.pure.setting_table import RULES
from core.work import Work
from db.base import AnyRow, AnySelect, Minutes, table
from db.enums import LessonType, SlotStatus
from db.models.booking import Booking
from db.models.busy_time import BusyTime
from db.models.date_exception import DateException
from db.models.slot_hold import SlotHold
from db.models.time_slot import TimeSlot
from db.models.tutor_availability import TutorAvailability

ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)

MIDNIGHT = time.min

Dates = Mapping[str, tuple[date, date]]
IsAsked = Callable[[ColumnElement[int]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Asker:
    """
    Who asks for a time, and for which lesson.

    - a time held for `reader_id` is free for them; for the tutor all holds are free
    - `by_tutor`: the tutor's other calendars and limits do not apply
    - `except_slot`: this slot does not count as taken, and its buffers are used; `leaving`: the slot of the lesson to
      move
    """

    reader_id: int | None = None
    by_tutor: bool = False
    kind: LessonType = LessonType.REGULAR
    except_slot: int | None = None
    leaving: int | None = None


class Statements(NamedTuple):
    """The statements that load schedules."""

    windows: AnySelect
    exceptions: AnySelect
    taken: CompoundSelect[*tuple[Any, ...]]


class Loaded(NamedTuple):
    """The rows that the statements returned for one tutor."""

    windows: list[AnyRow]
    exceptions: list[AnyRow]
    taken: list[AnyRow]


def _statements(is_asked: IsAsked) -> Statements:
    return Statements(
        select(
            TutorAvailability.day_of_week,
            TutorAvailability.start_time,
            TutorAvailability.end_time,
            TutorAvailability.valid_from,
            TutorAvailability.valid_until,
            TutorAvailability.tutor_id,
        ).where(is_asked(table(TutorAvailability).c.tutor_id), TutorAvailability.is_active),
        select(
            DateException.date,
            DateException.last_date,
            DateException.start_time,
            DateException.end_time,
            DateException.is_working,
            DateException.tutor_id,
        ).where(
            is_asked(table(DateException).c.tutor_id),
            DateException.last_date >= bindparam("first_on"),
            DateException.date <= bindparam("last_on"),
        ),
        _taken(is_asked),
    )


def _taken(is_asked: IsAsked) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(
        select(
            TimeSlot.id,
            TimeSlot.status,
            TimeSlot.start_datetime,
            TimeSlot.end_datetime,
            TimeSlot.buffer_before,
            TimeSlot.buffer_after,
            TimeSlot.tutor_id,
        ).where(
            is_asked(table(TimeSlot).c.tutor_id),
            TimeSlot.status != SlotStatus.PAST,
            TimeSlot.end_datetime > bindparam("since"),
            TimeSlot.start_datetime < bindparam("until"),
        ),
        # lessons in which the tutor is the student of somebody else
        select(
            null(),
            literal(SlotStatus.BLOCKED, TimeSlot.status.type),
            Booking.starts_at,
            Booking.ends_at,
            literal(NOTHING, Minutes),
            literal(NOTHING, Minutes),
            Booking.student_id,
        ).where(
            is_asked(table(Booking).c.student_id),
            Booking.slot_id.is_not(None),
            Booking.ends_at > bindparam("since"),
            Booking.starts_at < bindparam("until"),
        ),
        _held(is_asked),
        _busy_elsewhere(is_asked),
    )


def _held(is_asked: IsAsked) -> AnySelect:
    """Select times held for a student: taken for everybody except this student and the tutor."""
    return select(
        null(),
        literal(SlotStatus.BOOKED, TimeSlot.status.type),
        SlotHold.starts_at,
        SlotHold.ends_at,
        SlotHold.buffer_before,
        SlotHold.buffer_after,
        SlotHold.tutor_id,
    ).where(
        is_asked(table(SlotHold).c.tutor_id),
        SlotHold.student_id != bindparam("reader_id"),
        SlotHold.tutor_id != bindparam("reader_id"),
        SlotHold.held_until > bindparam("now"),
        SlotHold.ends_at > bindparam("since"),
        SlotHold.starts_at < bindparam("until"),
    )


def _busy_elsewhere(is_asked: IsAsked) -> AnySelect:
    """Select busy times of the tutor's other calendars; they do not apply if the tutor decides."""
    return select(
        null(),
        literal(SlotStatus.BLOCKED, TimeSlot.status.type),
        BusyTime.starts_at,
        BusyTime.ends_at,
        literal(NOTHING, Minutes),
        literal(NOTHING, Minutes),
        BusyTime.tutor_id,
    ).where(
        is_asked(table(BusyTime).c.tutor_id),
        bindparam("ignores_calendars", type_=Boolean).is_(false()),
        BusyTime.ends_at > bindparam("since"),
        BusyTime.starts_at < bindparam("until"),
    )


OF_ONE = _statements(lambda tutor_id: tutor_id == bindparam("tutor_id"))
OF_MANY = _statements(lambda tutor_id: tutor_id.in_(bindparam("tutor_ids", expanding=True)))


async def load(
    work: Work,
    asked: Sequence[AnyRow],
    dates: Dates,
    *,
    length: timedelta,
    reader_id: int | None = None,
    ignores_calendars: bool = False,
) -> Mapping[int, Loaded]:
    """
    Load the schedules for these dates, by the tutor's id; with many tutors, a little more than each of them needs.

    `asked` are rows of TutorSettings; `dates` tells the first and the last date for each of their zones. What is held
    for students is taken, but not for `reader_id`: who holds it, or the tutor. `ignores_calendars`: busy times of the
    tutor's other calendars are left out.
    """
    loaded = {settings.tutor_id: Loaded([], [], []) for settings in asked}
    whose: dict[str, Any] = {"tutor_ids": [*loaded], "tutor_id": asked[0].tutor_id}
    holds = {"reader_id": reader_id or 0, "now": work.now, "ignores_calendars": ignores_calendars}
    statements = OF_ONE if len(asked) == 1 else OF_MANY
    (first_on, last_on), (since, until) = _around([rules(one, length, buffers=one) for one in asked], dates)
    of_each = (
        await work.session.execute(statements.windows, whose),
        await work.session.execute(statements.exceptions, {**whose, "first_on": first_on, "last_on": last_on}),
        await work.session.execute(statements.taken, whose | holds | {"since": since, "until": until}),
    )
    for kind, rows in enumerate(of_each):
        for row in rows:
            loaded[row.tutor_id][kind].append(row)
    return loaded


async def of_asker(
    work: Work, settings: AnyRow, asker: Asker, *, first_on: date, last_on: date, length: timedelta
) -> Schedule:
    """Return the schedule that one tutor has for this asker between these dates of the tutor."""
    dates = {settings.timezone: (first_on, last_on)}
    reader_id = settings.tutor_id if asker.by_tutor else asker.reader_id
    loaded = await load(work, [settings], dates, length=length, reader_id=reader_id, ignores_calendars=asker.by_tutor)
    windows, exceptions, taken = loaded[settings.tutor_id]
    taken = [row for row in taken if asker.leaving is None or row.id != asker.leaving]
    held = next((row for row in taken if asker.except_slot and row.id == asker.except_slot), settings)
    plan = plan_of(
        rules(settings, length, buffers=held), windows, exceptions, [row for row in taken if row is not held]
    )
    if asker.kind is not LessonType.TRIAL:
        return plan
    return replace(plan, extra=tuple(_cut(slot, length) for slot in plan.extra))


def length_of(settings: AnyRow, kind: LessonType) -> timedelta:
    length: timedelta = settings.trial_lesson_duration if kind is LessonType.TRIAL else settings.default_lesson_duration
    return length


def _cut(slot: Span, length: timedelta) -> Span:
    """Cut a lesson in an extra slot to `length`: a trial in a long extra slot is as short as any other."""
    return Span(slot.starts_at, min(slot.ends_at, slot.starts_at + length))


def _around(each: Sequence[Rules], dates: Dates) -> tuple[tuple[date, date], tuple[datetime, datetime]]:
    """Return the dates of exceptions and the instants of busy times that bear on these dates under any of the rules."""
    exceptions = [reach(one, *dates[one.timezone]) for one in each]
    busy = [(one.timezone, *busy_reach(one, *dates[one.timezone])) for one in each]
    since = min(local_instant(zone, first, MIDNIGHT) for zone, first, _ in busy)
    until = max(local_instant(zone, last + ONE_DAY, MIDNIGHT) for zone, _, last in busy)
    return (min(first for first, _ in exceptions), max(last for _, last in exceptions)), (since, until)


def plan_of(rules: Rules, windows: Sequence[AnyRow], exceptions: Sequence[AnyRow], taken: Sequence[AnyRow]) -> Schedule:
    return Schedule(
        rules=rules,
        windows=tuple(
            Window(row.day_of_week, row.start_time, row.end_time, row.valid_from, row.valid_until) for row in windows
        ),
        exceptions=tuple(
            values.DateException(row.date, row.last_date, row.start_time, row.end_time, row.is_working)
            for row in exceptions
        ),
        extra=tuple(Span(row.start_datetime, row.end_datetime) for row in taken if row.status is SlotStatus.AVAILABLE),
        busy=tuple(busy_time(row) for row in taken if row.status is not SlotStatus.AVAILABLE),
    )


def rules(settings: AnyRow, length: timedelta, *, buffers: AnyRow) -> Rules:
    """Return the tutor's rules for a lesson of this length; `buffers` is the row that has its buffers."""
    named: dict[str, Any] = {rule: getattr(settings, column) for rule, column in RULES}
    of_lesson = {"length": length, "buffer_before": buffers.buffer_before, "buffer_after": buffers.buffer_after}
    return Rules(**(named | of_lesson))


def busy_time(row: AnyRow) -> Busy:
    kind = BusyKind.OWN if row.status is SlotStatus.BOOKED else BusyKind.CLOSED
    return Busy(row.start_datetime, row.end_datetime, row.buffer_before, row.buffer_after, kind)
