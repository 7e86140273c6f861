"""Days off and other hours."""

from datetime import date, time

from bot.talk.taps import Tap, tap
from core.enums import ExceptionType


@tap("xl")
class OpenExceptions(Tap):
    page: int


@tap("xt")
class PickExceptionType(Tap):
    pass


@tap("xf")
class PickFirstDay(Tap):
    """`is_working`: taught at other hours instead of not at all."""

    type_: ExceptionType
    is_working: bool
    month: date


@tap("xu")
class PickLastDay(Tap):
    type_: ExceptionType
    is_working: bool
    first_on: date
    month: date


@tap("xd")
class PickPart(Tap):
    """The days are chosen; next come the hours, or "all day"."""

    type_: ExceptionType
    is_working: bool
    first_on: date
    last_on: date


@tap("xo")
class PickExceptionOpens(Tap):
    type_: ExceptionType
    is_working: bool
    first_on: date
    last_on: date
    at_half: bool


@tap("xc")
class PickExceptionCloses(Tap):
    type_: ExceptionType
    is_working: bool
    first_on: date
    last_on: date
    opens: time
    at_half: bool


@tap("xa")
class AddDaysOff(Tap):
    type_: ExceptionType
    first_on: date
    last_on: date


@tap("xh")
class AddExceptionHours(Tap):
    type_: ExceptionType
    is_working: bool
    first_on: date
    last_on: date
    opens: time
    closes: time


@tap("xe")
class OpenException(Tap):
    exception_id: int


@tap("xr")
class RemoveException(Tap):
    exception_id: int


@tap("xs")
class RemoveExceptionSurely(Tap):
    exception_id: int
