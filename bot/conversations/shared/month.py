"""A month whose days can be tapped: a dot marks a day without free times, brackets a day picked before."""

from calendar import Calendar
from collections.abc import Callable, Collection
from datetime import date, timedelta

from bot.talk.screen import Button, Row
from bot.talk.taps import LAST_DAY, Nothing, Tap
from bot.words.voice import Voice
from core.times.slots import MonthOffer

NO_DAY = "\N{BRAILLE PATTERN BLANK}"  # Telegram refuses a label that is only spaces
NOT_FREE = "·"


def month_rows(
    voice: Voice,
    month: date,
    *,
    pick: Callable[[date], Tap],
    turn: Callable[[date], Tap],
    first_on: date,
    last_on: date = LAST_DAY,
    marked: Collection[date] = (),
    free: Collection[date] | None = None,
    any_day: bool = True,
) -> tuple[Row, ...]:
    """
    The days from `first_on` to `last_on` can be tapped, and the months from one to the other opened.

    Days that are not `free` have a dot; they can be tapped with `any_day` only.
    """
    shown = min(max(month.replace(day=1), first_on.replace(day=1)), last_on.replace(day=1))

    def day(on: date) -> Button:
        if on.month != shown.month:
            return Button(NO_DAY, Nothing())
        is_free = free is None or on in free
        if not first_on <= on <= last_on or not (is_free or any_day):
            return Button(NOT_FREE, Nothing())
        if on in marked:
            return Button(f"[{on.day}]", pick(on))
        return Button(str(on.day) if is_free else f"{NOT_FREE}{on.day}", pick(on))

    title = (Button(voice.month(shown).capitalize(), Nothing()),)
    header = tuple(Button(voice.weekday_short(weekday).capitalize(), Nothing()) for weekday in range(7))
    weeks = Calendar().monthdatescalendar(shown.year, shown.month)
    days = [tuple(map(day, week)) for week in weeks if week[-1] >= first_on]
    months = _months(voice, shown, turn, first_on, last_on)
    return title, header, *days, *((months,) if months else ())


def offer_rows(
    voice: Voice, offer: MonthOffer, *, pick: Callable[[date], Tap], turn: Callable[[date], Tap]
) -> tuple[Row, ...]:
    """The free days of a month; a month without any has only the buttons to other months."""
    next_month = offer.month + timedelta(days=31)
    last_on = next_month if offer.has_after else next_month.replace(day=1) - timedelta(days=1)
    if not offer.free_days:
        months = _months(voice, offer.month, turn, offer.today, last_on)
        return (months,) if months else ()
    return month_rows(
        voice,
        offer.month,
        pick=pick,
        turn=turn,
        first_on=offer.today,
        last_on=last_on,
        free=offer.free_days,
        any_day=False,
    )


def _months(voice: Voice, shown: date, turn: Callable[[date], Tap], first_on: date, last_on: date) -> Row:
    before, after = shown - timedelta(days=1), shown + timedelta(days=31)
    row: Row = ()
    if before >= first_on:
        row += (Button(f"‹ {voice.month(before).capitalize()}", turn(before.replace(day=1))),)
    if after.replace(day=1) <= last_on:
        row += (Button(f"{voice.month(after).capitalize()} ›", turn(after.replace(day=1))),)
    return row
