"""A student who has opened a tutor's link or learned with them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, UtcDateTime


class TutorStudent(Base):
    __tablename__ = "tutor_student"

    tutor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    met_at: Mapped[datetime] = mapped_column(UtcDateTime)
