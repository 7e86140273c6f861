"""A student looks for a tutor. `subject` is the key of core.finding.directory.Subject, `on` a date of the reader."""

from datetime import date

from bot.talk.taps import Tap, tap
from core.enums import DayPart


@tap("dm")
class OpenMet(Tap):
    """The tutors that the student knows."""

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
    """A tutor's card; without a `subject` it was found by a name."""

    tutor_id: int
    subject: int


@tap("dd")
class PickFreeDay(Tap):
    """Who is free when?"""

    subject: int


@tap("df")
class OpenFree(Tap):
    subject: int
    on: date
    part: DayPart
    page: int
