"""The operators' overview."""

from bot.talk.taps import Tap, tap


@tap("oh")
class OpenOverview(Tap):
    pass


@tap("ow")
class OpenWaiting(Tap):
    """The list of people who want to teach."""


@tap("op")
class OpenApplication(Tap):
    person_id: int
