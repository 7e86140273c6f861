from bot.talk.questions import Question, question
from core.enums import Setting


@question("term")
class NewValue(Question):
    """The value of one setting. The field has the same name as in drafts stored by the first release."""

    term: Setting
