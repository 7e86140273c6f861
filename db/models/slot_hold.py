"""A hold: a time that a student is about to ask for, kept free for them while they decide."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Minutes, UtcDateTime


class SlotHold(Base):
    """One for each student: looking at another time replaces it. It ends at `held_until`."""

    __tablename__ = "slot_hold"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_slot_hold_tutor_id_starts_at", "tutor_id", "starts_at"),
    )

    student_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    buffer_before: Mapped[timedelta] = mapped_column(Minutes)
    buffer_after: Mapped[timedelta] = mapped_column(Minutes)
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime] = mapped_column(UtcDateTime)
