"""One window of the weekly hours."""

from datetime import date, time

from bot.talk.taps import Tap, Weekday, tap


@tap("w2")
class PickOpensAtHalf(Tap):
    weekday: Weekday


@tap("w3")
class PickClosesAtHalf(Tap):
    weekday: Weekday
    opens: time


@tap("w4")
class PickDaysToCopy(Tap):
    """`days` are the chosen weekdays as bits: bit 0 is Monday."""

    weekday: Weekday
    days: int


@tap("w5")
class CopyDay(Tap):
    weekday: Weekday
    days: int


@tap("ww")
class OpenWindow(Tap):
    window_id: int


@tap("wp")
class PauseWindow(Tap):
    window_id: int
    pause: bool


@tap("wv")
class PickWindowDate(Tap):
    """Choose the first (`is_first`) or the last date on which the window is valid."""

    window_id: int
    is_first: bool
    month: date


@tap("wl")
class LimitWindow(Tap):
    window_id: int
    is_first: bool
    on: date


@tap("wf")
class FreeWindow(Tap):
    """Remove the first (`is_first`) or the last date of the window."""

    window_id: int
    is_first: bool
