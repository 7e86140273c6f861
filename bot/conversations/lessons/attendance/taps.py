"""The answers to “Will you be there?”"""

from bot.talk.taps import Tap, tap


@tap("at")
class BeThere(Tap):
    booking_id: int


@tap("an")
class NeedChange(Tap):
    booking_id: int
