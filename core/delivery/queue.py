"""
The queue of reminders and notices.

    claim -> commit -> message (loaded again: is it still true?) -> send -> settle

A claim moves `next_try_at` one lease ahead: if the process dies in between, the row comes due again. The outcome is
written by `core.delivery.settling`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnClause, String, bindparam, func, literal_column, select, type_coerce, update
from sqlalchemy.sql.dml import ReturningUpdate

from core.calendars import feeds
from core.calendars.feeds import Clash, FeedCard
from core.delivery import alarms
from core.delivery.alarms import Alarm
from core.errors import NotFound
from core.lessons import lesson_messages, lessons, packages
from core.lessons.lesson_messages import LessonVersion
from core.lessons.lessons import LessonCard
from core.lessons.packages import PackageCard
from core.people import applications, channels, reminders
from core.people.addresses import AddressGone
from core.people.applications import ApplicationCard
from core.people.channels import CHANNELS, CHAT, LOST
from core.pure import reminder_plan
from core.work import Work
from db.base import AnyRow, Base, UtcDateTime, table
from db.enums import BookingStatus, ChannelKind, DeliveryStatus, Event, Language
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder

CLOSED_FOR = timedelta(hours=1)  # if another process has the channel open, nothing waits there for so long
WHO_LEFT = "who_left"
About: TypeAlias = ApplicationCard | PackageCard | Alarm | AddressGone | FeedCard
STANDING = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})
# A literal, not a parameter: else the planner can't see that it can use the index of pending rows
PENDING: ColumnClause[Any] = literal_column(f"'{DeliveryStatus.PENDING}'")
CHANNEL: Mapping[Any, Any] = {Reminder: Reminder.reminder_type, Notification: Notification.channel}
ANSWER = {Event.TUTOR_ASKED: None, Event.TUTOR_APPROVED: True, Event.TUTOR_REFUSED: False}


@dataclass(frozen=True, slots=True)
class Claimed:
    """
    A row that this process delivers within the lease. `event` is empty for a reminder. `attempt` is the number of this
    claim; `counted` is how many attempts so far, with this one, count against the row.
    """

    id: int
    attempt: int
    max_attempts: int
    recipient_id: int
    booking_id: int | None
    due_at: datetime
    channel: ChannelKind = CHAT
    event: Event | None = None
    minutes_before: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    counted: int = 1

    @property
    def kind(self) -> str:
        return self.event or f"reminder.{self.minutes_before}"

    @property
    def is_last(self) -> bool:
        return self.attempt >= self.max_attempts

    @property
    def model(self) -> type[Base]:
        return Reminder if self.event is None else Notification


@dataclass(frozen=True, slots=True)
class Recipient:
    """`address` is the person's address in the message's channel. `is_quiet`: it is now in the person's quiet hours."""

    id: int
    address: Any
    language: Language
    timezone: str | None
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class LessonNotice:
    """
    A reminder or a notice of a lesson, loaded at the moment of sending. A reminder has `minutes_before`, a notice an
    `event`. `who_left` is the name of the other side if they deleted their account; it is stored nowhere else. `asks`:
    the student is asked whether they will be there. `clash` is what a tutor's other calendar says about that time.
    """

    to: Recipient
    lesson: LessonCard
    event: Event | None
    minutes_before: int | None
    who_left: str | None = None
    asks: bool = False
    clash: Clash | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that is not about a lesson, also loaded at the moment of sending. `who_left` as in LessonNotice."""

    to: Recipient
    event: Event
    about: About
    who_left: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """
    Messages that show an outdated lesson, and the lesson now. `newest` is the chat's newest message that shows the
    lesson; None if a notice about the lesson is due, which will be newer.
    """

    to: Recipient
    lesson: LessonCard
    shown: LessonVersion
    message_ids: tuple[int, ...]
    newest: int | None


QueueMessage: TypeAlias = LessonNotice | Notice | Correction


def _claiming(model: type[Reminder] | type[Notification], *columns: Any) -> ReturningUpdate[*tuple[Any, ...]]:
    is_of_channel = CHANNEL[model] == bindparam("by")
    due = (
        select(model.id)
        .where(model.status == PENDING, model.next_try_at <= bindparam("now"), is_of_channel)
        .order_by(model.next_try_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("due")  # as a plain subquery PostgreSQL may run it once a row, and skip what it has locked itself
    )
    c = table(model).c
    return (
        update(table(model))
        .where(c.id.in_(select(due.c.id)), c.status == PENDING)
        .values(next_try_at=bindparam("lease_over", type_=UtcDateTime), retry_count=c.retry_count + 1)
        .returning(c.id, c.retry_count, c.max_retries, c.recipient_id, c.booking_id, c.scheduled_for, *columns)
    )


CLAIM_REMINDERS = _claiming(Reminder, table(Reminder).c.minutes_before)
CLAIM_NOTIFICATIONS = _claiming(
    Notification, type_coerce(table(Notification).c.event, String).label("event"), table(Notification).c.details
)
KNOWN_EVENTS = frozenset(Event)


async def claim(work: Work, *, limit: int, channel: ChannelKind = CHAT, is_total: bool = False) -> list[Claimed]:
    """
    Claim due rows of one channel for one lease, the oldest first.

    - up to `limit` reminders and as many notices; with `is_total` up to `limit` of both together
    - two processes never claim the same row
    - a row with an event that this version does not know is left for the newer version that wrote it
    """
    lease_over = work.now + work.policies.delivery_lease
    lease = {"now": work.now, "limit": limit, "lease_over": lease_over, "by": channel}
    notices = await work.session.execute(CLAIM_NOTIFICATIONS, lease)
    most = work.policies.delivery_attempts
    due = [
        claimed(row, channel, event=Event(row.event), details=row.details, most=most)
        for row in notices
        if row.event in KNOWN_EVENTS
    ]
    left = limit - len(due) if is_total else limit
    distances = await work.session.execute(CLAIM_REMINDERS, lease | {"limit": left})
    due += [claimed(row, channel, minutes_before=row.minutes_before, most=most) for row in distances]
    return sorted(due, key=lambda claimed: (claimed.due_at, claimed.id))


async def message(work: Work, claimed: Claimed) -> QueueMessage | None:
    """
    Return the message as it is true now; None if it is no longer true or the person has no address by this channel.
    """
    person = await work.session.get(Person, claimed.recipient_id)
    if person is None or person.telegram_id is None:
        return None
    address = channels.address(person, claimed.channel)
    if address is None:
        return None
    to = _recipient(work, person, address)
    if claimed.event is not None and claimed.event in LOST:
        return _address_gone(claimed.event, to, person)
    if claimed.booking_id is None:
        return await _notice(work, claimed, to)
    if claimed.event is Event.BOOKING_CHANGED:
        return await _correction(work, claimed.booking_id, to)
    lesson = await lessons.card(work, booking_id=claimed.booking_id, viewer_id=person.id)
    if not _is_still_true(work, claimed, lesson) or not await _is_news(work, claimed):
        return None
    clash = None
    if claimed.event is Event.FEED_CONFLICT:
        clash = await feeds.clash(work, tutor_id=person.id, booking_id=lesson.id)
        if clash is None:
            return None
    who_left, asks = claimed.details.get(WHO_LEFT), await _asks(work, claimed, lesson)
    return LessonNotice(to, lesson, claimed.event, claimed.minutes_before, who_left, asks, clash)


def _recipient(work: Work, person: Person, address: Any) -> Recipient:
    quiet = reminders.quiet_hours(person)
    is_quiet = quiet is not None and quiet.began_at(work.now) is not None
    return Recipient(person.id, address, person.language, person.timezone, is_quiet)


async def _asks(work: Work, claimed: Claimed, lesson: LessonCard) -> bool:
    """Whether the reminder asks the student "Will you be there?": only the first one does, and only hours before."""
    if claimed.minutes_before is None or lesson.viewer_is_tutor or lesson.answers.is_attending:
        return False
    if not CHANNELS[claimed.channel].takes_answers:
        return False
    earlier = select(Reminder.id).where(
        Reminder.booking_id == lesson.id,
        Reminder.recipient_id == claimed.recipient_id,
        Reminder.reminder_type == CHAT,
        Reminder.minutes_before > claimed.minutes_before,
        Reminder.status != DeliveryStatus.CANCELLED,
    )
    is_early = claimed.minutes_before * reminder_plan.MINUTE >= reminder_plan.ASKS_FROM
    return is_early and await work.session.scalar(earlier.limit(1)) is None


def _address_gone(event: Event, to: Recipient, person: Person) -> Notice | None:
    """Return the notice that an address was forgotten; None if the person has given another one since."""
    channel = LOST[event]
    return Notice(to, event, AddressGone(channel)) if channels.address(person, channel) is None else None


async def _notice(work: Work, claimed: Claimed, to: Recipient) -> Notice | None:
    try:
        match claimed.event:
            case Event.TUTOR_ASKED | Event.TUTOR_APPROVED | Event.TUTOR_REFUSED:
                about = await applications.card(work, claimed.details["person_id"])
                return Notice(to, claimed.event, about) if about.is_approved is ANSWER[claimed.event] else None
            case Event.PACKAGE_GRANTED:
                granted = await packages.card(work, package_id=claimed.details["package_id"], viewer_id=to.id)
                who_left = claimed.details.get(WHO_LEFT)
                is_stale = granted.taken_back and not (who_left or claimed.details.get("is_taken_back"))
                return None if is_stale else Notice(to, claimed.event, granted, who_left)
            case Event.OPERATOR_ALARM:
                alarm = await alarms.told(work, operator_id=to.id, details=claimed.details, at=claimed.due_at)
                return Notice(to, claimed.event, alarm) if alarm else None
            case Event.FEED_FAILED:
                feed = await feeds.card(work, tutor_id=to.id, feed_id=claimed.details["feed_id"])
                return Notice(to, claimed.event, feed) if feed.fault else None
            case _:
                return None
    except NotFound:
        return None


async def _correction(work: Work, booking_id: int, to: Recipient) -> Correction | None:
    shown = await lesson_messages.standing(work, booking_id)
    message_ids = await lesson_messages.out_of_date(work, person_id=to.id, booking_id=booking_id, shown=shown)
    if not message_ids:
        return None
    lesson = await lessons.card(work, booking_id=shown.booking_id, viewer_id=to.id)
    of_lesson = (booking_id, shown.booking_id)
    newest = await lesson_messages.newest(work, person_id=to.id, booking_ids=of_lesson)
    is_told = await _is_told_anew(work, to.id, of_lesson)
    return Correction(to, lesson, shown, message_ids, None if is_told else newest)


async def _is_told_anew(work: Work, person_id: int, booking_ids: Sequence[int]) -> bool:
    """Whether a notice about this lesson is due now; it will be the newest message that shows the lesson."""
    notice = select(Notification.id).where(
        Notification.recipient_id == person_id,
        Notification.booking_id.in_(booking_ids),
        Notification.channel == CHAT,
        Notification.status == DeliveryStatus.PENDING,
        Notification.scheduled_for <= work.now,
        Notification.event.not_in([Event.BOOKING_CHANGED, Event.PERSON_UNREACHABLE]),
    )
    return await work.session.scalar(notice.limit(1)) is not None


async def next_due(work: Work, *, channel: ChannelKind = CHAT) -> datetime | None:
    """Return when a channel's queue has something to do next; for a claimed row, that is the end of its lease."""
    dues = [
        await work.session.scalar(
            select(func.min(model.next_try_at)).where(model.status == PENDING, CHANNEL[model] == channel)
        )
        for model in (Reminder, Notification)
    ]
    return min((at for at in dues if at is not None), default=None)


