"""Lessons that conflict with an exception."""

from bot.talk.taps import Tap, tap


@tap("xw")
class OpenConflicts(Tap):
    exception_id: int
    page: int


@tap("xi")
class OpenConflict(Tap):
    exception_id: int
    booking_id: int


@tap("xk")
class CallOffForException(Tap):
    exception_id: int
    booking_id: int


@tap("xm")
class AskToMoveForException(Tap):
    exception_id: int
    booking_id: int


@tap("xq")
class CallAllOff(Tap):
    exception_id: int


@tap("xy")
class CallAllOffSurely(Tap):
    """`count` is the number of conflicts that the tutor was shown; the answer holds for these only."""

    exception_id: int
    count: int


@tap("xz")
class AskAllToMove(Tap):
    exception_id: int
