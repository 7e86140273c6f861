"""A reminder of one lesson to one person at one distance."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, choice
from db.enums import ChannelKind
from db.models.delivered import Delivered, failed_index, pending_index


class Reminder(Delivered, Base):
    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("booking_id", "recipient_id", "minutes_before", "reminder_type", name="uq_reminder_once"),
        pending_index("reminder"),
        failed_index("reminder"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reminder_type: Mapped[ChannelKind] = mapped_column(choice(ChannelKind, "reminder_type"))
    minutes_before: Mapped[int]
