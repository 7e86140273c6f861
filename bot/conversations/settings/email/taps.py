"""Whether a person is mailed as well, and where."""

from bot.talk.taps import Tap, tap


@tap("io")
class OpenEmail(Tap):
    pass


@tap("ix")
class StopEmail(Tap):
    pass
