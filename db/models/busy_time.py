"""A time at which a calendar kept elsewhere says that its owner is busy."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, UtcDateTime


class BusyTime(Base):
    __tablename__ = "busy_time"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_busy_time_tutor_id_ends_at", "tutor_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("external_calendar.id", ondelete="CASCADE"), index=True)
    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str | None] = mapped_column(String(200))
