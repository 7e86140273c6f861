"""Lessons in the way of a day off."""

from bot.talk.taps import Tap, tap


@tap("xw")
class OpenInTheWay(Tap):
    exception_id: int
    page: int


@tap("xi")
class OpenOneInTheWay(Tap):
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
    """`count` is how many lessons the tutor was told of: the answer counts for what was asked."""

    exception_id: int
    count: int


@tap("xz")
class AskAllToMove(Tap):
    exception_id: int
