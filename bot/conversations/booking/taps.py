"""
A student asks for a lesson.

Every tap carries `kind`, from the tutor to the last one. It is a trial or a regular lesson; whether a package pays is
shown before the last tap, which carries it.
"""

from datetime import date, datetime

from bot.talk.taps import Tap, tap
from core.enums import LessonType


@tap("bt")
class OpenTutors(Tap):
    pass


@tap("bo")
class OpenTutor(Tap):
    """The kinds of lesson to choose from; with one kind only, the month of the tutor's next free time."""

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
    """Back to the day from the last question; the hold is released."""

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
    """`terms` is the mark of the terms that were shown."""

    tutor_id: int
    starts_at: datetime
    kind: LessonType
    terms: int