async def call_off_closed(work: Work) -> int:
    """
    Cancel messages that have been due for `CLOSED_FOR` on a channel that is switched off; return how many.

    Messages due later wait, in case the channel is switched on again.
    """
    off = 0
    for model, of_channel in (
        (Reminder, table(Reminder).c.reminder_type),
        (Notification, table(Notification).c.channel),
    ):
        row = table(model)
        gone: dict[str, Any] = {"status": DeliveryStatus.CANCELLED, "last_error": "no such channel"}
        if model is Notification:
            gone["details"] = {}
        closed: Any = await work.session.execute(
            update(row)
            .where(
                row.c.status == PENDING,
                row.c.next_try_at <= work.now - CLOSED_FOR,
                of_channel.not_in(work.channels),
            )
            .values(gone)
        )
        off += closed.rowcount
    return off


async def count_due(work: Work, *, channel: ChannelKind = CHAT) -> int:
    """Count the messages due now by a channel."""
    counts = [
        await work.session.scalar(
            select(func.count()).where(
                model.status == PENDING, model.next_try_at <= work.now, CHANNEL[model] == channel
            )
        )
        for model in (Reminder, Notification)
    ]
    return sum(count or 0 for count in counts)


def _is_still_true(work: Work, claimed: Claimed, lesson: LessonCard) -> bool:
    match claimed.event:
        case None:
            assert claimed.minutes_before is not None, "a reminder has a distance"
            # quiet hours may have moved the reminder to an earlier time; it is useful until its usual time
            due_at = max(claimed.due_at, lesson.starts_at - claimed.minutes_before * reminder_plan.MINUTE)
            late = reminder_plan.is_too_late(now=work.now, due_at=due_at, minutes_before=claimed.minutes_before)
            return lesson.status == BookingStatus.CONFIRMED and lesson.starts_at > work.now and not late
        case Event.BOOKING_CREATED if lesson.viewer_is_tutor and not CHANNELS[claimed.channel].takes_answers:
            return False  # a request asks for an answer
        case Event.BOOKING_CREATED:
            return lesson.status in STANDING
        case Event.BOOKING_CONFIRMED:
            return lesson.status == BookingStatus.CONFIRMED
        case Event.BOOKING_RESCHEDULED:
            return lesson.status in STANDING
        case Event.MOVE_ASKED | Event.BOOKING_NUDGE:
            return lesson.status == BookingStatus.PENDING
        case Event.BOOKING_NO_SHOW:
            return lesson.status == BookingStatus.NO_SHOW
        case Event.CHARGE_WAIVED if _is_undone(claimed):
            return lesson.status != BookingStatus.NO_SHOW
        case Event.CHARGE_WAIVED:
            return lesson.terms.is_waived
        case Event.MOVE_WANTED | Event.FEED_CONFLICT:
            return lesson.status in STANDING and lesson.starts_at > work.now
        case _:
            return True


