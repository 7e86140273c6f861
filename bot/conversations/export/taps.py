"""Lessons for a calendar kept elsewhere."""

from bot.talk.taps import Tap, tap


@tap("eo")
class OpenExport(Tap):
    pass


@tap("ef")
class TakeLessons(Tap):
    """Those that begin within so many days from today on, or before it."""

    days: int
    is_past: bool


@tap("ea")
class OpenAddress(Tap):
    """The address that calendars follow, with an alarm before each lesson or without."""

    with_alarm: bool


@tap("en")
class AskForNewAddress(Tap):
    pass


@tap("ey")
class MakeNewAddress(Tap):
    pass


@tap("es")
class StopAddress(Tap):
    pass
