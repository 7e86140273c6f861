from datetime import date

from bot.talk.questions import Question, question


@question("span")
class SlotHours(Question):
    """The hours of a day: to block, or to add as an extra slot."""

    on: date
    block: bool