async def _is_news(work: Work, claimed: Claimed) -> bool:
    """Whether to send a notice that undoes an outcome: only if the person was told of the outcome."""
    if not _is_undone(claimed):
        return True
    marked = select(Notification.status).where(
        Notification.booking_id == claimed.booking_id,
        Notification.event == Event.BOOKING_NO_SHOW,
        Notification.id < claimed.id,
    )
    latest = await work.session.scalar(marked.order_by(Notification.id.desc()).limit(1))
    return latest == DeliveryStatus.SENT


def _is_undone(claimed: Claimed) -> bool:
    return claimed.event is Event.CHARGE_WAIVED and "is_undone" in claimed.details


def claimed(
    row: AnyRow,
    channel: ChannelKind = CHAT,
    *,
    event: Event | None = None,
    minutes_before: int | None = None,
    details: Mapping[str, Any] | None = None,
    most: int = 1,
) -> Claimed:
    """
    Return the claimed row. `most` is how many counted attempts it may have; each attempt that did not count has raised
    `max_retries` of the row by one.
    """
    return Claimed(
        id=row.id,
        attempt=row.retry_count,
        max_attempts=row.max_retries,
        recipient_id=row.recipient_id,
        booking_id=row.booking_id,
        due_at=row.scheduled_for,
        channel=channel,
        event=event,
        minutes_before=minutes_before,
        details=details or {},
        counted=max(1, most - (row.max_retries - row.retry_count)),
    )
