from datetime import date

from bot.talk.questions import Question, question


@question("find_tutor")
class FindTutor(Question):
    """A subject or a name."""


@question("free_when")
class FreeWhen(Question):
    """A day, a part of a day, or both; a part alone means a part of the day that is shown."""

    subject: int
    on: date | None = None
