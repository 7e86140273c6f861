from bot.talk.questions import Question, question
from core.enums import Term


@question("term")
class NewValue(Question):
    """The value of one setting."""

    term: Term
