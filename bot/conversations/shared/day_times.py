"""The free times of a day as buttons: by part of the day, and on pages if there are too many."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from bot.talk.screen import Button, Row, rows_of
from bot.talk.taps import Nothing, Tap
from bot.words.voice import N_, Voice

PARTS = (
    (5, N_("🌌 Night")),
    (12, N_("🌅 Morning")),
    (17, N_("☀️ Day")),
    (24, N_("🌙 Evening")),
)
PAGE = 64  # Telegram takes 100 buttons, a reader fewer
SHORT = 5  # characters of 17:00; labels are longer on the night when clocks go back


def rows(
    voice: Voice,
    starts: Sequence[datetime],
    *,
    pick: Callable[[datetime], Tap],
    turn: Callable[[int], Tap],
    page: int = 0,
) -> tuple[Row, ...]:
    """Rows of times by the reader's clock. A page number past the end means the last page."""
    last = max(len(starts) - 1, 0) // PAGE
    page = min(page, last)
    shown = starts[page * PAGE : (page + 1) * PAGE]
    further = (
        *((Button(voice.label("‹ Earlier"), turn(page - 1)),) if page else ()),
        *((Button(voice.label("Later ›"), turn(page + 1)),) if page < last else ()),
    )
    return (*by_parts(voice, shown, pick=pick), *((further,) if further else ()))


def by_parts(voice: Voice, starts: Sequence[datetime], *, pick: Callable[[datetime], Tap]) -> tuple[Row, ...]:
    parts = groupby(starts, lambda at: _part(voice, at))
    return tuple(row for part, times in parts for row in _group(voice, part, list(times), pick))


def _group(voice: Voice, part: str, starts: Sequence[datetime], pick: Callable[[datetime], Tap]) -> tuple[Row, ...]:
    times = [Button(voice.hour(at), pick(at)) for at in starts]
    width = 4 if all(len(button.label) <= SHORT for button in times) else 2
    return ((Button(voice.label(part), Nothing()),), *rows_of(times, width=width))


def _part(voice: Voice, at: datetime) -> str:
    hour = voice.local(at).hour
    return next(part for until, part in PARTS if hour < until)
