"""The columns that reminders and notifications share: from due to sent."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import UtcDateTime, choice
from db.enums import DeliveryStatus

IS_PENDING = text("status = 'pending'")
HAS_FAILED = text("status = 'failed'")


class Delivered:
    """
    `next_try_at` orders the queue and is also the lease: a claim moves it into the future, and if that process
    dies, the row comes due again. `retry_count` grows with every claim, so that a late settlement has no effect.
    """

    status: Mapped[DeliveryStatus] = mapped_column(choice(DeliveryStatus, "status"))
    scheduled_for: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retry_count: Mapped[int] = mapped_column(default=0)
    max_retries: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(300))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(BigInteger)


def pending_index(table: str) -> Index:
    """A partial index, so that a claim costs the same however many rows were sent before."""
    return Index(f"ix_{table}_pending", "next_try_at", postgresql_where=IS_PENDING, sqlite_where=IS_PENDING)


def failed_index(table: str) -> Index:
    """A partial index: an operator looks for the few failed rows among many sent ones."""
    return Index(f"ix_{table}_failed", "scheduled_for", postgresql_where=HAS_FAILED, sqlite_where=HAS_FAILED)
