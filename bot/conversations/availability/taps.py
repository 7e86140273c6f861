"""Weekly hours."""

from datetime import time

from bot.talk.taps import Tap, Weekday, tap


@tap("wk")
class OpenAvailability(Tap):
    pass


@tap("wd")
class OpenWeekday(Tap):
    weekday: Weekday


@tap("wo")
class PickOpens(Tap):
    weekday: Weekday


@tap("wc")
class PickCloses(Tap):
    weekday: Weekday
    opens: time


@tap("wa")
class AddWindow(Tap):
    weekday: Weekday
    opens: time
    closes: time


@tap("wr")
class RemoveWindow(Tap):
    weekday: Weekday
    window_id: int
