"""A notice: an announced event that one person gets by one channel."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, choice
from db.enums import ChannelKind, Event
from db.models.delivered import Delivered, failed_index, pending_index


class Notification(Delivered, Base):
    """`dedupe_key` is unique: announcing the same thing twice queues it once."""

    __tablename__ = "notification"
    __table_args__ = (
        pending_index("notification"),
        failed_index("notification"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    event: Mapped[Event] = mapped_column(choice(Event, "event"))
    channel: Mapped[ChannelKind] = mapped_column(choice(ChannelKind, "channel"), default=ChannelKind.PUSH)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
