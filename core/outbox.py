"""
What waits to be told: reminders and notices, delivered by one loop.

    claim -> commit -> letter (read again: is it still true?) -> send -> settle

A claim pushes `next_try_at` one lease ahead; a process that dies in between leaves a row that comes due again.
`attempt` fences: only the latest claim may settle.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from core import bookings, people, reminder_plan
from core.bookings import LessonCard
from core.work import Work
from db.base import AnyRow, Base, UtcDateTime, table
from db.enums import BookingStatus, DeliveryStatus, Event, Language
from db.models import Notification, Person, Reminder

MAX_ERROR = 300
STANDING = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours to deliver until the lease is over. `event` is empty for a reminder."""

    id: int
    attempt: int
    max_attempts: int
    recipient_id: int
    booking_id: int | None
    due_at: datetime
    event: Event | None = None
    minutes_before: int | None = None

    @property
    def model(self) -> type[Base]:
        return Reminder if self.event is None else Notification


@dataclass(frozen=True, slots=True)
class Recipient:
    id: int
    telegram_id: int
    language: Language
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What to tell, read at the moment of sending. A reminder has `minutes_before`, a notice an `event`."""

    to: Recipient
    lesson: LessonCard
    event: Event | None
    minutes_before: int | None


def _claiming(model: type[Reminder] | type[Notification], *columns: Any) -> ReturningUpdate[*tuple[Any, ...]]:
    due = (
        select(model.id)
        .where(model.status == DeliveryStatus.PENDING, model.next_try_at <= bindparam("now"))
        .order_by(model.next_try_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("due")  # as a plain subquery PostgreSQL may run it once a row, and skip what it has locked itself
    )
    c = table(model).c
    return (
        update(table(model))
        .where(c.id.in_(select(due.c.id)), c.status == DeliveryStatus.PENDING)
        .values(next_try_at=bindparam("lease_over", type_=UtcDateTime), retry_count=c.retry_count + 1)
        .returning(c.id, c.retry_count, c.max_retries, c.recipient_id, c.booking_id, c.scheduled_for, *columns)
    )


CLAIM_REMINDERS = _claiming(Reminder, table(Reminder).c.minutes_before)
CLAIM_NOTIFICATIONS = _claiming(Notification, table(Notification).c.event)


async def claim(work: Work, *, limit: int) -> list[Claimed]:
    """Take up to `limit` due rows of each kind for one lease; the oldest first. Several processes never share one."""
    lease = {"now": work.now, "limit": limit, "lease_over": work.now + work.policies.delivery_lease}
    due = [_claimed(row, event=row.event) for row in await work.session.execute(CLAIM_NOTIFICATIONS, lease)]
    reminders = await work.session.execute(CLAIM_REMINDERS, lease)
    due += [_claimed(row, minutes_before=row.minutes_before) for row in reminders]
    return sorted(due, key=lambda claimed: (claimed.due_at, claimed.id))


async def letter(work: Work, claimed: Claimed) -> Letter | None:
    """Return what there is to tell now, or None when it is no longer true or nobody can be told."""
    person = await work.session.get_one(Person, claimed.recipient_id)
    if person.telegram_id is None or claimed.booking_id is None:
        return None
    lesson = await bookings.card(work, booking_id=claimed.booking_id, viewer_id=person.id)
    if not _is_still_true(work, claimed, lesson):
        return None
    to = Recipient(person.id, person.telegram_id, person.language, person.timezone)
    return Letter(to, lesson, claimed.event, claimed.minutes_before)


async def settle_sent(work: Work, claimed: Claimed, *, message_id: int) -> None:
    await _settle(work, claimed, status=DeliveryStatus.SENT, sent_at=work.now, message_id=message_id, last_error=None)


async def settle_retry(work: Work, claimed: Claimed, *, at: datetime, error: str, counts: bool = True) -> None:
    """Try again then; a wait that Telegram ordered does not count as an attempt. After the last attempt: failed."""
    if counts and claimed.attempt >= claimed.max_attempts:
        await settle_failed(work, claimed, error=error)
        return
    work.has_news = True
    allowed = claimed.max_attempts if counts else claimed.max_attempts + 1
    await _settle(work, claimed, next_try_at=at, max_retries=allowed, last_error=error[:MAX_ERROR])


async def settle_failed(work: Work, claimed: Claimed, *, error: str) -> None:
    await _settle(work, claimed, status=DeliveryStatus.FAILED, last_error=error[:MAX_ERROR])


async def settle_skipped(work: Work, claimed: Claimed) -> None:
    await _settle(work, claimed, status=DeliveryStatus.CANCELLED, last_error="no longer true when it was due")


async def settle_unreachable(work: Work, claimed: Claimed, *, error: str) -> None:
    """The person can't be told any more: note it, and tell the other side of the lesson, once a lesson."""
    await settle_failed(work, claimed, error=error)
    await people.mark_unreachable(work, claimed.recipient_id)
    if claimed.booking_id is None:
        return
    lesson = await bookings.card(work, booking_id=claimed.booking_id, viewer_id=claimed.recipient_id)
    if lesson.status in STANDING:
        other = lesson.student_id if lesson.viewer_is_tutor else lesson.tutor_id
        once = f"{lesson.id}:{claimed.recipient_id}"
        work.announce(Event.PERSON_UNREACHABLE, to=other, booking_id=lesson.id, once=once)


async def next_due(work: Work) -> datetime | None:
    """Return when the queue has something to do next; rows under a lease count with the lease's end."""
    dues = [
        await work.session.scalar(select(func.min(model.next_try_at)).where(model.status == DeliveryStatus.PENDING))
        for model in (Reminder, Notification)
    ]
    return min((at for at in dues if at is not None), default=None)


def _is_still_true(work: Work, claimed: Claimed, lesson: LessonCard) -> bool:
    match claimed.event:
        case None:
            assert claimed.minutes_before is not None, "a reminder has a distance"
            late = reminder_plan.is_too_late(now=work.now, due_at=claimed.due_at, minutes_before=claimed.minutes_before)
            return lesson.status == BookingStatus.CONFIRMED and lesson.starts_at > work.now and not late
        case Event.BOOKING_CREATED:
            return lesson.status in STANDING
        case Event.BOOKING_CONFIRMED:
            return lesson.status == BookingStatus.CONFIRMED
        case _:
            return True


async def _settle(work: Work, claimed: Claimed, **values: Any) -> None:
    row = table(claimed.model)
    await work.session.execute(
        update(row)
        .where(
            row.c.id == claimed.id,
            row.c.status == DeliveryStatus.PENDING,
            row.c.retry_count == claimed.attempt,
        )
        .values(**values)
    )


def _claimed(row: AnyRow, *, event: Event | None = None, minutes_before: int | None = None) -> Claimed:
    return Claimed(
        id=row.id,
        attempt=row.retry_count,
        max_attempts=row.max_retries,
        recipient_id=row.recipient_id,
        booking_id=row.booking_id,
        due_at=row.scheduled_for,
        event=event,
        minutes_before=minutes_before,
    )
