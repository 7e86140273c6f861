"""Lessons for another calendar."""

from bot.talk.taps import Tap, tap


@tap("eo")
class OpenExport(Tap):
    pass


@tap("ef")
class TakeLessons(Tap):
    """The lessons of so many days from today on, or of so many days before it."""

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
