"""Messages in chats that show a lesson, so that they can be edited when the lesson changes."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class LessonMessage(Base):
    """
    A card goes on showing a lesson that has been moved, as the one it was moved to. `change_id` is the line of history
    after which the lesson looked as the message shows it.
    """

    __tablename__ = "lesson_message"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    change_id: Mapped[int] = mapped_column(BigInteger)
