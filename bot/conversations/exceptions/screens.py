"""Days off and other hours: the list, how one is made, and its card."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.conversations.exceptions.conflicts.taps import OpenConflicts
from bot.conversations.exceptions.holidays.taps import OpenHolidays
from bot.conversations.exceptions.taps import (
    AddDaysOff,
    AddExceptionHours,
    OpenException,
    OpenExceptions,
    PickExceptionCloses,
    PickExceptionOpens,
    PickExceptionType,
    PickFirstDay,
    PickLastDay,
    PickPart,
    RemoveException,
    RemoveExceptionSurely,
)
from bot.conversations.shared import clock, misread
from bot.conversations.shared import month as calendar
from bot.talk import paging
from bot.talk.screen import Button, Row, Screen, home_button, rows_of
from bot.talk.taps import LAST_DAY
from bot.words.typed import week
from bot.words.typed.week_words import NotUnderstood
from bot.words.voice import N_, Html, Voice, lines, wall_clock
from core.enums import ExceptionType
from core.hours.availability import WeeklyWindow
from core.hours.exceptions import LONGEST_DAYS, ExceptionCard, ExceptionDates

PAGE = 8
FIRST_MONTH = date(2000, 1, 1)  # the calendar turns to the first month that can be picked
MARKS = {
    ExceptionType.DAY_OFF: "🌙",
    ExceptionType.HOLIDAY: "🎉",
    ExceptionType.VACATION: "🏖",
    ExceptionType.SICK_LEAVE: "🤒",
    ExceptionType.OTHER: "📌",
}
WORKING = "🕘"
NAMES = {
    ExceptionType.DAY_OFF: N_("Day off"),
    ExceptionType.HOLIDAY: N_("Holiday"),
    ExceptionType.VACATION: N_("Vacation"),
    ExceptionType.SICK_LEAVE: N_("Sick leave"),
    ExceptionType.OTHER: N_("Something else"),
}
WORDS = {
    ExceptionType.DAY_OFF: N_("I have a day off."),
    ExceptionType.HOLIDAY: N_("It is a holiday."),
    ExceptionType.VACATION: N_("I am on vacation."),
    ExceptionType.SICK_LEAVE: N_("I am ill."),
    ExceptionType.OTHER: N_("I can't teach at this time."),
}


def exceptions(
    voice: Voice, coming: Sequence[ExceptionCard], *, timezone: str, page: int, toast: str | None = None
) -> Screen:
    title = voice.say("🌴 <b>Days off</b> · {zone}", zone=voice.in_zone(timezone).zone())
    hint = (
        voice.say("Your weekly hours don't hold on these days. Tap one to change it.")
        if coming
        else voice.say("None ahead: your weekly hours hold.")
    )
    shown = paging.cut(coming, page, size=PAGE)
    rows = (
        *paging.rows(shown, lambda card: Button(_label(voice, card), OpenException(card.id)), OpenExceptions),
        (
            Button(voice.label("➕ Day off"), PickExceptionType()),
            Button(voice.label("🕘 Other hours"), PickFirstDay(ExceptionType.OTHER, True, FIRST_MONTH)),
        ),
        (Button(voice.label("🎉 Public holidays"), OpenHolidays()), home_button(voice)),
    )
    return Screen(lines(title, hint, between="\n\n"), rows, toast)


def pick_type(voice: Voice) -> Screen:
    types = [
        Button(f"{MARKS[type_]} {voice.label(NAMES[type_])}", PickFirstDay(type_, False, FIRST_MONTH))
        for type_ in ExceptionType
    ]
    return Screen(voice.say("🌴 <b>What is it?</b>"), (*rows_of(types, width=2), _back(voice)))


def pick_first(voice: Voice, tap: PickFirstDay, *, today: date) -> Screen:
    """On which day it begins."""
    text = voice.say("{title}: which day, or the first of several?", title=_title(voice, tap.type_, tap.is_working))
    days = calendar.month_rows(
        voice,
        tap.month,
        calendar.Days(today),
        pick=lambda on: PickLastDay(tap.type_, tap.is_working, on, on),
        turn=lambda month: PickFirstDay(tap.type_, tap.is_working, month),
    )
    return Screen(text, (*days, _back(voice)))


def pick_last(voice: Voice, tap: PickLastDay) -> Screen:
    """Until which day; the first again is a single day."""
    first_on = tap.first_on
    text = voice.say(
        "{title}, {day}: until which day?",
        title=_title(voice, tap.type_, tap.is_working),
        day=voice.day(first_on),
    )
    only = Button(voice.label("Only this day"), PickPart(tap.type_, tap.is_working, first_on, first_on))
    days = calendar.month_rows(
        voice,
        tap.month,
        calendar.Days(first_on, min(first_on + timedelta(days=LONGEST_DAYS - 1), LAST_DAY), marked=(first_on,)),
        pick=lambda on: PickPart(tap.type_, tap.is_working, first_on, on),
        turn=lambda month: PickLastDay(tap.type_, tap.is_working, first_on, month),
    )
    return Screen(text, ((only,), *days, _back(voice)))


def pick_part(voice: Voice, tap: PickPart) -> Screen:
    text = lines(_asked_for(voice, tap), voice.say("All day, or type hours: <code>12-15</code>"), between="\n\n")
    some = PickExceptionOpens(tap.type_, False, tap.first_on, tap.last_on, False)
    rows = (
        (Button(voice.label("✅ All day"), AddDaysOff(tap.type_, tap.first_on, tap.last_on)),),
        (Button(voice.label("🕘 Only some hours"), some),),
    )
    return Screen(text, (*rows, _back(voice)))


def pick_opens(voice: Voice, tap: PickExceptionOpens) -> Screen:
    days = tap.type_, tap.is_working, tap.first_on, tap.last_on
    ask = voice.say("From what time? You can type it: <code>12-15</code>")
    rows = clock.opening_rows(lambda opens: PickExceptionCloses(*days, opens, False), at_half=tap.at_half)
    turn = clock.other_minutes(PickExceptionOpens(*days, not tap.at_half), at_half=tap.at_half)
    return Screen(lines(_asked_for(voice, tap), ask, between="\n\n"), (*rows, (turn, *_back(voice))))


def pick_closes(voice: Voice, tap: PickExceptionCloses) -> Screen:
    days = tap.type_, tap.is_working, tap.first_on, tap.last_on
    ask = lines(voice.say("From {opens} until?", opens=wall_clock(tap.opens)), clock.about_night(voice, tap.opens))
    rows = clock.closing_rows(
        lambda closes: AddExceptionHours(*days, tap.opens, closes), tap.opens, at_half=tap.at_half
    )
    turn = clock.other_minutes(PickExceptionCloses(*days, tap.opens, not tap.at_half), at_half=tap.at_half)
    return Screen(lines(_asked_for(voice, tap), ask, between="\n\n"), (*rows, (turn, *_back(voice))))


def not_understood(voice: Voice, typed: str, error: NotUnderstood) -> Screen:
    text = lines(
        misread.pointed(voice, typed, error),
        voice.say("Please type hours like <code>12-15</code>."),
        between="\n\n",
    )
    return Screen(text, (_back(voice),))


def card(voice: Voice, card: ExceptionCard, *, toast: str | None = None) -> Screen:
    met = len(card.conflicts)
    text = lines(
        lines(_headline(voice, card.exception), _clock_of(voice, card)),
        voice.say("“{words}”", words=card.exception.words) if card.exception.words else None,
        stand(voice, met),
        voice.say("Type a few words if your students should know why."),
        between="\n\n",
    )
    lessons = (Button(voice.label("⚠️ Lessons · {n}", n=met), OpenConflicts(card.id, 0)),) if met else ()
    rows = (lessons, (Button(voice.label("❌ Remove"), RemoveException(card.id)),), _back(voice))
    return Screen(text, tuple(row for row in rows if row), toast)


def ask_to_remove(voice: Voice, card: ExceptionCard) -> Screen:
    text = lines(
        _headline(voice, card.exception), voice.say("Remove it? Your weekly hours hold again."), between="\n\n"
    )
    yes = Button(voice.label("Yes, remove"), RemoveExceptionSurely(card.id))
    return Screen(text, ((yes, Button(voice.label("No, keep it"), OpenException(card.id))),))


def words(voice: Voice, exception: ExceptionDates) -> str:
    """The reason that a student reads when a lesson is cancelled for it."""
    return exception.words or voice.label(WORDS[exception.type_])


def dates(voice: Voice, exception: ExceptionDates) -> str:
    if exception.first_on == exception.last_on:
        return voice.day(exception.first_on)
    return f"{voice.day(exception.first_on)} – {voice.day(exception.last_on)}"


def _asked_for(voice: Voice, tap: PickPart | PickExceptionOpens | PickExceptionCloses) -> Html:
    """The chosen days, while the tutor picks the hours."""
    exception = ExceptionDates(tap.type_, tap.first_on, tap.last_on)
    return lines(_title(voice, tap.type_, tap.is_working), _full_dates(voice, exception))


def _headline(voice: Voice, exception: ExceptionDates) -> Html:
    return lines(
        _title(voice, exception.type_, exception.is_working),
        f"{_full_dates(voice, exception)}, {_hours(voice, exception)}",
    )


def _clock_of(voice: Voice, card: ExceptionCard) -> str | None:
    """The tutor's zone, if the reader's is another."""
    return None if card.timezone == voice.timezone else voice.in_zone(card.timezone).zone()


def _title(voice: Voice, type_: ExceptionType, is_working: bool) -> Html:
    if is_working:
        return voice.say("🕘 <b>Other hours</b>")
    return voice.say("{mark} <b>{name}</b>", mark=MARKS[type_], name=voice.label(NAMES[type_]))


def _full_dates(voice: Voice, exception: ExceptionDates) -> str:
    first = voice.full_date(exception.first_on)
    return first if exception.first_on == exception.last_on else f"{first} – {voice.full_date(exception.last_on)}"


def _hours(voice: Voice, exception: ExceptionDates) -> str:
    if exception.opens is None or exception.closes is None:
        return voice.label("all day")
    window = WeeklyWindow(0, exception.opens, exception.closes)
    shown = week.show_window(window)
    return voice.label("{hours} (next day)", hours=shown) if window.is_overnight else shown


def _label(voice: Voice, card: ExceptionCard) -> str:
    exception = card.exception
    mark = WORKING if exception.is_working else MARKS[exception.type_]
    hours = f", {_hours(voice, exception)}" if exception.opens else ""
    met = f" · ⚠️ {len(card.conflicts)}" if card.conflicts else ""
    return f"{mark} {dates(voice, exception)}{hours}{met}"


def stand(voice: Voice, met: int) -> Html | None:
    if not met:
        return None
    return voice.count(
        "⚠️ {n} lesson is in the way. It stands until you decide.",
        "⚠️ {n} lessons are in the way. They stand until you decide.",
        met,
    )


def _back(voice: Voice) -> Row:
    return Button(voice.label("‹ Days off"), OpenExceptions(0)), home_button(voice)
