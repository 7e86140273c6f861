"""Deleting the account."""

from bot.talk.taps import Tap, tap


@tap("lv")
class AskToLeave(Tap):
    pass


@tap("ly")
class LeaveSurely(Tap):
    """`charges`: what the person was told it costs."""

    charges: int
