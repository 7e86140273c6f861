"""The history of a lesson: each change, the person who made it, and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, UtcDateTime, choice
from db.enums import BookingAction


class BookingHistory(Base):
    """`performed_by` is empty if it happened automatically."""

    __tablename__ = "booking_history"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    action: Mapped[BookingAction] = mapped_column(choice(BookingAction, "action"))
    performed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
