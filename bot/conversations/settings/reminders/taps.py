"""When a person is reminded, and the quiet hours."""

from datetime import time

from bot.talk.taps import Tap, tap


@tap("ro")
class OpenReminders(Tap):
    pass


@tap("rw")
class WantReminder(Tap):
    """Switch the reminder at this distance on or off: a second tap changes nothing."""

    minutes: int
    is_wanted: bool


@tap("rn")
class WantNoReminders(Tap):
    pass


@tap("ru")
class RemindAsUsual(Tap):
    pass


@tap("qo")
class PickQuietSince(Tap):
    pass


@tap("qu")
class PickQuietUntil(Tap):
    since: time


@tap("qs")
class BeQuiet(Tap):
    since: time
    until: time


@tap("qx")
class NeverBeQuiet(Tap):
    pass
