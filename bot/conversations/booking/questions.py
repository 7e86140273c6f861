from datetime import datetime

from bot.talk.questions import Question, question
from core.enums import LessonType


@question("booking_note")
class BookingNote(Question):
    """
    A note to the tutor about the lesson.

    Without `starts_at` nothing is asked: it only keeps the typed note while the student picks another time.
    """

    tutor_id: int
    note: str | None
    starts_at: datetime | None
    kind: LessonType = LessonType.REGULAR
