"""
The slots of a tutor's day: free, asked for, booked, blocked, and extra ones beyond the availability.

Clock times are the tutor's. A slot is blocked or added for one date, not for every week.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select

from core.errors import EmptyPeriod, LessonConflict, PeriodPassed, TimeTaken, TimeTooFarAhead, TooManyTimes
from core.people import tutors
from core.people.people import full_name
from core.pure.planning.local_time import local_date, local_instant
from core.pure.planning.values import Span
from core.times import offers, slots
from core.work import Work
from db.base import AnyRow, table
from db.enums import BookingStatus, SlotStatus
from db.models.booking import Booking
from db.models.person import Person
from db.models.time_slot import TimeSlot

ONE_DAY = timedelta(days=1)
MOST_AHEAD = 100  # blocked slots, and the same number of extra slots
FARTHEST = timedelta(days=365)
SLOT = table(TimeSlot).c


class State(StrEnum):
    FREE = "free"
    ASKED = "asked"
    BOOKED = "booked"
    BLOCKED = "blocked"
    EXTRA = "extra"


STATES = {
    SlotStatus.BOOKED: State.BOOKED,
    SlotStatus.BLOCKED: State.BLOCKED,
    SlotStatus.AVAILABLE: State.EXTRA,
}


@dataclass(frozen=True, slots=True)
class SlotCard:
    """A slot. With a lesson it has `booking_id` and `student_name`; all except free slots have `slot_id`."""

    span: Span
    state: State
    slot_id: int | None = None
    booking_id: int | None = None
    student_name: str | None = None


@dataclass(frozen=True, slots=True)
class DaySlots:
    """The slots of one date, by their start; `on` and `today` are dates in the tutor's zone."""

    timezone: str
    on: date
    today: date
    slots: tuple[SlotCard, ...]


async def day(work: Work, *, tutor_id: int, on: date) -> DaySlots:
    """Return the slots of this date, or of today if it is past; raises NotATutor."""
    settings = await tutors.settings_of(work, tutor_id)
    zone = settings.timezone
    today = local_date(zone, work.now)
    on = max(on, today)
    kept = [_card(row) for row in await _slots_of(work, tutor_id, span(zone, on, time.min, time.min))]
    lessons = [card.span for card in kept if card.booking_id is not None]
    kept = [card for card in kept if card.state is not State.EXTRA or not _any_overlaps(lessons, card.span)]
    extra = {card.span for card in kept if card.state is State.EXTRA}
    free = await offers.free_for_tutor(work, settings, on=on)
    shown = [*kept, *(SlotCard(offer, State.FREE) for offer in free if offer not in extra)]
    return DaySlots(zone, on, today, tuple(sorted(shown, key=lambda card: card.span)))


async def block(work: Work, *, tutor_id: int, meant: Span) -> None:
    """
    Block this span, which may have begun already.

    - a no-op if it is blocked
    - raises NotATutor, PeriodPassed, EmptyPeriod, TimeTooFarAhead, TooManyTimes; over a booked lesson LessonConflict
    """
    settings = await tutors.lock(work, tutor_id)
    kept = await _changeable(work, tutor_id, meant, ahead=meant.ends_at)
    blocked = [_span(row) for row in kept if row.status is SlotStatus.BLOCKED]
    if not any(one.starts_at <= meant.starts_at and meant.ends_at <= one.ends_at for one in blocked):
        await _check_room(work, tutor_id, meant, SlotStatus.BLOCKED)
        await slots.write(work, settings, meant, status=SlotStatus.BLOCKED)


async def unblock(work: Work, *, tutor_id: int, slot_id: int) -> None:
    """Unblock; a no-op if it is not blocked."""
    await _remove(work, tutor_id, slot_id, SlotStatus.BLOCKED)


