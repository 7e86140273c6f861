"""Hours to tap, for a beginning and an end; in the evening also the hours after midnight."""

from collections.abc import Callable
from datetime import time

from bot.talk.screen import Button, Row, rows_of
from bot.talk.taps import Tap
from bot.words.voice import Html, Voice, wall_clock

EARLIEST, LATEST = 6, 23
EVENING = 18
NIGHT = "🌙"
HALF = 30
WIDTH = 6
NIGHT_WIDTH = 4


def opening_rows(pick: Callable[[time], Tap], *, at_half: bool) -> tuple[Row, ...]:
    times = [time(hour, HALF if at_half else 0) for hour in range(EARLIEST, LATEST + 1)]
    return rows_of([Button(wall_clock(at), pick(at)) for at in times], width=WIDTH)


def closing_rows(pick: Callable[[time], Tap], opens: time, *, at_half: bool) -> tuple[Row, ...]:
    """Every hour left of the day; 24:00 is its end, and an evening may end the next morning."""
    minute = HALF if at_half else 0
    times = [time(hour, minute) for hour in range(24) if time(hour, minute) > opens]
    buttons = [Button(wall_clock(at), pick(at)) for at in times]
    if not at_half:
        buttons.append(Button("24:00", pick(time.min)))
    night = [time(hour, minute) for hour in range(EARLIEST + 1) if _is_evening(opens) and time(hour, minute) > time.min]
    return (
        *rows_of(buttons, width=WIDTH),
        *rows_of([Button(f"{NIGHT} {wall_clock(at)}", pick(at)) for at in night], width=NIGHT_WIDTH),
    )


def about_night(voice: Voice, opens: time) -> Html | None:
    return voice.say("{mark} is the next day.", mark=NIGHT) if _is_evening(opens) else None


def day_rows(pick: Callable[[time], Tap], *, without: time | None = None) -> tuple[Row, ...]:
    """Every hour of the day, except `without`."""
    times = [time(hour) for hour in range(24) if time(hour) != without]
    return rows_of([Button(wall_clock(at), pick(at)) for at in times], width=WIDTH)


def other_minutes(turn: Tap, *, at_half: bool) -> Button:
    return Button(":00" if at_half else ":30", turn)


def _is_evening(opens: time) -> bool:
    return opens.hour >= EVENING
