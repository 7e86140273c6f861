from datetime import datetime

from bot.talk.questions import Question, question
from core.enums import LessonType


@question("booking_note")
class BookingNote(Question):
    """
    What the tutor shall know of the lesson.

    Without `starts_at` nothing is asked: the note that was typed is kept while the student looks for another time.
    """

    tutor_id: int
    note: str | None
    starts_at: datetime | None
    kind: LessonType = LessonType.REGULAR
