"""A month whose days can be tapped."""

from calendar import Calendar
from collections.abc import Callable, Collection
from datetime import date, timedelta

from bot.screen import Button, Row
from bot.taps import LAST_DAY, Tap
from bot.taps.anywhere import Nothing
from bot.voice import Voice

NO_DAY = "\N{BRAILLE PATTERN BLANK}"  # Telegram refuses a label of spaces
NOT_OPEN = "·"


def month_rows(
    voice: Voice,
    month: date,
    *,
    pick: Callable[[date], Tap],
    turn: Callable[[date], Tap],
    first_on: date,
    last_on: date = LAST_DAY,
    marked: Collection[date] = (),
    only: Collection[date] | None = None,
) -> tuple[Row, ...]:
    """The days from `first_on` to `last_on` can be tapped, or `only` some, the months around them turned to."""
    shown = min(max(month.replace(day=1), first_on.replace(day=1)), last_on.replace(day=1))

    def day(on: date) -> Button:
        if on.month != shown.month:
            return Button(NO_DAY, Nothing())
        if not first_on <= on <= last_on or (only is not None and on not in only):
            return Button(NOT_OPEN, Nothing())
        return Button(f"[{on.day}]" if on in marked else str(on.day), pick(on))

    title = (Button(voice.month(shown).capitalize(), Nothing()),)
    header = tuple(Button(voice.weekday_short(weekday).capitalize(), Nothing()) for weekday in range(7))
    weeks = Calendar().monthdatescalendar(shown.year, shown.month)
    days = [tuple(map(day, week)) for week in weeks if week[-1] >= first_on]
    months = _months(voice, shown, turn, first_on, last_on)
    return title, header, *days, *((months,) if months else ())


def _months(voice: Voice, shown: date, turn: Callable[[date], Tap], first_on: date, last_on: date) -> Row:
    before, after = shown - timedelta(days=1), shown + timedelta(days=31)
    row: Row = ()
    if before >= first_on:
        row += (Button(f"‹ {voice.month(before).capitalize()}", turn(before.replace(day=1))),)
    if after.replace(day=1) <= last_on:
        row += (Button(f"{voice.month(after).capitalize()} ›", turn(after.replace(day=1))),)
    return row
