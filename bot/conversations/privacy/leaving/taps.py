"""Leaving for good."""

from bot.talk.taps import Tap, tap


@tap("lv")
class AskToLeave(Tap):
    pass


@tap("ly")
class LeaveSurely(Tap):
    """`charges` were told of before."""

    charges: int
