"""How windows of the weekly hours read."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from bot.words.typed import week
from bot.words.voice import Html, Voice
from core.hours.availability import WeeklyWindow

PAUSED, DATED = "⏸", "📆"
MOST_SPECIAL = 20

Special = tuple[bool, date | None, date | None]


def hours_button(voice: Voice, window: WeeklyWindow) -> str:
    mark = "" if window.is_plain else f"{DATED} " if window.is_active else f"{PAUSED} "
    return f"{mark}{hours(voice, window)}"


def hours(voice: Voice, window: WeeklyWindow) -> str:
    shown = week.show_window(window)
    return voice.label("{hours} (next day)", hours=shown) if window.is_overnight else shown


def week_lines(voice: Voice, of_week: Sequence[WeeklyWindow]) -> Iterator[str]:
    """The hours of every week first, then those with dates, then those that rest."""
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


def _said(voice: Voice, alike: Sequence[WeeklyWindow]) -> list[str]:
    return week.show(alike, voice, say=lambda window: hours(voice, window))


def _kind(window: WeeklyWindow) -> Special:
    return window.is_active, window.valid_from, window.valid_until


def _kind_order(window: WeeklyWindow) -> tuple[bool, date, date]:
    return not window.is_active, window.valid_from or date.min, window.valid_until or date.max
