"""One lesson as a calendar file."""

from bot.talk.taps import Tap, tap


@tap("ic")
class TakeFile(Tap):
    booking_id: int
