"""
What the core refuses, as facts; the words for it are the bot's.

    CoreError
    ├── NotFound              it does not exist, or it is not yours: nobody learns which
    ├── NotATutor
    ├── UnknownTimezone       name
    ├── TooManyWindows        limit
    ├── BookingRefused
    │   ├── TimeTaken         starts_at
    │   ├── TimePassed        starts_at
    │   ├── NoticeTooShort    notice
    │   ├── TooFarAhead       days
    │   ├── OutsideHours      starts_at
    │   ├── DayFull           limit
    │   ├── WeekFull          limit
    │   ├── StudentBusy       starts_at
    │   ├── TooManyLessons    limit
    │   ├── TutorPaused
    │   └── OwnHours          nobody books a lesson with themselves
    └── ChangeRefused
        ├── AlreadySettled    status
        ├── LessonBegun       starts_at
        └── ReasonMissing
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db.enums import BookingStatus


class CoreError(Exception):
    """Something a person asked for that can't be."""


class NotFound(CoreError):
    pass


class NotATutor(CoreError):
    pass


@dataclass
class UnknownTimezone(CoreError):
    name: str


@dataclass
class TooManyWindows(CoreError):
    limit: int


class BookingRefused(CoreError):
    """This lesson can't be booked at this time."""


@dataclass
class TimeTaken(BookingRefused):
    starts_at: datetime


@dataclass
class TimePassed(BookingRefused):
    starts_at: datetime


@dataclass
class NoticeTooShort(BookingRefused):
    notice: timedelta


@dataclass
class TooFarAhead(BookingRefused):
    days: int


@dataclass
class OutsideHours(BookingRefused):
    starts_at: datetime


@dataclass
class DayFull(BookingRefused):
    limit: int


@dataclass
class WeekFull(BookingRefused):
    limit: int


@dataclass
class StudentBusy(BookingRefused):
    starts_at: datetime


@dataclass
class TooManyLessons(BookingRefused):
    limit: int


class TutorPaused(BookingRefused):
    pass


class OwnHours(BookingRefused):
    pass


class ChangeRefused(CoreError):
    """This lesson can't be changed in this way any more."""


@dataclass
class AlreadySettled(ChangeRefused):
    status: BookingStatus


@dataclass
class LessonBegun(ChangeRefused):
    starts_at: datetime


class ReasonMissing(ChangeRefused):
    pass
