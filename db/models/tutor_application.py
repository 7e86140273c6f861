"""An application to become a tutor; an operator decides about it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, UtcDateTime


class TutorApplication(Base):
    """`is_approved` is empty until an operator has answered."""

    __tablename__ = "tutor_application"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_approved: Mapped[bool | None]