async def add_extra(work: Work, *, tutor_id: int, meant: Span) -> None:
    """
    Offer one lesson as long as this span, whatever the availability is.

    - adding the same slot twice adds it once
    - raises NotATutor, PeriodPassed, EmptyPeriod, TimeTooFarAhead, TooManyTimes, LessonConflict, and TimeTaken over
      a blocked slot
    """
    settings = await tutors.lock(work, tutor_id)
    kept = await _changeable(work, tutor_id, meant, ahead=meant.starts_at)
    if any(row.status is SlotStatus.BLOCKED for row in kept):
        raise TimeTaken(meant.starts_at)
    if meant not in [_span(row) for row in kept]:
        await _check_room(work, tutor_id, meant, SlotStatus.AVAILABLE)
        await slots.write(work, settings, meant, status=SlotStatus.AVAILABLE)


async def remove_extra(work: Work, *, tutor_id: int, slot_id: int) -> None:
    """Withdraw an extra slot; a lesson booked in it stays."""
    await _remove(work, tutor_id, slot_id, SlotStatus.AVAILABLE)


def span(timezone: str, on: date, opens: time, closes: time) -> Span:
    """Return the instants of these clock times; hours that close at or before they open close on the next day."""
    last_on = on if closes > opens else on + ONE_DAY
    return Span(local_instant(timezone, on, opens), local_instant(timezone, last_on, closes))


async def _changeable(work: Work, tutor_id: int, meant: Span, *, ahead: datetime) -> list[AnyRow]:
    """Return the rows that overlap this span; raises an error if the span is not ahead or has a lesson in it."""
    if meant.ends_at <= meant.starts_at:  # in the hour that is skipped when clocks go forward
        raise EmptyPeriod
    if ahead <= work.now:
        raise PeriodPassed
    kept = await _slots_of(work, tutor_id, meant)
    lesson = next((row for row in kept if row.status is SlotStatus.BOOKED), None)
    if lesson is not None:
        raise LessonConflict(lesson.start_datetime)
    return kept


async def _check_room(work: Work, tutor_id: int, meant: Span, status: SlotStatus) -> None:
    if meant.starts_at - work.now > FARTHEST:
        raise TimeTooFarAhead(FARTHEST.days)
    ahead = select(func.count()).where(SLOT.tutor_id == tutor_id, SLOT.status == status, SLOT.end_datetime > work.now)
    if (await work.session.scalar(ahead) or 0) >= MOST_AHEAD:
        raise TooManyTimes(MOST_AHEAD)


async def _slots_of(work: Work, tutor_id: int, within: Span) -> list[AnyRow]:
    """Return the rows that overlap this span, by their start."""
    rows = await work.session.execute(
        select(
            *SLOT,
            Booking.id.label("booking_id"),
            Booking.status.label("booking_status"),
            Person.first_name,
            Person.last_name,
        )
        .outerjoin(Booking, Booking.slot_id == SLOT.id)
        .outerjoin(Person, Person.id == Booking.student_id)
        .where(
            SLOT.tutor_id == tutor_id,
            SLOT.status != SlotStatus.PAST,
            SLOT.start_datetime < within.ends_at,
            SLOT.end_datetime > within.starts_at,
        )
        .order_by(SLOT.start_datetime, SLOT.id)
    )
    return list(rows)


async def _remove(work: Work, tutor_id: int, slot_id: int, status: SlotStatus) -> None:
    await tutors.lock(work, tutor_id)
    await work.session.execute(
        delete(table(TimeSlot)).where(SLOT.id == slot_id, SLOT.tutor_id == tutor_id, SLOT.status == status)
    )


def _any_overlaps(spans: list[Span], other: Span) -> bool:
    return any(one.starts_at < other.ends_at and other.starts_at < one.ends_at for one in spans)


def _span(row: AnyRow) -> Span:
    return Span(row.start_datetime, row.end_datetime)


def _card(row: AnyRow) -> SlotCard:
    state = State.ASKED if row.booking_status is BookingStatus.PENDING else STATES[row.status]
    name = full_name(row.first_name, row.last_name) if row.first_name else None
    return SlotCard(_span(row), state, row.id, row.booking_id, name)
