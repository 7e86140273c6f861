"""Lessons paid for in advance."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, Money, UtcDateTime


class LessonPackage(Base):
    """
    `left_over` goes down with each lesson booked on it and up again, once, when a lesson is cancelled in time. Lessons
    that the tutor took back can't be booked.
    """

    __tablename__ = "lesson_package"
    __table_args__ = (
        CheckConstraint("lessons > 0", name="some_lessons"),
        CheckConstraint("left_over BETWEEN 0 AND lessons", name="balance"),
        Index("ix_lesson_package_tutor_id_student_id", "tutor_id", "student_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    student_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str | None] = mapped_column(String(80))
    lessons: Mapped[int]
    left_over: Mapped[int]
    taken_back: Mapped[int] = mapped_column(server_default="0")
    price: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
