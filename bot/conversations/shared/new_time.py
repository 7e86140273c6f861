"""Another time for a lesson: a month, a day, an hour. A tutor may also type a time outside their availability."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.conversations.shared import day_times
from bot.conversations.shared import month as calendar
from bot.talk.screen import Button, Row, Screen
from bot.talk.taps import Tap
from bot.words.voice import Html, Voice, lines
from core.times.offers import DayOffer, MonthOffer

MOST_TIMES = 80
AHEAD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Search:
    """
    A search for a time: the taps for its next steps, and whether any day can be picked or only days with free times.
    """

    title: Html
    month: Callable[[date], Tap]
    day: Callable[[date], Tap]
    pick: Callable[[datetime], Tap]
    back: Button
    is_free: bool
    first_on: date


def month(voice: Voice, search: Search, offer: MonthOffer, *, toast: str | None = None) -> Screen:
    days = _any_day(voice, search, offer) if search.is_free else _free_days(voice, search, offer)
    nearest = _nearest(voice, search, offer)
    return Screen(
        lines(search.title, _month_hint(voice, search, offer), between="\n\n"),
        (*nearest, *days, (search.back,)),
        toast,
    )


def day(voice: Voice, search: Search, offer: DayOffer, *, toast: str | None = None) -> Screen:
    times = day_times.by_parts(voice, [time.starts_at for time in offer.times[:MOST_TIMES]], pick=search.pick)
    title = lines(search.title, voice.say("🗓 <b>{day}</b>", day=voice.long_day(offer.on)))
    to_month = Button(voice.label("‹ Month"), search.month(offer.on.replace(day=1)))
    rows = (*times, _days_beside(voice, search, offer), (to_month, search.back))
    return Screen(
        lines(title, _day_hint(voice, search, offer), between="\n\n"), tuple(row for row in rows if row), toast
    )


def not_understood(voice: Voice, search: Search) -> Screen:
    text = lines(
        search.title,
        voice.say(
            "I can't read a day and a time in this. Try <code>tomorrow 17:30</code> or <code>26.11 17:30</code>."
        ),
        between="\n\n",
    )
    return Screen(text, ((search.back,),))


def _any_day(voice: Voice, search: Search, offer: MonthOffer) -> tuple[Row, ...]:
    return calendar.month_rows(
        voice,
        offer.month,
        calendar.Days(search.first_on, offer.today + AHEAD, free=offer.free_days),
        pick=search.day,
        turn=search.month,
    )


def _free_days(voice: Voice, search: Search, offer: MonthOffer) -> tuple[Row, ...]:
    return calendar.offer_rows(voice, offer, pick=search.day, turn=search.month)


def _month_hint(voice: Voice, search: Search, offer: MonthOffer) -> Html:
    if search.is_free:
        return voice.say(
            "Tap a day; a dot marks those without free times. Or type day and time: <code>tomorrow 17:30</code>, "
            "<code>26.11 17:30</code>. Time zone: {city}.",
            city=voice.city(),
        )
    if offer.free_days:
        return voice.say("Tap a day. Time zone: {city}.", city=voice.city())
    return voice.say("No free times in this month.")


def _day_hint(voice: Voice, search: Search, offer: DayOffer) -> Html:
    if search.is_free and offer.times:
        return voice.say(
            "Tap a free time, or type any other: <code>17:30</code>. Time zone: {city}.", city=voice.city()
        )
    if search.is_free:
        return voice.say(
            "No free times on this day. Type one: <code>17:30</code>. Time zone: {city}.", city=voice.city()
        )
    if offer.times:
        return voice.say("Tap a time. Time zone: {city}.", city=voice.city())
    return voice.say("No free times on this day.")


def _nearest(voice: Voice, search: Search, offer: MonthOffer) -> tuple[Row, ...]:
    if offer.next_free is None:
        return ()
    starts_at = offer.next_free.starts_at
    return ((Button(voice.label("⚡ Nearest: {moment}", moment=voice.moment(starts_at)), search.pick(starts_at)),),)


def _days_beside(voice: Voice, search: Search, offer: DayOffer) -> Row:
    row: Row = ()
    if offer.before:
        row += (Button(f"‹ {voice.day(offer.before)}", search.day(offer.before)),)
    if offer.after:
        row += (Button(f"{voice.day(offer.after)} ›", search.day(offer.after)),)
    return row
