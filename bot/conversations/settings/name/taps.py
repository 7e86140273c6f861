"""What a person wants to be called."""

from bot.talk.taps import Tap, tap


@tap("nm")
class EditName(Tap):
    pass


@tap("nt")
class FollowTelegram(Tap):
    """Call me as Telegram does."""
