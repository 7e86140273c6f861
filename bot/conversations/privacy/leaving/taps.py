"""Deleting the account."""

from bot.talk.taps import Tap, tap


@tap("lv")
class AskToLeave(Tap):
    pass


@tap("ly")
class LeaveSurely(Tap):
    """`charges` is the number of charged lessons that was shown."""

    charges: int
