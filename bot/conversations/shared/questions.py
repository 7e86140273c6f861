"""Questions that several stories ask."""

from bot.talk.questions import Question, question


@question("zone")
class WhichZone(Question):
    """The person's time zone: a typed city or a sent location."""


@question("week")
class WhichHours(Question):
    """The availability of a tutor, typed for any days of the week."""
