"""Dates on which the weekly hours do not apply."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, choice
from db.enums import ExceptionType


class DateException(Base):
    """
    Holds on the tutor's local dates `date` to `last_date`, both inclusive. A full day has no times. With `is_working`
    the times are hours taught instead of the weekly ones; without it they are closed.
    """

    __tablename__ = "date_exception"
    __table_args__ = (
        CheckConstraint("last_date >= date", name="range"),
        CheckConstraint("is_full_day = (start_time IS NULL) AND is_full_day = (end_time IS NULL)", name="times"),
        CheckConstraint("NOT (is_full_day AND is_working)", name="working_needs_times"),
        Index("ix_date_exception_tutor_id_last_date", "tutor_id", "last_date"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    exception_type: Mapped[ExceptionType] = mapped_column(choice(ExceptionType, "exception_type"))
    date: Mapped[dt.date]
    last_date: Mapped[dt.date]
    is_full_day: Mapped[bool]
    is_working: Mapped[bool] = mapped_column(default=False)
    start_time: Mapped[dt.time | None]
    end_time: Mapped[dt.time | None]
    reason: Mapped[str | None] = mapped_column(String(200))
