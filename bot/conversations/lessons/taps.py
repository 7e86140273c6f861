"""Lessons, and cancelling them."""

from bot.talk.taps import Tap, tap


@tap("ll")
class OpenLessons(Tap):
    page: int


@tap("lo")
class OpenLesson(Tap):
    booking_id: int


@tap("lc")
class CancelLesson(Tap):
    booking_id: int


@tap("ls")
class CancelSurely(Tap):
    """`charge_said`: the student was told of a charge. Without it no charge is made; they are asked again."""

    booking_id: int
    charge_said: bool
