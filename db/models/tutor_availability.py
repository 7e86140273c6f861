"""A weekly window in which a tutor teaches."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id


class TutorAvailability(Base):
    """
    Wall-clock times in `TutorSettings.timezone`. `day_of_week` 0 is Monday. `end_time` at or before `start_time`
    means the next day, so 00:00 as an end is midnight. The validity dates are inclusive.
    """

    __tablename__ = "tutor_availability"
    __table_args__ = (
        CheckConstraint("day_of_week BETWEEN 0 AND 6", name="day_of_week"),
        CheckConstraint("valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from", name="validity"),
        Index("ix_tutor_availability_tutor_id_day_of_week", "tutor_id", "day_of_week"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    day_of_week: Mapped[int]
    start_time: Mapped[time]
    end_time: Mapped[time]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
