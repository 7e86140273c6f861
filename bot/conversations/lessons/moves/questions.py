from datetime import date

from bot.talk.questions import Question, question


@question("move_to")
class MoveTo(Question):
    """The new time of a lesson; `on` is the day that is shown, if any."""

    booking_id: int
    on: date | None
