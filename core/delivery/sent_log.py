"""
Messages sent just before a process was killed: noted in a file, recorded in the database by the next process.

Without the file, a kill between sending and recording would make the bot send a message twice, and never update it.
"""

from datetime import datetime

from sqlalchemy import select

from core.delivery import queue, settling
from core.delivery.queue import Claimed
from core.lessons import lesson_messages
from core.lessons.lesson_messages import LessonVersion
from core.work import Work
from db.base import AnyRow, table
from db.models.notification import Notification
from db.models.reminder import Reminder
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
    """Record the message as sent, unless it was claimed again or settled since."""
    row = await _row(work, left)
    if row is None or row.retry_count != left.attempt:
        return
    is_notice = left.table == Notification.__tablename__
    of_notice = {"event": row.event, "details": row.details} if is_notice else {}
    await settling.as_sent(work, queue.claimed(row, **of_notice), message_id=left.message_id)


async def remember(work: Work, left: Entry) -> None:
    """Track the message as showing its lesson, unless it was sent again since."""
    row = await _row(work, left)
    if row is not None and left.shows and left.message_id == row.message_id is not None:
        shown = LessonVersion(*left.shows)
        await lesson_messages.remember(work, person_id=row.recipient_id, message_id=row.message_id, shown=shown)


async def _row(work: Work, left: Entry) -> AnyRow | None:
    """Return the row of the entry; None if it is gone, or if another version wrote a table that is unknown here."""
    if left.table not in MODELS:
        return None
    row = table(MODELS[left.table])
    due_at = datetime.fromisoformat(left.due_at)
    found = await work.session.execute(select(row).where(row.c.id == left.row_id, row.c.scheduled_for == due_at))
    return found.one_or_none()
