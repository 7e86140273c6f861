"""The overview of an operator."""

from bot.talk.taps import Tap, tap


@tap("oh")
class OpenOverview(Tap):
    pass


@tap("ow")
class OpenWaiting(Tap):
    """The people who asked to teach and wait for an answer."""


@tap("op")
class OpenApplication(Tap):
    person_id: int
