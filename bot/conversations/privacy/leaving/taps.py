"""Deleting the account."""

from bot.talk.taps import Tap, tap


@tap("lv")
class AskToLeave(Tap):
    pass


@tap("ly")
class LeaveSurely(Tap):
    """Confirm the deletion. `charges`: how many charged lessons the person was shown."""

    charges: int
