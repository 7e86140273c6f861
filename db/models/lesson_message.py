"""Where in whose chat a lesson is shown, so that it can be changed there when the lesson changes."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class LessonMessage(Base):
    """Known by its lineage: a card goes on showing a lesson that has been moved."""

    __tablename__ = "lesson_message"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    lineage_id: Mapped[UUID] = mapped_column(index=True)
