"""A tutor answers requests."""

from bot.talk.taps import Tap, tap


@tap("ap")
class OpenPending(Tap):
    page: int


@tap("ac")
class ConfirmLesson(Tap):
    booking_id: int


@tap("ad")
class DeclineLesson(Tap):
    booking_id: int


@tap("aw")
class DeclineWithoutWords(Tap):
    booking_id: int
