from datetime import date

from bot.talk.questions import Question, question


@question("find_tutor")
class FindTutor(Question):
    """A subject or a name."""


@question("free_when")
class FreeWhen(Question):
    """A day or a part of a day; a part alone is one of the day that is shown."""

    subject: int
    on: date | None = None
