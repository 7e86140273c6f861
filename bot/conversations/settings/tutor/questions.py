from bot.talk.questions import Question, question
from core.enums import Setting


@question("term")
class NewValue(Question):
    """The value of one setting. The field is called as in stored drafts of the first release."""

    term: Setting
