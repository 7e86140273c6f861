"""One unit of work: one transaction, one instant, and what others will hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.settings import Policies
from db.base import Base, table
from db.enums import DeliveryStatus, Event, ReminderType
from db.models import Notification, Person

MAILED = frozenset(
    {
        Event.BOOKING_CREATED,
        Event.BOOKING_CONFIRMED,
        Event.BOOKING_DECLINED,
        Event.BOOKING_CANCELLED,
        Event.BOOKING_RESCHEDULED,
        Event.BOOKING_EXPIRED,
        Event.MOVE_ASKED,
        Event.MOVE_DECLINED,
    }
)
ONLY_CHAT = frozenset({ReminderType.PUSH})


@dataclass(slots=True)
class Work:
    """
    `now` is read once, so that everything in one transaction happens at one instant. Core functions take a Work first
    and never commit; whoever opened it does (see core.startup). `channels` are those that are open in this house.
    """

    session: AsyncSession
    now: datetime
    policies: Policies
    channels: frozenset[ReminderType] = ONLY_CHAT
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
        """Tell person `to` of this after the commit, or `at` an instant ahead. The same `once` is told once."""
        due_at = at or self.now
        self.has_news = True
        self.announcements.append(
            {
                "recipient_id": to,
                "booking_id": booking_id,
                "event": event,
                "channel": ReminderType.PUSH,
                "details": details,
                "dedupe_key": f"{event}:{to}:{once}",
                "status": DeliveryStatus.PENDING,
                "scheduled_for": due_at,
                "next_try_at": due_at,
                "retry_count": 0,
                "max_retries": self.policies.delivery_attempts,
            }
        )

    async def write_announcements(self) -> None:
        if self.announcements:
            await insert_new(self, Notification, [*self.announcements, *await self._by_email()])

    async def _by_email(self) -> list[dict[str, Any]]:
        """What is announced to people with an address is mailed, too."""
        mailed = [each for each in self.announcements if each["event"] in MAILED]
        if not mailed or ReminderType.EMAIL not in self.channels:
            return []
        ids = {each["recipient_id"] for each in mailed}
        with_address = select(Person.id).where(Person.id.in_(ids), Person.email.is_not(None))
        people = set(await self.session.scalars(with_address))
        by_email = {"channel": ReminderType.EMAIL}
        return [
            each | by_email | {"dedupe_key": f"{ReminderType.EMAIL}:{each['dedupe_key']}"}
            for each in mailed
            if each["recipient_id"] in people
        ]


async def insert_new(work: Work, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows, leaving those that are there already."""
    statement = _insert_new(model, work.session.get_bind().dialect.name)
    await work.session.execute(statement, rows[0] if len(rows) == 1 else list(rows))


@cache
def _insert_new(model: type[Base], dialect: str) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table(model)).on_conflict_do_nothing()
    return sqlite.insert(table(model)).on_conflict_do_nothing()
