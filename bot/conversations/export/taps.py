"""Lessons for another calendar."""

from bot.talk.taps import Tap, tap


@tap("eo")
class OpenExport(Tap):
    pass


@tap("ef")
class TakeLessons(Tap):
    """Export the lessons of the next N days, or of the past N days."""

    days: int
    is_past: bool


@tap("ea")
class OpenAddress(Tap):
    """The link that calendars follow, with or without an alarm before each lesson."""

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
