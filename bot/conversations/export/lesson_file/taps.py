"""A lesson for the reader's own calendar."""

from bot.talk.taps import Tap, tap


@tap("ic")
class TakeFile(Tap):
    booking_id: int
