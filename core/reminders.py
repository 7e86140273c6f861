"""The reminders of a lesson: rows made with it and called off with it."""

from datetime import datetime

from sqlalchemy import insert, update

from core import reminder_plan
from core.work import Work
from db.base import table
from db.enums import DeliveryStatus, ReminderType
from db.models import Reminder

INSERT_REMINDERS = insert(table(Reminder))


async def schedule(work: Work, *, booking_id: int, starts_at: datetime, recipient_ids: tuple[int, ...]) -> None:
    """Remind these people of a lesson that has been agreed. Distances already past are left out."""
    due = reminder_plan.due(starts_at, work.policies.reminders_before, now=work.now)
    rows = [
        {
            "booking_id": booking_id,
            "recipient_id": recipient_id,
            "reminder_type": ReminderType.PUSH,
            "minutes_before": minutes,
            "status": DeliveryStatus.PENDING,
            "scheduled_for": at,
            "next_try_at": at,
            "retry_count": 0,
            "max_retries": work.policies.delivery_attempts,
        }
        for recipient_id in recipient_ids
        for minutes, at in due
    ]
    if rows:
        work.has_news = True
        await work.session.execute(INSERT_REMINDERS, rows)


async def call_off(work: Work, booking_id: int) -> None:
    """Remind nobody of this lesson any more."""
    await work.session.execute(
        update(Reminder)
        .where(Reminder.booking_id == booking_id, Reminder.status == DeliveryStatus.PENDING)
        .values(status=DeliveryStatus.CANCELLED)
        .execution_options(synchronize_session=False)
    )
