"""What the bot knows about a person."""

from bot.talk.taps import Tap, tap


@tap("pv")
class OpenPrivacy(Tap):
    pass


@tap("pd")
class SendMyData(Tap):
    pass
