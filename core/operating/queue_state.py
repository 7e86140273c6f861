"""The queue as operators see it: waiting, late and failed messages; failed ones can be retried."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, update

from core.pure import reminder_plan
from core.work import Work
from db.base import Base, table
from db.enums import DeliveryStatus
from db.models.notification import Notification
from db.models.reminder import Reminder

LATELY = timedelta(days=1)
LONGEST_GRACE = max(allowed for _, allowed in reminder_plan.GRACES)
SOON = timedelta(minutes=10)  # every lease and every backoff is shorter
REMINDER_KIND = "reminder"


@dataclass(frozen=True, slots=True)
class Depth:
    """
    `kind` is an event's name or REMINDER_KIND; `waiting` counts all pending messages, `due` those that are due now.
    """

    kind: str
    waiting: int
    due: int


@dataclass(frozen=True, slots=True)
class QueueState:
    """`failures` counts the failed messages of the last day by kind of error, the most frequent first."""

    depths: tuple[Depth, ...]
    oldest_due_at: datetime | None
    failures: tuple[tuple[str, int], ...]

    @property
    def due(self) -> int:
        return sum(depth.due for depth in self.depths)


async def state(work: Work) -> QueueState:
    depths = (*await _depths(work, Reminder, None), *await _depths(work, Notification, table(Notification).c.event))
    oldest = [await work.session.scalar(_oldest_due(work, model)) for model in (Reminder, Notification)]
    failures: Counter[str] = Counter()
    for model in (Reminder, Notification):
        failures.update(await _failures(work, model))
    return QueueState(depths, min((at for at in oldest if at), default=None), tuple(failures.most_common()))


async def retry_failed(work: Work, *, limit: int) -> int:
    """
    Put failed messages that are not too late back into the queue; return how many.

    - reminders within their grace, notices of the last day; sending checks whether they are still true
    """
    reminders = [
        row.id for row in await _failed(work, Reminder, since=work.now - LONGEST_GRACE) if _is_in_time(work, row)
    ]
    revived = await _revive(work, Reminder, reminders[:limit])
    notices = await _failed(work, Notification, since=work.now - LATELY, limit=limit - revived)
    return revived + await _revive(work, Notification, [row.id for row in notices])


async def _depths(work: Work, model: type[Base], kind: Any) -> list[Depth]:
    c = table(model).c
    due = func.sum(case((c.next_try_at <= work.now, 1), else_=0))
    counted = select(func.count(), due).where(c.status == DeliveryStatus.PENDING)
    if kind is not None:
        rows = await work.session.execute(counted.add_columns(kind).group_by(kind).order_by(kind))
        return [Depth(event.value, waiting, int(ready)) for waiting, ready, event in rows]
    waiting, ready = (await work.session.execute(counted)).one()
    return [Depth(REMINDER_KIND, waiting, int(ready))] if waiting else []


def _oldest_due(work: Work, model: type[Base]) -> Any:
    """Return the oldest `scheduled_for` of the due messages; `next_try_at` would be later for a retried message."""
    c = table(model).c
    near = c.status == DeliveryStatus.PENDING, c.next_try_at <= work.now + SOON
    return select(func.min(c.scheduled_for)).where(*near, c.scheduled_for <= work.now)


async def _failures(work: Work, model: type[Base]) -> Counter[str]:
    """Count failures by kind: the part of the error before the first colon."""
    c = table(model).c
    lately = c.status == DeliveryStatus.FAILED, c.scheduled_for >= work.now - LATELY
    counted = await work.session.execute(select(c.last_error, func.count()).where(*lately).group_by(c.last_error))
    kinds: Counter[str] = Counter()
    for error, count in counted:
        kinds[(error or "").partition(":")[0]] += count
    return kinds


async def _failed(work: Work, model: type[Base], *, since: datetime, limit: int | None = None) -> Sequence[Any]:
    c = table(model).c
    failed = select(*c).where(c.status == DeliveryStatus.FAILED, c.scheduled_for >= since).order_by(c.scheduled_for)
    return (await work.session.execute(failed.limit(limit))).all()


def _is_in_time(work: Work, row: Any) -> bool:
    return not reminder_plan.is_too_late(now=work.now, due_at=row.scheduled_for, minutes_before=row.minutes_before)


async def _revive(work: Work, model: type[Base], ids: Sequence[int]) -> int:
    """Put these rows back into the queue. The count of attempts stays: settling compares it with the latest claim."""
    c = table(model).c
    again = {
        "status": DeliveryStatus.PENDING,
        "next_try_at": work.now,
        "max_retries": c.retry_count + work.policies.delivery_attempts,
    }
    revived: Any = await work.session.execute(
        update(table(model)).where(c.id.in_(ids), c.status == DeliveryStatus.FAILED).values(**again)
    )
    work.has_news |= bool(revived.rowcount)
    return int(revived.rowcount)
