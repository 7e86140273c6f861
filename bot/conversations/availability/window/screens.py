"""One window of the availability, and what can be changed of it."""

from datetime import date

from bot.conversations.availability.taps import OpenWeekday, RemoveWindow
from bot.conversations.availability.window.taps import FreeWindow, LimitWindow, OpenWindow, PauseWindow, PickWindowDate
from bot.conversations.shared import month as calendar
from bot.conversations.shared.windows import hours, lessons_stay, validity
from bot.talk.screen import Button, Screen, home_button
from bot.talk.taps import LAST_DAY, Weekday
from bot.words.voice import Html, Voice, lines
from core.hours.availability import WeeklyWindow


def window(
    voice: Voice, id_: int, window: WeeklyWindow, *, today: date, left_outside: int = 0, toast: str | None = None
) -> Screen:
    title = voice.say(
        "🗓 <b>{weekday}, {hours}</b>", weekday=voice.weekday(window.weekday).capitalize(), hours=hours(voice, window)
    )
    pause = voice.label("⏸ Pause") if window.is_active else voice.label("▶️ Resume")
    rows = (
        (
            Button(pause, PauseWindow(id_, window.is_active)),
            Button(voice.label("❌ Remove"), RemoveWindow(Weekday(window.weekday), id_)),
        ),
        (
            Button(voice.label("📆 Valid from…"), PickWindowDate(id_, True, window.valid_from or today)),
            Button(voice.label("📆 Valid until…"), PickWindowDate(id_, False, window.valid_until or today)),
        ),
        (Button(f"‹ {voice.weekday(window.weekday).capitalize()}", _day_of(window)), home_button(voice)),
    )
    said = lines(title, _state(voice, window), lessons_stay(voice, left_outside), between="\n\n")
    return Screen(said, rows, toast)


def pick_date(voice: Voice, id_: int, window: WeeklyWindow, *, is_first: bool, month: date, today: date) -> Screen:
    """A month from which to pick the first or last date; only dates that keep the window valid for at least one day."""
    text = lines(
        voice.say("🗓 <b>{hours}</b>: valid from which day?", hours=hours(voice, window))
        if is_first
        else voice.say("🗓 <b>{hours}</b>: valid until which day?", hours=hours(voice, window)),
        validity(voice, window),
        between="\n\n",
    )
    first_on = today if is_first else max(today, window.valid_from or today)
    days = calendar.month_rows(
        voice,
        month,
        calendar.Days(first_on, (window.valid_until if is_first else None) or LAST_DAY),
        pick=lambda on: LimitWindow(id_, is_first, on),
        turn=lambda turned: PickWindowDate(id_, is_first, turned),
    )
    free = voice.label("From any day") if is_first else voice.label("Without an end")
    has_one = window.valid_from if is_first else window.valid_until
    rows = ((Button(free, FreeWindow(id_, is_first)),),) if has_one else ()
    return Screen(text, (*days, *rows, (Button(voice.label("‹ Back"), OpenWindow(id_)), home_button(voice))))


def _state(voice: Voice, window: WeeklyWindow) -> Html:
    dates = validity(voice, window)
    return lines(
        None if window.is_active else voice.say("⏸ Paused: nobody can book these hours."),
        voice.say("📆 Valid {dates}", dates=dates) if dates else voice.say("Every week."),
    )


def _day_of(window: WeeklyWindow) -> OpenWeekday:
    return OpenWeekday(Weekday(window.weekday))
