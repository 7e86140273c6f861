"""Slots, which can't be computed from the weekly hours: booked, blocked, extra, past."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, Minutes, UtcDateTime, choice
from db.enums import SlotStatus


class TimeSlot(Base):
    """
    `date`, `start_time`, `end_time` are the tutor's wall clock when the slot was made; the instants decide. A booked
    slot keeps the buffers it was made under. A cancelled lesson's slot is deleted: the time is free again.
    """

    __tablename__ = "time_slot"
    __table_args__ = (
        CheckConstraint("end_datetime > start_datetime", name="ends_after_start"),
        Index("ix_time_slot_tutor_id_start_datetime", "tutor_id", "start_datetime"),
        Index(
            "uq_time_slot_live_start",
            "tutor_id",
            "start_datetime",
            unique=True,
            postgresql_where=text("status = 'booked'"),
            sqlite_where=text("status = 'booked'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    date: Mapped[dt.date]
    start_time: Mapped[dt.time]
    end_time: Mapped[dt.time]
    start_datetime: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    end_datetime: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    status: Mapped[SlotStatus] = mapped_column(choice(SlotStatus, "status"))
    buffer_before: Mapped[dt.timedelta] = mapped_column(Minutes)
    buffer_after: Mapped[dt.timedelta] = mapped_column(Minutes)
    is_recurring: Mapped[bool] = mapped_column(default=False)
    availability_id: Mapped[int | None] = mapped_column(ForeignKey("tutor_availability.id", ondelete="SET NULL"))
