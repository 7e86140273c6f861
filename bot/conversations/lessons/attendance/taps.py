"""The answers to the reminder that comes a day before."""

from bot.talk.taps import Tap, tap


@tap("at")
class BeThere(Tap):
    booking_id: int


@tap("an")
class NeedChange(Tap):
    booking_id: int
