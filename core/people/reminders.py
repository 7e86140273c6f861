"""
The reminders of a lesson: rows made with it and called off with it, at the distances each person wants.

Whoever makes reminders holds the people's rows (people.lock), and so does who chooses anew: no lesson is missed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, update

from core.errors import BadReminder, EmptyPeriod, TooManyReminders
from core.people import channels
from core.people.channels import CHANNELS
from core.pure import reminder_plan
from core.pure.reminder_plan import MINUTE, QuietHours
from core.work import Work, insert_new
from db.base import AnyRow
from db.enums import BookingStatus, ChannelKind, DeliveryStatus
from db.models import Booking, Person, Reminder

WISHES = select(
    Person.id, Person.timezone, Person.reminders_before, Person.quiet_from, Person.quiet_until, *channels.ADDRESSES
)
OF_PERSON = WISHES.where(Person.id == bindparam("person_id"))
LOCKED = OF_PERSON.with_for_update(key_share=True)
OF_PEOPLE = WISHES.where(Person.id.in_(bindparam("ids", expanding=True))).order_by(Person.id)
AHEAD = select(Booking.id, Booking.starts_at).where(
    or_(Booking.student_id == bindparam("person_id"), Booking.tutor_id == bindparam("person_id")),
    Booking.status == BookingStatus.CONFIRMED,
    Booking.starts_at > bindparam("now"),
)


@dataclass(frozen=True, slots=True)
class ReminderWishes:
    """
    What one person wants: distances, the longest first, and quiet hours. `addresses` are theirs by the open channels,
    None where they have given none.
    """

    before: tuple[timedelta, ...]
    is_as_usual: bool
    quiet: QuietHours | None
    addresses: Mapping[ChannelKind, Any] = field(default_factory=dict)


async def wishes(work: Work, *, person_id: int) -> ReminderWishes:
    return _wishes(work, (await work.session.execute(OF_PERSON, {"person_id": person_id})).one())


async def want(work: Work, *, person_id: int, before: timedelta) -> ReminderWishes:
    """
    Remind this person at this distance, too, of the lessons ahead as well.

    - wanting it twice is wanting it once
    - raises BadReminder, TooManyReminders
    """
    if not reminder_plan.SHORTEST <= before <= reminder_plan.LONGEST or before % MINUTE:
        raise BadReminder(reminder_plan.SHORTEST, reminder_plan.LONGEST)
    wanted = {*await _wanted(work, person_id), before}
    if len(wanted) > reminder_plan.MOST:
        raise TooManyReminders(reminder_plan.MOST)
    return await _change(work, person_id, reminders_before=_minutes(wanted))


async def want_no_more(work: Work, *, person_id: int, before: timedelta) -> ReminderWishes:
    wanted = {*await _wanted(work, person_id)} - {before}
    return await _change(work, person_id, reminders_before=_minutes(wanted))


async def want_none(work: Work, *, person_id: int) -> ReminderWishes:
    return await _change(work, person_id, reminders_before=[])


async def want_as_usual(work: Work, *, person_id: int) -> ReminderWishes:
    """Remind the person as the house does."""
    return await _change(work, person_id, reminders_before=None)


async def be_quiet(work: Work, *, person_id: int, hours: tuple[time, time] | None) -> ReminderWishes:
    """Be silent in these hours of the person's clock, or never; raises EmptyPeriod."""
    since, until = hours or (None, None)
    if hours and since == until:
        raise EmptyPeriod
    return await _change(work, person_id, quiet_from=since, quiet_until=until)


async def schedule(work: Work, *, booking_id: int, starts_at: datetime, recipient_ids: tuple[int, ...]) -> None:
    """Remind these people of a lesson that has been agreed, each as they want."""
    people = (await work.session.execute(OF_PEOPLE, {"ids": recipient_ids})).all()
    await _write(work, [row for one in people for row in _rows(work, one, booking_id, starts_at)])


