"""A student asks for a lesson."""

from datetime import date, datetime

from bot.taps import Tap, tap


@tap("bt")
class OpenTutors(Tap):
    pass


@tap("bo")
class OpenTutor(Tap):
    """The month of the tutor's next free time."""

    tutor_id: int


@tap("bm")
class OpenMonth(Tap):
    tutor_id: int
    month: date


@tap("bd")
class OpenFreeDay(Tap):
    tutor_id: int
    on: date


@tap("bp")
class PickTime(Tap):
    tutor_id: int
    starts_at: datetime


@tap("ba")
class AskForLesson(Tap):
    tutor_id: int
    starts_at: datetime
