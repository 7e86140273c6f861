"""A tutor's weekly hours."""

from collections.abc import Sequence
from datetime import time

from bot.conversations.availability.taps import AddWindow, OpenAvailability, OpenWeekday, PickCloses, PickOpens
from bot.conversations.availability.window.taps import (
    CopyDay,
    OpenWindow,
    PickClosesAtHalf,
    PickDaysToCopy,
    PickOpensAtHalf,
)
from bot.conversations.shared import clock, misread, windows
from bot.conversations.shared.weekly_hours import day_name, how_to_type
from bot.talk.screen import Button, Screen, home_button, rows_of
from bot.talk.taps import Weekday
from bot.words.typed import week
from bot.words.typed.week_words import NotUnderstood
from bot.words.voice import Html, Voice, lines
from core.hours.availability import AvailabilityCard, WeeklyWindow

MOST_WINDOWS = 40


def day(
    voice: Voice, card: AvailabilityCard, weekday: Weekday, *, before: Html | None = None, toast: str | None = None
) -> Screen:
    title = voice.say("🗓 <b>{weekday}</b>", weekday=voice.weekday(weekday).capitalize())
    of_day = card.of_day(weekday)
    hint = voice.say("Tap hours to change them, or type the day anew: <code>9-13, 15-19</code>")
    none = voice.say("No hours yet. Add some, or type them: <code>9-13, 15-19</code>")
    hours = [Button(windows.hours_button(voice, window), OpenWindow(id_)) for id_, window in of_day[:MOST_WINDOWS]]
    copy = (Button(voice.label("📋 To other days"), PickDaysToCopy(weekday, 0)),) if of_day else ()
    rows = (
        *rows_of(hours, width=2),
        (Button(voice.label("➕ Add hours"), PickOpens(weekday)), *copy),
        (Button(voice.label("‹ Week"), OpenAvailability()), home_button(voice)),
    )
    return Screen(lines(before, title, hint if of_day else none, between="\n\n"), rows, toast)


def pick_opens(voice: Voice, weekday: Weekday, *, at_half: bool = False) -> Screen:
    text = voice.say("🗓 <b>{weekday}</b>: from what time?", weekday=voice.weekday(weekday).capitalize())
    turn = PickOpens(weekday) if at_half else PickOpensAtHalf(weekday)
    rows = clock.opening_rows(lambda opens: PickCloses(weekday, opens), at_half=at_half)
    return Screen(text, (*rows, (clock.other_minutes(turn, at_half=at_half), _back_to_day(voice, weekday))))


def pick_closes(voice: Voice, weekday: Weekday, opens: time, *, at_half: bool = False) -> Screen:
    day = voice.weekday(weekday).capitalize()
    text = voice.say("🗓 <b>{weekday}</b>: from {opens} until?", weekday=day, opens=f"{opens:%-H:%M}")
    turn = PickCloses(weekday, opens) if at_half else PickClosesAtHalf(weekday, opens)
    rows = clock.closing_rows(lambda closes: AddWindow(weekday, opens, closes), opens, at_half=at_half)
    said = lines(text, clock.about_night(voice, opens))
    return Screen(said, (*rows, (clock.other_minutes(turn, at_half=at_half), _back_to_day(voice, weekday))))


def pick_days(voice: Voice, weekday: Weekday, days: int) -> Screen:
    """Ask which days get the same hours as this one; `days` has a bit for each chosen day."""
    text = voice.say(
        "📋 <b>{weekday}</b>: to which days? Their own hours are replaced.", weekday=voice.weekday(weekday).capitalize()
    )
    others = [
        Button(
            f"{day_name(voice, other)} {'✅' if days & 1 << other else '·'}",
            PickDaysToCopy(weekday, days ^ 1 << other),
        )
        for other in Weekday
        if other != weekday
    ]
    copy = ((Button(voice.label("📋 Copy"), CopyDay(weekday, days)),),) if days else ()
    return Screen(text, (*rows_of(others, width=3), *copy, (_back_to_day(voice, weekday),)))


def not_understood(voice: Voice, typed: str, error: NotUnderstood) -> Screen:
    """The typed hours could not be read: show where reading stopped, and how to type them. Nothing was changed."""
    text = lines(
        misread.pointed(voice, typed, error),
        voice.say("Your hours are as they were."),
        how_to_type(voice),
        between="\n\n",
    )
    days = [Button(day_name(voice, weekday), OpenWeekday(weekday)) for weekday in Weekday]
    return Screen(
        text, (*rows_of(days, width=4), (Button(voice.label("‹ Week"), OpenAvailability()), home_button(voice)))
    )


def availability_saved(voice: Voice, joined: Sequence[WeeklyWindow], *, left_outside: int = 0) -> Html:
    return lines(voice.say("✅ Saved."), hours_joined(voice, joined), windows.lessons_stay(voice, left_outside))


def hours_joined(voice: Voice, joined: Sequence[WeeklyWindow]) -> Html | None:
    if not joined:
        return None
    return voice.say("Overlapping hours were joined: {hours}.", hours="; ".join(week.show(joined, voice)))


def _back_to_day(voice: Voice, weekday: Weekday) -> Button:
    return Button(f"‹ {voice.weekday(weekday).capitalize()}", OpenWeekday(weekday))
