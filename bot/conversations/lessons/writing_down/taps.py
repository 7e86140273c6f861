"""Lessons that a tutor writes down."""

from datetime import date, datetime

from bot.talk.taps import Tap, tap


@tap("yo")
class OpenWriteDown(Tap):
    page: int


@tap("yp")
class OpenWriteDownMonth(Tap):
    student_id: int
    month: date


@tap("ys")
class PickStudent(Tap):
    student_id: int


@tap("yd")
class OpenWriteDownDay(Tap):
    student_id: int
    on: date


@tap("yt")
class PickWriteDownTime(Tap):
    student_id: int
    starts_at: datetime


@tap("yy")
class WriteDownSurely(Tap):
    student_id: int
    starts_at: datetime
