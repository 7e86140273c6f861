"""
The errors with which the core refuses something. They hold data; the bot puts them into words.

    CoreError
    ├── NotFound              it does not exist, or it is somebody else's: the error does not say which
    ├── NotATutor
    ├── UnknownTimezone       name
    ├── BadName               limit: of its letters
    ├── TooManyWindows        limit
    ├── BadSetting            setting: not within what core.pure.setting_table allows
    ├── BadPackage            limit: of its lessons
    ├── OtherPackageGranted   since this one was offered
    ├── BadReminder           shortest, longest: distance to a lesson
    ├── TooManyReminders      limit: of one lesson
    ├── BadEmail              not an address to which we can mail
    ├── TooManyCodes          limit: mailed within an hour
    ├── InvitationNeeded      to become a tutor
    ├── TeachingRefused       by an operator
    ├── FeedRefused
    │   ├── NotACalendar
    │   ├── CalendarTooLarge  limit: bytes
    │   ├── TooManyEvents     limit: in the time that is looked at
    │   ├── CalendarTooSlow   seconds
    │   ├── BadAddress        no http, https or webcal
    │   ├── AddressForbidden  it leads to no public place
    │   ├── AddressSilent     no answer
    │   ├── AddressRefuses    status: of HTTP
    │   ├── TooManyFeeds      limit
    │   └── FeedFollowed      this address is followed already
    ├── HoursRefused
    │   ├── EmptyPeriod       it would end before it begins
    │   ├── PeriodPassed
    │   ├── PeriodTooLong     days
    │   ├── TooManyExceptions limit
    │   ├── TooManyTimes      limit
    │   ├── TimeTooFarAhead   days
    │   └── LessonConflict    starts_at
    ├── BookingRefused
    │   ├── TimeTaken         starts_at
    │   ├── TimePassed        starts_at
    │   ├── NoticeTooShort    notice
    │   ├── TooFarAhead       days
    │   ├── OutsideHours      starts_at
    │   ├── DayFull           limit
    │   ├── WeekFull          limit
    │   ├── AskedAlready      booking_id: of the same lesson
    │   ├── StudentBusy       starts_at
    │   ├── TooManyLessons    limit
    │   ├── TooManyWithTutor  limit
    │   ├── SameTime          moved to where it is
    │   ├── StudentElsewhere  starts_at: told to the tutor
    │   ├── TutorPaused
    │   ├── OwnHours          nobody books a lesson with themselves
    │   ├── NoteTooLong       limit
    │   └── OtherTerms        than those that were shown
    │       ├── TrialNotOffered
    │       ├── TrialUsed     by another lesson of these two
    │       ├── CreditGone    the package has none left
    │       └── TermsChanged  by the tutor
    └── ChangeRefused
        ├── AlreadySettled    status
        ├── StudentsTurn      the tutor proposed it: the student answers
        ├── LessonBegun       starts_at
        ├── ReasonMissing
        ├── ChargeNotSaid     it would be charged, and nobody was told
        ├── TooLateToMove     until
        ├── TooEarly          from_at
        ├── TooLateToUndo     until
        ├── NothingCharged
        └── NoCreditLeft      on the lesson's package
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.enums import Setting
from db.enums import BookingStatus


class CoreError(Exception):
    """What a person asked for is refused."""


class NotFound(CoreError):
    pass


class NotATutor(CoreError):
    pass


@dataclass
class UnknownTimezone(CoreError):
    name: str


@dataclass
class BadName(CoreError):
    limit: int


@dataclass
class BadPackage(CoreError):
    limit: int


class OtherPackageGranted(CoreError):
    pass


@dataclass
class TooManyWindows(CoreError):
    limit: int


class HoursRefused(CoreError):
    """A tutor's hours can't be changed in this way."""


class EmptyPeriod(HoursRefused):
    pass


class PeriodPassed(HoursRefused):
    pass


@dataclass
class PeriodTooLong(HoursRefused):
    days: int


@dataclass
class TooManyExceptions(HoursRefused):
    limit: int


@dataclass
class TooManyTimes(HoursRefused):
    limit: int


@dataclass
class TimeTooFarAhead(HoursRefused):
    days: int


@dataclass
class LessonConflict(HoursRefused):
    starts_at: datetime


@dataclass
class BadSetting(CoreError):
    setting: Setting


@dataclass
class BadReminder(CoreError):
    shortest: timedelta
    longest: timedelta


@dataclass
class TooManyReminders(CoreError):
    limit: int


class BadEmail(CoreError):
    pass


@dataclass
class TooManyCodes(CoreError):
    limit: int


class InvitationNeeded(CoreError):
    pass


class TeachingRefused(CoreError):
    pass


class FeedRefused(CoreError):
    """A feed can't be added or read."""


class NotACalendar(FeedRefused):
    pass


@dataclass
class CalendarTooLarge(FeedRefused):
    limit: int


@dataclass
class TooManyEvents(FeedRefused):
    limit: int


@dataclass
class CalendarTooSlow(FeedRefused):
    seconds: int


class BadAddress(FeedRefused):
    pass


class AddressForbidden(FeedRefused):
    pass


class AddressSilent(FeedRefused):
    pass


@dataclass
class AddressRefuses(FeedRefused):
    status: int


@dataclass
class TooManyFeeds(FeedRefused):
    limit: int


class FeedFollowed(FeedRefused):
    pass


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
class AskedAlready(BookingRefused):
    booking_id: int


@dataclass
class StudentBusy(BookingRefused):
    starts_at: datetime


@dataclass
class TooManyLessons(BookingRefused):
    limit: int


@dataclass
class TooManyWithTutor(BookingRefused):
    limit: int


class SameTime(BookingRefused):
    pass


@dataclass
class StudentElsewhere(BookingRefused):
    starts_at: datetime


class TutorPaused(BookingRefused):
    pass


class OwnHours(BookingRefused):
    pass


@dataclass
class NoteTooLong(BookingRefused):
    limit: int


class OtherTerms(BookingRefused):
    """It could be booked, but not on the terms that were shown."""


class TrialNotOffered(OtherTerms):
    pass


class TrialUsed(OtherTerms):
    pass


class CreditGone(OtherTerms):
    pass


class TermsChanged(OtherTerms):
    pass


class ChangeRefused(CoreError):
    """This lesson can no longer be changed in this way."""


@dataclass
class AlreadySettled(ChangeRefused):
    status: BookingStatus


class StudentsTurn(ChangeRefused):
    pass


@dataclass
class LessonBegun(ChangeRefused):
    starts_at: datetime


class ReasonMissing(ChangeRefused):
    pass


class ChargeNotSaid(ChangeRefused):
    pass


@dataclass
class TooLateToMove(ChangeRefused):
    until: datetime


@dataclass
class TooEarly(ChangeRefused):
    from_at: datetime


@dataclass
class TooLateToUndo(ChangeRefused):
    until: datetime


class NoCreditLeft(ChangeRefused):
    pass


class NothingCharged(ChangeRefused):
    pass
