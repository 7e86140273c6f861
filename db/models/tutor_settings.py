"""A tutor's booking settings."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Minutes, Money, choice
from db.enums import CancellationPolicy


class TutorSettings(Base):
    """
    `timezone` is the zone of the tutor's hours: a travelling tutor sees another zone but teaches by this one.
    `slot_step` empty: a start every lesson's length. `share_code` is the secret part of the tutor's link. `room_url` is
    a fixed video room; without it each lesson has its own. `country`, whose public holidays are offered, may be empty:
    then it is that of the zone. `is_listed`: found by subject in the directory. `languages` are those taught in, by
    their ISO 639-1 codes.
    A booking locks this row, so that two requests for one tutor happen one after the other.
    """

    __tablename__ = "tutor_settings"
    __table_args__ = (
        CheckConstraint("default_lesson_duration > 0", name="lesson_takes_time"),
        CheckConstraint("slot_step IS NULL OR slot_step > 0", name="step_goes_on"),
        CheckConstraint("buffer_before >= 0 AND buffer_after >= 0", name="buffers_not_negative"),
        CheckConstraint("min_gap >= 0", name="gap_not_negative"),
        CheckConstraint("min_booking_notice >= 0 AND max_booking_advance >= 0", name="horizon_not_negative"),
        CheckConstraint("price IS NULL OR price >= 0", name="price_not_negative"),
    )

    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    share_code: Mapped[str] = mapped_column(String(32), unique=True)
    timezone: Mapped[str] = mapped_column(String(64))
    default_lesson_duration: Mapped[timedelta] = mapped_column(Minutes)
    slot_step: Mapped[timedelta | None] = mapped_column(Minutes)
    buffer_before: Mapped[timedelta] = mapped_column(Minutes)
    buffer_after: Mapped[timedelta] = mapped_column(Minutes)
    min_gap: Mapped[timedelta] = mapped_column(Minutes)
    min_booking_notice: Mapped[timedelta] = mapped_column(Minutes)
    max_booking_advance: Mapped[int] = mapped_column(comment="days")
    auto_accept: Mapped[bool]
    cancellation_policy: Mapped[CancellationPolicy] = mapped_column(choice(CancellationPolicy, "cancellation_policy"))
    trial_lesson_enabled: Mapped[bool]
    trial_lesson_duration: Mapped[timedelta] = mapped_column(Minutes)
    price: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3))
    accepts_new_students: Mapped[bool]
    is_listed: Mapped[bool] = mapped_column(default=True)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    subjects: Mapped[list[str]] = mapped_column(JSON)
    about: Mapped[str | None] = mapped_column(String(500))
    room_url: Mapped[str | None] = mapped_column(String(300))
    max_lessons_per_day: Mapped[int | None]
    max_lessons_per_week: Mapped[int | None]
    max_lessons_per_student: Mapped[int | None]
    country: Mapped[str | None] = mapped_column(String(2))
