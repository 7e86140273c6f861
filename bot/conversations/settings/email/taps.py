"""E-mail: on or off, and the address."""

from bot.talk.taps import Tap, tap


@tap("io")
class OpenEmail(Tap):
    pass


@tap("ix")
class StopEmail(Tap):
    pass
