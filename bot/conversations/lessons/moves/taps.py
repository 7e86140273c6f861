"""Moving a lesson."""

from datetime import date, datetime

from bot.talk.taps import Tap, tap


@tap("mo")
class OpenMove(Tap):
    """The month of the next free time for the lesson."""

    booking_id: int


@tap("mm")
class OpenMoveMonth(Tap):
    booking_id: int
    month: date


@tap("md")
class OpenMoveDay(Tap):
    booking_id: int
    on: date


@tap("mp")
class PickMove(Tap):
    booking_id: int
    starts_at: datetime


@tap("ms")
class MoveSurely(Tap):
    booking_id: int
    starts_at: datetime


@tap("mk")
class AcceptMove(Tap):
    booking_id: int


@tap("mr")
class RefuseMove(Tap):
    booking_id: int


@tap("mx")
class RefuseMoveSurely(Tap):
    booking_id: int
