from datetime import date

from bot.talk.questions import Question, question


@question("move_to")
class MoveTo(Question):
    """The new time of a lesson, on the day that is shown if there is one."""

    booking_id: int
    on: date | None
