"""A person's time zone."""

from bot.talk.taps import Tap, tap


@tap("zn")
class ChooseZone(Tap):
    timezone: str


@tap("sz")
class EditZone(Tap):
    pass
