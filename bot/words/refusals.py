"""The texts of the core's refusals, short enough for a toast."""

from datetime import timedelta

from bot.words.voice import Voice
from core import errors
from core.enums import BookingStatus
from core.pure import setting_table
from core.pure.setting_table import Days, Kind, Languages, Length, Limit, Link, Names, Price, Text

MEGABYTE = 1024 * 1024


def words(voice: Voice, refusal: errors.CoreError) -> str:
    """Return the words for a refusal; plain text."""
    match refusal:
        case errors.BookingRefused():
            return _booking(voice, refusal)
        case errors.ChangeRefused():
            return _change(voice, refusal)
        case errors.NotATutor():
            return voice.label("That is for tutors. If you teach, switch it on in /settings.")
        case errors.UnknownTimezone():
            return voice.label("I don't know this time zone.")
        case errors.BadName(limit):
            return voice.label("A name has 1 to {limit} characters. Please write another.", limit=limit)
        case errors.TooManyWindows(limit):
            return voice.count_label(
                "A week has room for {n} window. Nothing was changed.",
                "A week has room for {n} windows. Nothing was changed.",
                limit,
            )
        case errors.BadPackage(limit):
            return voice.label("A package has 1 to {limit} lessons. Please write a number.", limit=limit)
        case errors.OtherPackageGranted():
            return voice.label("Another package has been granted since. Look at it before you grant one more.")
        case errors.BadEmail() | errors.TooManyCodes():
            return _email(voice, refusal)
        case errors.BadReminder() | errors.TooManyReminders():
            return _reminders(voice, refusal)
        case errors.HoursRefused():
            return _hours(voice, refusal)
        case errors.BadSetting(setting):
            return _setting(voice, setting_table.row_of(setting).kind)
        case errors.FeedRefused():
            return _feed(voice, refusal)
        case errors.InvitationNeeded():
            return voice.label("Tutors come in by invitation here. Ask the operator of this bot for the link.")
        case errors.TeachingRefused():
            return voice.label("The operators of this bot have declined your wish to teach here.")
        case errors.NotFound():
            return voice.label("I can't find that any more.")
        case _:
            raise AssertionError(f"{type(refusal).__name__} has no words")


def stale(voice: Voice) -> str:
    return voice.label("This button is out of date. Tap /start for a fresh one.")


def our_fault(voice: Voice) -> str:
    return voice.label("Something went wrong on my side. Please try again in a minute.")


def _email(voice: Voice, refusal: errors.BadEmail | errors.TooManyCodes) -> str:
    match refusal:
        case errors.BadEmail():
            return voice.label("That is no e-mail address I can write to. It looks like name@example.org.")
        case errors.TooManyCodes(limit):
            return voice.count_label(
                "I mail {n} code an hour at most. Please try again later.",
                "I mail {n} codes an hour at most. Please try again later.",
                limit,
            )


def _reminders(voice: Voice, refusal: errors.BadReminder | errors.TooManyReminders) -> str:
    match refusal:
        case errors.BadReminder(shortest, longest):
            return _between(voice, shortest, longest)
        case errors.TooManyReminders(limit):
            return voice.count_label(
                "There is room for {n} reminder. Switch one off first.",
                "There is room for {n} reminders. Switch one off first.",
                limit,
            )


