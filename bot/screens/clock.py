"""Hours of the day to tap: from when, until when."""

from collections.abc import Callable
from datetime import time

from bot.screen import Button, Row, rows_of
from bot.taps import Tap

EARLIEST, LATEST = 6, 23
HALF = 30
WIDTH = 6


def opening_rows(pick: Callable[[time], Tap], *, at_half: bool) -> tuple[Row, ...]:
    times = [time(hour, HALF if at_half else 0) for hour in range(EARLIEST, LATEST + 1)]
    return rows_of([Button(_label(at), pick(at)) for at in times], width=WIDTH)


def closing_rows(pick: Callable[[time], Tap], opens: time, *, at_half: bool) -> tuple[Row, ...]:
    """Every hour of the day that is left; 24:00 closes with the day."""
    minute = HALF if at_half else 0
    times = [time(hour, minute) for hour in range(24) if time(hour, minute) > opens]
    buttons = [Button(_label(at), pick(at)) for at in times]
    if not at_half:
        buttons.append(Button("24:00", pick(time.min)))
    return rows_of(buttons, width=WIDTH)


def other_minutes(turn: Tap, *, at_half: bool) -> Button:
    return Button(":00" if at_half else ":30", turn)


def _label(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"
