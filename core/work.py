"""One unit of work: one transaction, one instant, and the notices it announces."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.settings import Policies
from db.base import Base, table
from db.enums import ChannelKind, DeliveryStatus, Event


@dataclass(slots=True)
class Work:
    """
    `now` is read once, so that everything in one transaction happens at one instant. Core functions take a Work first
    and never commit; core.startup does. `channels` are the open ones; `announcements` become rows of the queue at the
    end, see core.people.channels.
    """

    session: AsyncSession
    now: datetime
    policies: Policies
    channels: frozenset[ChannelKind]
    announcements: list[dict[str, Any]] = field(default_factory=list)
    has_news: bool = False

    def announce(
        self,
        event: Event,
        *,
        to: int,
        booking_id: int | None = None,
        once: str,
        at: datetime | None = None,
        **details: Any,
    ) -> None:
        """
        Queue a notice for person `to`, due after the commit or `at` a later instant. The same `once` is queued once.
        """
        due_at = at or self.now
        self.has_news = True
        self.announcements.append(
            {
                "recipient_id": to,
                "booking_id": booking_id,
                "event": event,
                "details": details,
                "dedupe_key": f"{event}:{to}:{once}",
                "status": DeliveryStatus.PENDING,
                "scheduled_for": due_at,
                "next_try_at": due_at,
                "retry_count": 0,
                "max_retries": self.policies.delivery_attempts,
            }
        )


async def insert_new(work: Work, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows; rows that exist already do not change."""
    statement = _insert_new(model, work.session.get_bind().dialect.name)
    await work.session.execute(statement, rows[0] if len(rows) == 1 else list(rows))


@cache
def _insert_new(model: type[Base], dialect: str) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table(model)).on_conflict_do_nothing()
    return sqlite.insert(table(model)).on_conflict_do_nothing()
