"""
The reminders of a lesson: rows that are written and cancelled with it, at the times that each person has chosen.

Writing reminders locks the rows of the people (people.lock), and so does changing preferences. So a change of
preferences misses no lesson.
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
from db.models.booking import Booking
from db.models.person import Person
from db.models.reminder import Reminder

PREFERENCES = select(
    Person.id, Person.timezone, Person.reminders_before, Person.quiet_from, Person.quiet_until, *channels.ADDRESSES
)
OF_PERSON = PREFERENCES.where(Person.id == bindparam("person_id"))
LOCKED = OF_PERSON.with_for_update(key_share=True)
OF_PEOPLE = PREFERENCES.where(Person.id.in_(bindparam("ids", expanding=True))).order_by(Person.id)
AHEAD = select(Booking.id, Booking.starts_at).where(
    or_(Booking.student_id == bindparam("person_id"), Booking.tutor_id == bindparam("person_id")),
    Booking.status == BookingStatus.CONFIRMED,
    Booking.starts_at > bindparam("now"),
)


@dataclass(frozen=True, slots=True)
class ReminderPreferences:
    """
    A person's choices: how long before a lesson to remind, the longest first, and the quiet hours. `addresses` are the
    person's addresses in the open channels, None without one.
    """

    before: tuple[timedelta, ...]
    is_as_usual: bool
    quiet: QuietHours | None
    addresses: Mapping[ChannelKind, Any] = field(default_factory=dict)


async def preferences(work: Work, *, person_id: int) -> ReminderPreferences:
    return _preferences(work, (await work.session.execute(OF_PERSON, {"person_id": person_id})).one())


async def want(work: Work, *, person_id: int, before: timedelta) -> ReminderPreferences:
    """
    Add a reminder this long before each lesson, also before those already booked.

    - adding it twice changes nothing
    - raises BadReminder, TooManyReminders
    """
    if not reminder_plan.SHORTEST <= before <= reminder_plan.LONGEST or before % MINUTE:
        raise BadReminder(reminder_plan.SHORTEST, reminder_plan.LONGEST)
    wanted = {*await _wanted(work, person_id), before}
    if len(wanted) > reminder_plan.MOST:
        raise TooManyReminders(reminder_plan.MOST)
    return await _change(work, person_id, reminders_before=_minutes(wanted))


async def want_no_more(work: Work, *, person_id: int, before: timedelta) -> ReminderPreferences:
    wanted = {*await _wanted(work, person_id)} - {before}
    return await _change(work, person_id, reminders_before=_minutes(wanted))


async def want_none(work: Work, *, person_id: int) -> ReminderPreferences:
    return await _change(work, person_id, reminders_before=[])


async def want_as_usual(work: Work, *, person_id: int) -> ReminderPreferences:
    """Remind the person at the times that the operator has set."""
    return await _change(work, person_id, reminders_before=None)


async def be_quiet(work: Work, *, person_id: int, hours: tuple[time, time] | None) -> ReminderPreferences:
    """Set the person's quiet hours, by their clock; None for no quiet hours. Raises EmptyPeriod."""
    since, until = hours or (None, None)
    if hours and since == until:
        raise EmptyPeriod
    return await _change(work, person_id, quiet_from=since, quiet_until=until)


async def schedule(work: Work, *, booking_id: int, starts_at: datetime, recipient_ids: tuple[int, ...]) -> None:
    """Make the reminders of a confirmed lesson for these people, each by their preferences."""
    people = (await work.session.execute(OF_PEOPLE, {"ids": recipient_ids})).all()
    await _write(work, [row for one in people for row in _rows(work, one, booking_id, starts_at)])


async def plan_anew(work: Work, *, person_id: int) -> None:
    """
    Rebuild the person's reminders of all upcoming lessons from their present preferences and zone.

    Reminders that are due or sent already do not change.
    """
    person = (await work.session.execute(OF_PERSON, {"person_id": person_id})).one()
    ahead = (await work.session.execute(AHEAD, {"person_id": person_id, "now": work.now})).all()
    if ahead:
        await _drop(work, person_id, [lesson.id for lesson in ahead])
        await _write(work, [row for lesson in ahead for row in _rows(work, person, lesson.id, lesson.starts_at)])


async def call_off(work: Work, booking_id: int) -> None:
    """Cancel the pending reminders of this lesson."""
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
    return _preferences(work, person).before


def _minutes(before: Collection[timedelta]) -> list[int]:
    return [offset // MINUTE for offset in sorted(before, reverse=True)]


async def _change(work: Work, person_id: int, **wanted: Any) -> ReminderPreferences:
    await work.session.execute(update(Person).where(Person.id == person_id).values(**wanted))
    await plan_anew(work, person_id=person_id)
    return await preferences(work, person_id=person_id)


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
    wanted = _preferences(work, person)
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


def _preferences(work: Work, person: AnyRow) -> ReminderPreferences:
    chosen: list[int] | None = person.reminders_before
    before = work.policies.reminders_before if chosen is None else [minutes * MINUTE for minutes in chosen]
    return ReminderPreferences(
        before=tuple(sorted(set(before), reverse=True)),
        is_as_usual=chosen is None,
        quiet=quiet_hours(person),
        addresses=channels.addresses(work, person),
    )


def _carrying(wanted: ReminderPreferences, minutes: int) -> list[ChannelKind]:
    """Return the channels for a reminder at this distance; the chat also for people who have not written to it yet."""
    return [
        kind
        for kind, address in wanted.addresses.items()
        if (address or kind is channels.CHAT) and minutes * MINUTE >= CHANNELS[kind].reminds_from
    ]
