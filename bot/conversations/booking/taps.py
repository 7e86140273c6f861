"""
A student asks for a lesson.

Every tap carries the `kind` of lesson. It is a trial or a regular lesson; only the last tap tells whether the lesson is
taken from a package, as the student was shown before.
"""

from datetime import date, datetime

from bot.talk.taps import Tap, tap
from core.enums import LessonType


@tap("bt")
class OpenTutors(Tap):
    pass


@tap("bo")
class OpenTutor(Tap):
    """The kinds of lesson to choose from; if there is only one, the month of the tutor's next free time."""

    tutor_id: int


@tap("bk")
class OpenKind(Tap):
    """The month of the next free time for a lesson of this kind."""

    tutor_id: int
    kind: LessonType


@tap("bm")
class OpenMonth(Tap):
    tutor_id: int
    month: date
    kind: LessonType = LessonType.REGULAR


@tap("bd")
class OpenFreeDay(Tap):
    tutor_id: int
    on: date
    kind: LessonType = LessonType.REGULAR
    page: int = 0


@tap("bb")
class OpenOtherTimes(Tap):
    """Back from the last question to the day: the time is no longer held."""

    tutor_id: int
    on: date
    kind: LessonType


@tap("bp")
class PickTime(Tap):
    tutor_id: int
    starts_at: datetime
    kind: LessonType = LessonType.REGULAR


@tap("bn")
class AddNote(Tap):
    tutor_id: int
    starts_at: datetime
    kind: LessonType = LessonType.REGULAR


@tap("ba")
class AskForLesson(Tap):
    """`terms` identifies the terms that were shown."""

    tutor_id: int
    starts_at: datetime
    kind: LessonType
    terms: int
