"""The house as its operators see it."""

from bot.taps import Tap, tap


@tap("oh")
class OpenHouse(Tap):
    pass


@tap("ow")
class OpenWaiting(Tap):
    """Who has asked to teach."""


@tap("op")
class OpenApplication(Tap):
    person_id: int
