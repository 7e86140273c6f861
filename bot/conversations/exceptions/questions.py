from datetime import date

from bot.talk.questions import Question, question
from core.enums import ExceptionType


@question("exception_hours")
class ExceptionHours(Question):
    """The hours of an exception: closed on its days, or taught instead of the weekly hours."""

    type: ExceptionType
    is_working: bool
    first_on: date
    last_on: date


@question("exception_words")
class ExceptionWords(Question):
    """What students read when their lesson is cancelled because of the exception."""

    exception_id: int
