"""Lessons for another calendar."""

from bot.talk.taps import Tap, tap


@tap("eo")
class OpenExport(Tap):
    pass


@tap("ef")
class TakeLessons(Tap):
    """Lessons that begin within this many days from today, ahead or back."""

    days: int
    is_past: bool


@tap("ea")
class OpenAddress(Tap):
    """The link that calendars subscribe to, with or without an alarm before each lesson."""

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
