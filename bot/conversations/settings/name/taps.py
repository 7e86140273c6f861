"""The name that others see."""

from bot.talk.taps import Tap, tap


@tap("nm")
class EditName(Tap):
    pass


@tap("nt")
class FollowTelegram(Tap):
    """Use the name in Telegram."""