def _feed(voice: Voice, refusal: errors.FeedRefused) -> str:
    match refusal:
        case errors.NotACalendar():
            return voice.label("That is no calendar that I can read. I need iCal format (.ics).")
        case errors.CalendarTooLarge(limit):
            return voice.label("This calendar is too large: I read up to {n} MB.", n=-(-limit // MEGABYTE))
        case errors.TooManyEvents(limit):
            return voice.label("This calendar has too many events: I read up to {n}.", n=limit)
        case errors.CalendarTooSlow():
            return voice.label("This calendar takes too long to read: too many events, or some that never end.")
        case errors.TooManyFeeds(limit):
            return voice.count_label(
                "There is room for {n} calendar. Remove it first.",
                "There is room for {n} calendars. Remove one first.",
                limit,
            )
        case errors.FeedFollowed():
            return voice.label("I follow this calendar already.")
        case _:
            return _address(voice, refusal)


def _address(voice: Voice, refusal: errors.FeedRefused) -> str:
    match refusal:
        case errors.BadAddress():
            return voice.label("That is no address of a calendar: it begins with https:// or webcal://")
        case errors.AddressForbidden():
            return voice.label("This address leads to no public place on the internet.")
        case errors.AddressSilent():
            return voice.label("There is no answer at this address.")
        case errors.AddressRefuses(404 | 410):
            return voice.label("There is no calendar at this address any more.")
        case errors.AddressRefuses(401 | 403):
            return voice.label("This calendar is not shared: its server lets nobody in.")
        case errors.AddressRefuses(status):
            return voice.label("The server of this calendar does not give it out (error {n}).", n=status)
        case _:
            raise AssertionError(f"{type(refusal).__name__} has no words")


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
        case _:
            return _student(voice, refusal)


def _student(voice: Voice, refusal: errors.BookingRefused) -> str:
    """Refusals because of the student, not because of the time."""
    match refusal:
        case errors.AskedAlready():
            return voice.label("This time is yours already.")
        case errors.StudentBusy(starts_at):
            return voice.label("You already have a lesson at {moment}.", moment=voice.moment(starts_at))
        case errors.TooManyLessons() | errors.TooManyWithTutor():
            return _enough(voice, refusal)
        case errors.SameTime():
            return voice.label("The lesson is at this time already. Pick another one.")
        case errors.StudentElsewhere(starts_at):
            return voice.label("Your student has another lesson at {moment}.", moment=voice.moment(starts_at))
        case errors.TutorPaused():
            return voice.label("This tutor takes no new students at the moment.")
        case errors.OwnHours():
            return voice.label("These are your own hours. Your students book them by your link.")
        case errors.NoteTooLong(limit):
            return voice.label("That is too long: up to {letters} characters.", letters=limit)
        case errors.OtherTerms():
            return _other_terms(voice, refusal)
        case _:
            raise AssertionError(f"{type(refusal).__name__} has no words")


def _other_terms(voice: Voice, refusal: errors.OtherTerms) -> str:
    match refusal:
        case errors.TrialNotOffered():
            return voice.label("This tutor offers no trial lessons any more. This is an ordinary lesson.")
        case errors.TrialUsed():
            return voice.label("You have had your trial lesson with this tutor. This is an ordinary one.")
        case errors.CreditGone():
            return voice.label("Your package has no lessons left. Please look at the price before you ask.")
        case errors.TermsChanged():
            return voice.label("The terms have just changed. Please look at them again before you ask.")
        case _:
            raise AssertionError(f"{type(refusal).__name__} has no words")


def _enough(voice: Voice, refusal: errors.TooManyLessons | errors.TooManyWithTutor) -> str:
    match refusal:
        case errors.TooManyLessons(limit):
            return voice.count_label(
                "You already have {n} lesson ahead. Take one before booking another.",
                "You already have {n} lessons ahead. Take some before booking more.",
                limit,
            )
        case errors.TooManyWithTutor(limit):
            return voice.count_label(
                "This tutor gives a student {n} lesson ahead at most. Take it before booking another.",
                "This tutor gives a student {n} lessons ahead at most. Take some before booking more.",
                limit,
            )


def _setting(voice: Voice, kind: Kind) -> str:
    match kind:
        case Length(shortest, longest) if shortest:
            return _between(voice, shortest, longest)
        case Length(longest=longest, unit=setting_table.HOUR):
            return voice.label("I need a length up to {longest}, like 3 h.", longest=voice.span(longest))
        case Length(longest=longest):
            return voice.label("I need a length up to {longest}, like 15 min.", longest=voice.span(longest))
        case Days(most):
            return voice.label("Write how many days, from 1 to {largest}.", largest=most)
        case Price():
            return voice.label("I can't read this price. Write it like 400 UAH or 20.50 EUR.")
        case Limit(most):
            return voice.label("Write a number from 1 to {largest}, or 0 for no limit.", largest=most)
        case Names(most, letters):
            return voice.label("Up to {most} subjects of {letters} letters each.", most=most, letters=letters)
        case Languages(most):
            return voice.label("I don't know one of these. Write up to {most}, like English, Polish.", most=most)
        case Text(letters):
            return voice.label("That is too long: up to {letters} characters.", letters=letters)
        case Link():
            return voice.label("That is no link to a room: it should begin with https://")
        case _:
            return voice.label("That can't be chosen.")


def _between(voice: Voice, shortest: timedelta, longest: timedelta) -> str:
    return voice.label(
        "I need a length from {shortest} to {longest}, like 45 min.",
        shortest=voice.span(shortest),
        longest=voice.span(longest),
    )


def _hours(voice: Voice, refusal: errors.HoursRefused) -> str:
    match refusal:
        case errors.EmptyPeriod():
            return voice.label("That would end before it begins. Nothing was changed.")
        case errors.PeriodPassed():
            return voice.label("That is already past. Nothing was changed.")
        case errors.PeriodTooLong(days):
            return voice.count_label(
                "That is too long: at most {n} day at a time.", "That is too long: at most {n} days at a time.", days
            )
        case errors.TooManyExceptions(limit):
            return voice.count_label(
                "There is room for {n} entry. Remove some first.",
                "There is room for {n} entries. Remove some first.",
                limit,
            )
        case errors.TooManyTimes() | errors.TimeTooFarAhead():
            return _times(voice, refusal)
        case errors.LessonConflict(starts_at):
            return voice.label(
                "A lesson stands at {moment}. Move it or call it off first.", moment=voice.moment(starts_at)
            )
        case _:
            raise AssertionError(f"{type(refusal).__name__} has no words")


def _times(voice: Voice, refusal: errors.TooManyTimes | errors.TimeTooFarAhead) -> str:
    match refusal:
        case errors.TooManyTimes(limit):
            return voice.count_label(
                "There is room for {n} time ahead. Free some first.",
                "There is room for {n} times ahead. Free some first.",
                limit,
            )
        case errors.TimeTooFarAhead(days):
            return voice.count_label(
                "That is too far ahead: at most {n} day.", "That is too far ahead: at most {n} days.", days
            )


def _change(voice: Voice, refusal: errors.ChangeRefused) -> str:
    match refusal:
        case errors.AlreadySettled(status):
            return _settled(voice, status)
        case errors.StudentsTurn():
            return voice.label("You proposed this time: now it is for your student to answer.")
        case errors.LessonBegun():
            return voice.label("This lesson has already begun.")
        case errors.ReasonMissing():
            return voice.label("Please say why: your student will read it.")
        case errors.ChargeNotSaid():
            return voice.label("It is late for that: cancelling would be charged now.")
        case errors.TooLateToMove(until):
            return voice.label(
                "It is too late to move this lesson: that was possible until {moment}.", moment=voice.moment(until)
            )
        case errors.TooEarly(from_at):
            return voice.label("You can say that from {moment} on.", moment=voice.moment(from_at))
        case errors.TooLateToUndo(until):
            return voice.label("It could be undone until {moment}.", moment=voice.moment(until))
        case errors.NoCreditLeft():
            return voice.label("The package of this lesson has no lessons left. Grant a new one first.")
        case errors.NothingCharged():
            return voice.label("This lesson is not charged anyway.")
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
        case BookingStatus.RESCHEDULED:
            return voice.label("This lesson has been moved to another time.")
        case _:
            return voice.label("This lesson is already over.")
