from bot.talk.questions import Question, question
from bot.talk.taps import Weekday


@question("weekday")
class HoursOfDay(Question):
    """The hours of one weekday."""

    weekday: Weekday
