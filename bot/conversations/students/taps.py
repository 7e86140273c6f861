"""A tutor's students."""

from bot.talk.taps import Tap, tap


@tap("vl")
class OpenStudents(Tap):
    page: int


@tap("vs")
class OpenStudent(Tap):
    student_id: int