async def plan_anew(work: Work, *, person_id: int) -> None:
    """
    Remind the person of all lessons ahead as they want now, by the clock they have now.

    What is due already is on its way, and what was sent is not sent again.
    """
    person = (await work.session.execute(OF_PERSON, {"person_id": person_id})).one()
    ahead = (await work.session.execute(AHEAD, {"person_id": person_id, "now": work.now})).all()
    if ahead:
        await _drop(work, person_id, [lesson.id for lesson in ahead])
        await _write(work, [row for lesson in ahead for row in _rows(work, person, lesson.id, lesson.starts_at)])


async def call_off(work: Work, booking_id: int) -> None:
    """Remind nobody of this lesson any more."""
    await work.session.execute(
        update(Reminder)
        .where(Reminder.booking_id == booking_id, Reminder.status == DeliveryStatus.PENDING)
        .values(status=DeliveryStatus.CANCELLED)
        .execution_options(synchronize_session=False)
    )


def quiet_hours(person: Person | AnyRow) -> QuietHours | None:
    if person.quiet_from is None or person.quiet_until is None or person.timezone is None:
        return None
    return QuietHours(person.quiet_from, person.quiet_until, person.timezone)


async def _wanted(work: Work, person_id: int) -> tuple[timedelta, ...]:
    person = (await work.session.execute(LOCKED, {"person_id": person_id})).one()
    return _wishes(work, person).before


def _minutes(before: Collection[timedelta]) -> list[int]:
    return [offset // MINUTE for offset in sorted(before, reverse=True)]


async def _change(work: Work, person_id: int, **wanted: Any) -> ReminderWishes:
    await work.session.execute(update(Person).where(Person.id == person_id).values(**wanted))
    await plan_anew(work, person_id=person_id)
    return await wishes(work, person_id=person_id)


async def _drop(work: Work, person_id: int, lesson_ids: Sequence[int]) -> None:
    still_to_come = and_(Reminder.status == DeliveryStatus.PENDING, Reminder.scheduled_for > work.now)
    await work.session.execute(
        delete(Reminder)
        .where(
            Reminder.recipient_id == person_id,
            Reminder.booking_id.in_(lesson_ids),
            or_(still_to_come, Reminder.status == DeliveryStatus.CANCELLED),
        )
        .execution_options(synchronize_session=False)
    )


async def _write(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        work.has_news = True
        await insert_new(work, Reminder, rows)


def _rows(work: Work, person: AnyRow, booking_id: int, starts_at: datetime) -> list[dict[str, Any]]:
    wanted = _wishes(work, person)
    return [
        {
            "booking_id": booking_id,
            "recipient_id": person.id,
            "reminder_type": channel,
            "minutes_before": minutes,
            "status": DeliveryStatus.PENDING,
            "scheduled_for": at,
            "next_try_at": at,
            "retry_count": 0,
            "max_retries": work.policies.delivery_attempts,
        }
        for minutes, at in reminder_plan.due(starts_at, wanted.before, now=work.now, quiet=wanted.quiet)
        for channel in _carrying(wanted, minutes)
    ]


def _wishes(work: Work, person: AnyRow) -> ReminderWishes:
    chosen: list[int] | None = person.reminders_before
    before = work.policies.reminders_before if chosen is None else [minutes * MINUTE for minutes in chosen]
    return ReminderWishes(
        before=tuple(sorted(set(before), reverse=True)),
        is_as_usual=chosen is None,
        quiet=quiet_hours(person),
        addresses=channels.addresses(work, person),
    )


def _carrying(wanted: ReminderWishes, minutes: int) -> list[ChannelKind]:
    """Return the channels for a reminder at this distance; the chat also for people who have not written to it yet."""
    return [
        kind
        for kind, address in wanted.addresses.items()
        if (address or kind is channels.CHAT) and minutes * MINUTE >= CHANNELS[kind].reminds_from
    ]
