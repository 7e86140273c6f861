"""A month whose days can be tapped: a dot is a day without free times, brackets hold what was picked before."""

from calendar import Calendar
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from bot.talk.screen import Button, Row
from bot.talk.taps import LAST_DAY, Nothing, Tap
from bot.words.voice import Voice
from core.times.offers import MonthOffer

NO_DAY = "\N{BRAILLE PATTERN BLANK}"  # Telegram refuses a label of spaces
NOT_FREE = "·"


@dataclass(frozen=True, slots=True)
class Days:
    """
    The days that can be tapped. If only some are `free`, a dot marks the others; without `any_day` those can't be
    tapped. `marked` days were picked before.
    """

    first_on: date
    last_on: date = LAST_DAY
    marked: Collection[date] = ()
    free: Collection[date] | None = None
    any_day: bool = True


def month_rows(
    voice: Voice, month: date, days: Days, *, pick: Callable[[date], Tap], turn: Callable[[date], Tap]
) -> tuple[Row, ...]:
    """Return the month as buttons, with those to the months around it."""
    shown = min(max(month.replace(day=1), days.first_on.replace(day=1)), days.last_on.replace(day=1))

    def day(on: date) -> Button:
        if on.month != shown.month:
            return Button(NO_DAY, Nothing())
        is_free = days.free is None or on in days.free
        if not days.first_on <= on <= days.last_on or not (is_free or days.any_day):
            return Button(NOT_FREE, Nothing())
        if on in days.marked:
            return Button(f"[{on.day}]", pick(on))
        return Button(str(on.day) if is_free else f"{NOT_FREE}{on.day}", pick(on))

    title = (Button(voice.month(shown).capitalize(), Nothing()),)
    header = tuple(Button(voice.weekday_short(weekday).capitalize(), Nothing()) for weekday in range(7))
    weeks = Calendar().monthdatescalendar(shown.year, shown.month)
    buttons = [tuple(map(day, week)) for week in weeks if week[-1] >= days.first_on]
    months = _months(voice, shown, turn, days.first_on, days.last_on)
    return title, header, *buttons, *((months,) if months else ())


def offer_rows(
    voice: Voice, offer: MonthOffer, *, pick: Callable[[date], Tap], turn: Callable[[date], Tap]
) -> tuple[Row, ...]:
    """The month with its free days; without free days only the buttons to other months."""
    next_month = offer.month + timedelta(days=31)
    last_on = next_month if offer.has_after else next_month.replace(day=1) - timedelta(days=1)
    if not offer.free_days:
        months = _months(voice, offer.month, turn, offer.today, last_on)
        return (months,) if months else ()
    days = Days(offer.today, last_on, free=offer.free_days, any_day=False)
    return month_rows(voice, offer.month, days, pick=pick, turn=turn)


def _months(voice: Voice, shown: date, turn: Callable[[date], Tap], first_on: date, last_on: date) -> Row:
    before, after = shown - timedelta(days=1), shown + timedelta(days=31)
    row: Row = ()
    if before >= first_on:
        row += (Button(f"‹ {voice.month(before).capitalize()}", turn(before.replace(day=1))),)
    if after.replace(day=1) <= last_on:
        row += (Button(f"{voice.month(after).capitalize()} ›", turn(after.replace(day=1))),)
    return row
