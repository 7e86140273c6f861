"""Questions that several stories ask."""

from bot.talk.questions import Question, question


@question("zone")
class WhichZone(Question):
    """Where the person is: a city typed, or a location sent."""


@question("week")
class WhichHours(Question):
    """The hours of a week as a tutor types them."""
