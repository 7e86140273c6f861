from datetime import date

from bot.talk.questions import Question, question
from core.enums import ExceptionType


@question("exception_hours")
class ExceptionHours(Question):
    """The hours that an exception takes of its days, or has instead."""

    type: ExceptionType
    is_working: bool
    first_on: date
    last_on: date


@question("exception_words")
class ExceptionWords(Question):
    """What students read when their lesson is cancelled because of the exception."""

    exception_id: int
