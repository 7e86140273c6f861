from datetime import date

from bot.talk.questions import Question, question


@question("student_name")
class NewStudentName(Question):
    """The name of a student who is not in Telegram."""


@question("write_down_at")
class WriteDownAt(Question):
    """The time of a lesson; `on` is the day that is shown, if any."""

    student_id: int
    on: date | None
