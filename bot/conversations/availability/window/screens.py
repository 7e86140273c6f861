"""One window of the availability, and the changes a tutor can make to it."""

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
    """Pick the first or last date of a window; only dates that leave it at least one day."""
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


def hours_button(voice: Voice, window: WeeklyWindow) -> str:
    mark = "" if window.is_plain else f"{DATED} " if window.is_active else f"{PAUSED} "
    return f"{mark}{hours(voice, window)}"


def hours(voice: Voice, window: WeeklyWindow) -> str:
    shown = week.show_window(window)
    return voice.label("{hours} (next day)", hours=shown) if window.is_overnight else shown


def week_lines(voice: Voice, of_week: Sequence[WeeklyWindow]) -> Iterator[str]:
    """The hours of every week first, then those with dates, then the paused ones."""
    yield from _said(voice, [window for window in of_week if window.is_plain])
    special = sorted((window for window in of_week if not window.is_plain), key=_kind_order)
    groups = [(kind, list(alike)) for kind, alike in groupby(special, key=_kind)]
    for (is_active, *_), alike in groups[:MOST_SPECIAL]:
        dates = validity(voice, alike[0])
        for said in _said(voice, alike):
            yield " ".join(filter(None, (DATED if is_active else PAUSED, said, f"· {dates}" if dates else "")))
    if len(groups) > MOST_SPECIAL:
        yield "…"


def validity(voice: Voice, window: WeeklyWindow) -> str | None:
    first, last = window.valid_from, window.valid_until
    if first and last:
        return voice.label("from {first} until {last}", first=voice.full_date(first), last=voice.full_date(last))
    if first:
        return voice.label("from {first}", first=voice.full_date(first))
    return voice.label("until {last}", last=voice.full_date(last)) if last else None


def lessons_stay(voice: Voice, left_outside: int) -> Html | None:
    if not left_outside:
        return None
    return voice.count(
        "⚠️ {n} lesson is outside your hours now: it stays as booked.",
        "⚠️ {n} lessons are outside your hours now: they stay as booked.",
        left_outside,
    )


def _state(voice: Voice, window: WeeklyWindow) -> Html:
    dates = validity(voice, window)
    return lines(
        None if window.is_active else voice.say("⏸ Paused: nobody can book these hours."),
        voice.say("📆 Valid {dates}", dates=dates) if dates else voice.say("Every week."),
    )


def _day_of(window: WeeklyWindow) -> OpenWeekday:
    return OpenWeekday(Weekday(window.weekday))
