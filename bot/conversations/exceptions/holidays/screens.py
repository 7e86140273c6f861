"""Public holidays to take off by one tap."""

from collections.abc import Sequence

from bot.conversations.exceptions import screens as exceptions
from bot.conversations.exceptions.holidays.taps import (
    ChooseCountry,
    OpenHolidays,
    PickCountry,
    TakeAllHolidaysOff,
    TakeHolidayOff,
)
from bot.conversations.exceptions.taps import OpenExceptions
from bot.talk.screen import Button, Screen, home_button, rows_of
from bot.talk.taps import Nothing
from bot.words.places import public_holidays
from bot.words.places.public_holidays import Holiday
from bot.words.voice import Voice, isolated, lines
from core.hours.exceptions import ExceptionCard

MOST = 20
LONGEST_TYPED = 60
COMMON = ("UA", "PL", "DE", "CZ", "GB", "US")


def holidays(
    voice: Voice,
    country: str | None,
    coming: Sequence[Holiday],
    *,
    off: Sequence[ExceptionCard],
    toast: str | None = None,
) -> Screen:
    """`off`: the tutor's exceptions that already close whole days."""
    if country is None:
        return pick_country(voice)
    title = voice.say("🎉 <b>Public holidays</b> · {country}", country=public_holidays.name(country, voice.language))
    hint = voice.say("Tap a day to take it off.") if coming else voice.say("I know of none there.")
    shown = coming[:MOST]
    are_off = {holiday.on: [card for card in off if _is_on(card, holiday)] for holiday in shown}
    conflicts = {lesson.id for cards in are_off.values() for card in cards for lesson in card.conflicts}
    take_all = not all(are_off.values())
    rows = (
        *((_day(voice, holiday, is_off=bool(are_off[holiday.on])),) for holiday in shown),
        (Button(voice.label("🎉 Take all off"), TakeAllHolidaysOff()),) if take_all else (),
        (Button(voice.label("🌍 Other country"), PickCountry()),),
        (Button(voice.label("‹ Days off"), OpenExceptions(0)), home_button(voice)),
    )
    text = lines(title, hint, exceptions.stand(voice, len(conflicts)), between="\n\n")
    return Screen(text, tuple(row for row in rows if row), toast)


def pick_country(voice: Voice) -> Screen:
    text = voice.say("🌍 <b>Which country?</b>\n\nTap it, or type its name.")
    return Screen(text, _countries(voice))


def country_unknown(voice: Voice, typed: str) -> Screen:
    text = voice.say("I know no holidays of “{typed}”. Try the country's full name.", typed=typed[:LONGEST_TYPED])
    return Screen(text, _countries(voice))


def _countries(voice: Voice) -> tuple[tuple[Button, ...], ...]:
    common = [Button(public_holidays.name(code, voice.language), ChooseCountry(code)) for code in COMMON]
    return (*rows_of(common, width=2), (Button(voice.label("‹ Back"), OpenHolidays()), home_button(voice)))


def _is_on(card: ExceptionCard, holiday: Holiday) -> bool:
    return card.exception.first_on <= holiday.on <= card.exception.last_on


def _day(voice: Voice, holiday: Holiday, *, is_off: bool) -> Button:
    label = f"{voice.day(holiday.on)} · {isolated(holiday.name)}"
    return Button(f"✅ {label}", Nothing()) if is_off else Button(label, TakeHolidayOff(holiday.on))
