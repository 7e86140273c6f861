"""What the core refuses, in words. Short enough for the toast over a tapped button."""

from bot.voice import Voice
from core import errors
from core.enums import BookingStatus


def words(voice: Voice, refusal: errors.CoreError) -> str:
    """Return the words for a refusal; plain text."""
    match refusal:
        case errors.BookingRefused():
            return _booking(voice, refusal)
        case errors.ChangeRefused():
            return _change(voice, refusal)
        case errors.NotATutor():
            return voice.label("That is for tutors. Tap /start to become one.")
        case errors.UnknownTimezone():
            return voice.label("I don't know this time zone.")
        case errors.TooManyWindows(limit):
            return voice.count_label(
                "A week has room for {n} window. Nothing was changed.",
                "A week has room for {n} windows. Nothing was changed.",
                limit,
            )
        case errors.NotFound():
            return voice.label("I can't find that any more.")
        case _:
            raise AssertionError(f"{type(refusal).__name__} has no words")


def stale(voice: Voice) -> str:
    return voice.label("This button is out of date. Tap /start for a fresh one.")


def our_fault(voice: Voice) -> str:
    return voice.label("Something went wrong on my side. Please try again in a minute.")


def _booking(voice: Voice, refusal: errors.BookingRefused) -> str:
    match refusal:
        case errors.TimeTaken(starts_at):
            return voice.label("{moment} has just been taken. Pick another time.", moment=voice.moment(starts_at))
        case errors.TimePassed(starts_at):
            return voice.label("{moment} is already past. Pick another time.", moment=voice.moment(starts_at))
        case errors.NoticeTooShort(notice):
            return voice.label("That is too soon: lessons are booked at least {span} ahead.", span=voice.span(notice))
        case errors.TooFarAhead(days):
            return voice.count_label(
                "That is too far ahead: lessons are booked up to {n} day in advance.",
                "That is too far ahead: lessons are booked up to {n} days in advance.",
                days,
            )
        case errors.OutsideHours(starts_at):
            return voice.label("{moment} is no longer offered. Pick another time.", moment=voice.moment(starts_at))
        case errors.DayFull() | errors.WeekFull():
            return voice.label("The tutor has no room left then. Pick another day.")
        case errors.StudentBusy(starts_at):
            return voice.label("You already have a lesson at {moment}.", moment=voice.moment(starts_at))
        case errors.TooManyLessons(limit):
            return voice.count_label(
                "You already have {n} lesson ahead. Take one before booking another.",
                "You already have {n} lessons ahead. Take some before booking more.",
                limit,
            )
        case errors.TutorPaused():
            return voice.label("This tutor takes no new students at the moment.")
        case errors.OwnHours():
            return voice.label("These are your own hours. Your students book them by your link.")
        case _:
            raise AssertionError(f"{type(refusal).__name__} has no words")


def _change(voice: Voice, refusal: errors.ChangeRefused) -> str:
    match refusal:
        case errors.AlreadySettled(status):
            return _settled(voice, status)
        case errors.LessonBegun():
            return voice.label("This lesson has already begun.")
        case errors.ReasonMissing():
            return voice.label("Please say why: your student will read it.")
        case _:
            raise AssertionError(f"{type(refusal).__name__} has no words")


def _settled(voice: Voice, status: BookingStatus) -> str:
    match status:
        case BookingStatus.CANCELLED_STUDENT:
            return voice.label("The student has already cancelled this lesson.")
        case BookingStatus.CANCELLED_TUTOR:
            return voice.label("The tutor has already called this lesson off.")
        case BookingStatus.EXPIRED:
            return voice.label("This request has expired without an answer.")
        case BookingStatus.CONFIRMED:
            return voice.label("This lesson is already confirmed.")
        case _:
            return voice.label("This lesson is already over.")
