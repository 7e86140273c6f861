"""A booking: a lesson that was requested, agreed, held or cancelled."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, Minutes, Money, UtcDateTime, choice
from db.enums import BookingStatus, CancellationPolicy, LessonType

IS_LIVE = text("status IN ('pending', 'confirmed')")
NOT_CALLED_OFF = "status NOT IN ('cancelled_student', 'cancelled_tutor', 'expired')"


class Booking(Base):
    """
    The times are stored here as well: `slot_id` is empty once the lesson no longer occupies its slot.
    `cancellation_policy` and `free_cancellation` are those in force when it was made. `lineage_id` and `sequence` are
    the calendar's UID and SEQUENCE: a moved lesson is a new row of the same lineage, and `replaces_id` the old one.
    `holds_credit` while one lesson of the package is spent on it.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("tutor_id <> student_id", name="two_people"),
        CheckConstraint("(status IN ('pending', 'confirmed')) <= (slot_id IS NOT NULL)", name="live_holds_slot"),
        Index("ix_booking_student_id_starts_at", "student_id", "starts_at"),
        Index("ix_booking_tutor_id_starts_at", "tutor_id", "starts_at"),
        Index(
            "uq_booking_replaced_once",
            "replaces_id",
            unique=True,
            postgresql_where=text(NOT_CALLED_OFF),
            sqlite_where=text(NOT_CALLED_OFF),
        ),
        Index(
            "ix_booking_expires_at",
            "expires_at",
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
        Index(
            "ix_booking_unsettled",
            "ends_at",
            postgresql_where=text("status = 'confirmed'"),
            sqlite_where=text("status = 'confirmed'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("time_slot.id"), unique=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    subject: Mapped[str | None] = mapped_column(String(80))
    lesson_type: Mapped[LessonType] = mapped_column(choice(LessonType, "lesson_type"))
    status: Mapped[BookingStatus] = mapped_column(choice(BookingStatus, "status"))
    student_notes: Mapped[str | None] = mapped_column(String(1000))
    tutor_notes: Mapped[str | None] = mapped_column(String(1000))
    cancel_reason: Mapped[str | None] = mapped_column(String(500))
    price: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3))
    classroom_id: Mapped[str | None] = mapped_column(String(64))
    cancellation_policy: Mapped[CancellationPolicy] = mapped_column(choice(CancellationPolicy, "cancellation_policy"))
    free_cancellation: Mapped[timedelta] = mapped_column(Minutes)
    lineage_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(default=0)
    is_charged: Mapped[bool] = mapped_column(default=False)
    is_waived: Mapped[bool] = mapped_column(default=False)
    package_id: Mapped[int | None] = mapped_column(ForeignKey("lesson_package.id", ondelete="SET NULL"), index=True)
    holds_credit: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="SET NULL"), index=True)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
