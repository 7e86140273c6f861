"""The house as its operators see it."""

from bot.talk.taps import Tap, tap


@tap("oh")
class OpenOverview(Tap):
    pass


@tap("ow")
class OpenWaiting(Tap):
    """Who has asked to teach."""


@tap("op")
class OpenApplication(Tap):
    person_id: int
