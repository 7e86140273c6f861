"""Questions that several settings ask."""

from bot.talk.questions import Question, question


@question("reminder")
class RemindBefore(Question):
    """How long before a lesson to remind the person."""
