"""A student looks for a tutor. `subject` is a core.finding.directory.Subject.key, `on` a date in the student's zone."""

from datetime import date

from bot.talk.taps import Tap, tap
from core.enums import DayPart


@tap("dm")
class OpenMet(Tap):
    """The tutors this student knows."""

    page: int


@tap("ds")
class OpenSubjects(Tap):
    page: int


@tap("dt")
class OpenSubject(Tap):
    """The tutors of a subject."""

    subject: int
    page: int


@tap("dc")
class OpenListed(Tap):
    """A tutor's card; with `subject` 0 the tutor was found by name."""

    tutor_id: int
    subject: int


@tap("dd")
class PickFreeDay(Tap):
    """Pick a day to see which tutors are free."""

    subject: int


@tap("df")
class OpenFree(Tap):
    subject: int
    on: date
    part: DayPart
    page: int
