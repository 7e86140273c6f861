"""
Record the outcome of a row that was claimed from the queue.

Only the latest claim may settle a row (`attempt`), and only while it is pending.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from core.delivery.queue import PENDING, STANDING, WHO_LEFT, Claimed
from core.lessons import lesson_messages, lessons
from core.lessons.lesson_messages import LessonVersion
from core.lessons.lessons import LessonCard
from core.people import addresses, people
from core.people.channels import CHANNELS
from core.work import Work
from db.base import table
from db.enums import DeliveryStatus, Event
from db.models.notification import Notification
from db.models.reminder import Reminder

MAX_ERROR = 300
CALLING_OFF = frozenset({Event.BOOKING_CANCELLED, Event.MOVE_DECLINED})
SETTLE: Mapping[Any, Any] = {
    model: update(table(model)).where(
        table(model).c.id == bindparam("row_id"),
        table(model).c.status == PENDING,
        table(model).c.retry_count == bindparam("attempt"),
    )
    for model in (Reminder, Notification)
}


async def as_sent(work: Work, claimed: Claimed, *, message_id: int | None) -> None:
    """
    Record the message as sent. One statement and no other lock, to be fast: if the process dies before this commit, the
    message can be sent twice.
    """
    await _settle(work, claimed, status=DeliveryStatus.SENT, sent_at=work.now, message_id=message_id, last_error=None)


async def as_corrected(
    work: Work, claimed: Claimed, *, shown: LessonVersion, corrected: Sequence[int], gone: Sequence[int]
) -> None:
    assert claimed.booking_id is not None, "a lesson was changed"
    person_id, before = claimed.recipient_id, claimed.booking_id
    # first, since it locks the tutor's row: `remember` also locks that row before a message
    await lesson_messages.bring_up_to_date(work, person_id=person_id, message_ids=corrected, before=before, shown=shown)
    for message_id in gone:
        await lesson_messages.forget(work, person_id=person_id, message_id=message_id)
    await _settle(work, claimed, status=DeliveryStatus.SENT, sent_at=work.now, last_error=None)


async def as_retry(work: Work, claimed: Claimed, *, at: datetime, error: str, counts: bool = True) -> None:
    """Retry the message `at` that time, or fail it if no attempts are left. Without `counts` no attempt is used up."""
    if counts and claimed.is_last:
        await as_failed(work, claimed, error=error)
        return
    work.has_news = True
    allowed = claimed.max_attempts if counts else claimed.max_attempts + 1
    await _settle(work, claimed, next_try_at=at, max_retries=allowed, last_error=error[:MAX_ERROR])


async def as_failed(work: Work, claimed: Claimed, *, error: str) -> None:
    await _settle(work, claimed, status=DeliveryStatus.FAILED, last_error=error[:MAX_ERROR])


async def as_skipped(work: Work, claimed: Claimed) -> None:
    await _settle(work, claimed, status=DeliveryStatus.CANCELLED, last_error="no longer true when it was due")


async def as_unreachable(work: Work, claimed: Claimed, *, error: str) -> None:
    """
    Record that nobody can be reached by this channel.

    - a channel with an address of its own: forget the address and tell the person
    - the chat: note that the person is unreachable, and tell the other side of the lesson, once for each lesson
    """
    # lock the person's row before the message's, as leaving does
    if CHANNELS[claimed.channel].address_lost:
        await addresses.give_up(work, person_id=claimed.recipient_id, channel=claimed.channel)
        await as_failed(work, claimed, error=error)
        return
    await people.mark_unreachable(work, claimed.recipient_id)
    await as_failed(work, claimed, error=error)
    if claimed.booking_id is None:
        return
    lesson = await lessons.card(work, booking_id=claimed.booking_id, viewer_id=claimed.recipient_id)
    if lesson.status in STANDING or _calls_off(work, claimed, lesson):
        other = lesson.student_id if lesson.viewer_is_tutor else lesson.tutor_id
        once = f"{lesson.id}:{claimed.recipient_id}"
        work.announce(Event.PERSON_UNREACHABLE, to=other, booking_id=lesson.id, once=once)


def _calls_off(work: Work, claimed: Claimed, lesson: LessonCard) -> bool:
    """
    Whether the message reported that a lesson ahead is cancelled: the person does not know it and would wait in vain.
    Not if the other side has left, since nobody could be told then.
    """
    is_off = claimed.event in CALLING_OFF and not lesson.move.is_request
    return is_off and lesson.starts_at > work.now and WHO_LEFT not in claimed.details


async def _settle(work: Work, claimed: Claimed, **values: Any) -> None:
    """Store the outcome; this also deletes the stored name of a person who left."""
    if WHO_LEFT in claimed.details and "status" in values:
        values["details"] = {}
    which = {"row_id": claimed.id, "attempt": claimed.attempt}
    await work.session.execute(SETTLE[claimed.model], which | values)
