"""
What went out shortly before its process died: noted in a file at once, settled in the database by the next process.

A kill between the two would otherwise tell the same thing twice, and have a message not change with its lesson.
"""

from datetime import datetime

from sqlalchemy import select

from core.delivery import queue, settling
from core.delivery.queue import Claimed
from core.lessons import lesson_messages
from core.lessons.lesson_messages import LessonVersion
from core.work import Work
from db.base import AnyRow, table
from db.models import Notification, Reminder
from db.sent_log import Entry

MODELS = {model.__tablename__: model for model in (Reminder, Notification)}


def entry(claimed: Claimed, *, message_id: int | None, shown: LessonVersion | None) -> Entry:
    return Entry(
        table=claimed.model.__tablename__,
        row_id=claimed.id,
        attempt=claimed.attempt,
        due_at=claimed.due_at.isoformat(),
        message_id=message_id,
        shows=(shown.booking_id, shown.change_id) if shown else None,
    )


async def settle(work: Work, left: Entry) -> None:
    """Settle what went out, unless somebody has claimed or settled it since."""
    row = await _row(work, left)
    if row is None or row.retry_count != left.attempt:
        return
    is_notice = left.table == Notification.__tablename__
    of_notice = {"event": row.event, "details": row.details} if is_notice else {}
    await settling.as_sent(work, queue.claimed(row, **of_notice), message_id=left.message_id)


async def remember(work: Work, left: Entry) -> None:
    """From now on the message changes with the lesson it shows; not one that has gone out once more."""
    row = await _row(work, left)
    if row is not None and left.shows and left.message_id == row.message_id is not None:
        shown = LessonVersion(*left.shows)
        await lesson_messages.remember(work, person_id=row.recipient_id, message_id=row.message_id, shown=shown)


async def _row(work: Work, left: Entry) -> AnyRow | None:
    """Return None as well where the note is another version's, of a table that is unknown here."""
    if left.table not in MODELS:
        return None
    row = table(MODELS[left.table])
    due_at = datetime.fromisoformat(left.due_at)
    found = await work.session.execute(select(row).where(row.c.id == left.row_id, row.c.scheduled_for == due_at))
    return found.one_or_none()
