"""The outcome of a lesson, its notes and its history."""

from bot.talk.taps import Tap, tap


@tap("lp")
class OpenPast(Tap):
    page: int


@tap("lh")
class OpenHistory(Tap):
    booking_id: int


@tap("lx")
class SayHeld(Tap):
    booking_id: int


@tap("ln")
class SayMissed(Tap):
    """The student did not come."""

    booking_id: int


@tap("lu")
class UndoOutcome(Tap):
    booking_id: int


@tap("lw")
class WaiveCharge(Tap):
    booking_id: int


@tap("lk")
class EditNote(Tap):
    booking_id: int


@tap("lz")
class RemoveNote(Tap):
    booking_id: int
