"""A tutor's link."""

from bot.talk.taps import Tap, tap


@tap("sh")
class OpenLink(Tap):
    """The tutor's link to share."""


@tap("sc")
class OpenCard(Tap):
    """A message that can be forwarded."""


@tap("sn")
class AskForNewLink(Tap):
    pass


@tap("sy")
class MakeNewLink(Tap):
    pass
