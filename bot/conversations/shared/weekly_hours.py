"""A tutor's weekly hours on one screen."""

from bot.conversations.availability.taps import OpenWeekday
from bot.conversations.share.taps import OpenLink
from bot.conversations.shared import windows
from bot.talk.screen import Button, Screen, home_button, rows_of
from bot.talk.taps import Weekday
from bot.words.voice import Html, Voice, lines
from core.hours.availability import AvailabilityCard


def availability(
    voice: Voice, card: AvailabilityCard, *, free_times: int, before: Html | None = None, toast: str | None = None
) -> Screen:
    """`free_times` are offered in the next seven days."""
    title = voice.say("🗓 <b>Weekly hours</b> · {zone}", zone=voice.in_zone(card.timezone).zone())
    hours = _week_lines(voice, card)
    offered = voice.count("{n} time is free in the next 7 days.", "{n} times are free in the next 7 days.", free_times)
    text = lines(before, title, hours, offered if card.windows else None, how_to_type(voice), between="\n\n")
    days = [Button(_day_label(voice, card, weekday), OpenWeekday(weekday)) for weekday in Weekday]
    share = (Button(voice.label("🔗 My link"), OpenLink()),) if card.windows else ()
    return Screen(text, (*rows_of(days, width=4), (*share, home_button(voice))), toast)


def day_name(voice: Voice, weekday: Weekday) -> str:
    return voice.weekday_short(weekday).capitalize()


def how_to_type(voice: Voice) -> Html:
    return voice.say(
        "Tap a day, or type hours: <code>Mon-Fri 9-13, 15-19; Sun off</code>. Days you don't name stay as they are."
    )


def _week_lines(voice: Voice, card: AvailabilityCard) -> Html:
    if not card.windows:
        return voice.say("No hours yet: nobody can book you.")
    return lines(*windows.week_lines(voice, [window for _, window in card.windows]))


def _day_label(voice: Voice, card: AvailabilityCard, weekday: Weekday) -> str:
    return f"{day_name(voice, weekday)} {'✅' if card.of_day(weekday) else '·'}"
