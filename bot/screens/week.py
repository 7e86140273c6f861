"""A tutor's weekly hours, and the link under which they are booked."""

from collections.abc import Sequence
from datetime import time
from urllib.parse import quote

from bot import week_text
from bot.screen import Button, Screen, rows_of
from bot.screens.home import home_button
from bot.taps import AddWindow, OpenLink, OpenWeek, OpenWeekday, PickCloses, PickOpens, RemoveWindow, Weekday
from bot.voice import Html, Voice, lines
from bot.week_text import NotUnderstood, Reason
from core.availability import WeekCard, WeeklyWindow

EARLIEST, LATEST = 6, 23
MIDNIGHT = time(0)


def week(
    voice: Voice, card: WeekCard, *, free_times: int, before: Html | None = None, toast: str | None = None
) -> Screen:
    """`free_times` are offered in the next seven days."""
    title = voice.say("🗓 <b>Weekly hours</b> · {zone}", zone=voice.in_zone(card.timezone).zone())
    hours = _week_lines(voice, card)
    offered = voice.count("{n} time is free in the next 7 days.", "{n} times are free in the next 7 days.", free_times)
    text = lines(before, title, hours, offered if card.windows else None, _how_to_type(voice), between="\n\n")
    days = [Button(_day_label(voice, card, weekday), OpenWeekday(weekday)) for weekday in Weekday]
    share = (Button(voice.label("🔗 My link"), OpenLink()),) if card.windows else ()
    return Screen(text, (*rows_of(days, width=4), (*share, home_button(voice))), toast)


def day(voice: Voice, card: WeekCard, weekday: Weekday, *, toast: str | None = None) -> Screen:
    title = voice.say("🗓 <b>{weekday}</b>", weekday=voice.weekday(weekday).capitalize())
    windows = [(id_, window) for id_, window in card.windows if window.weekday == weekday]
    hint = voice.say("Tap hours to remove them, or type the day anew: <code>9-13, 15-19</code>")
    none = voice.say("No hours yet. Add some, or type them: <code>9-13, 15-19</code>")
    remove = [Button(f"❌ {show_hours(window)}", RemoveWindow(weekday, id_)) for id_, window in windows[:40]]
    rows = (
        *rows_of(remove, width=2),
        (Button(voice.label("➕ Add hours"), PickOpens(weekday)),),
        (Button(voice.label("‹ Week"), OpenWeek()), home_button(voice)),
    )
    return Screen(lines(title, hint if windows else none, between="\n\n"), rows, toast)


def pick_opens(voice: Voice, weekday: Weekday) -> Screen:
    text = voice.say("🗓 <b>{weekday}</b>: from what time?", weekday=voice.weekday(weekday).capitalize())
    hours = [Button(f"{hour}:00", PickCloses(weekday, time(hour))) for hour in range(EARLIEST, LATEST + 1)]
    return Screen(text, (*rows_of(hours, width=6), (_back_to_day(voice, weekday),)))


def pick_closes(voice: Voice, weekday: Weekday, opens: time) -> Screen:
    day = voice.weekday(weekday).capitalize()
    text = voice.say("🗓 <b>{weekday}</b>: from {opens} until?", weekday=day, opens=f"{opens:%-H:%M}")
    hours = [time(hour % 24, opens.minute) for hour in range(opens.hour + 1, 25)]
    ends = [Button(_end_label(end), AddWindow(weekday, opens, end)) for end in hours]
    return Screen(text, (*rows_of(ends, width=6), (_back_to_day(voice, weekday),)))


def not_understood(voice: Voice, typed: str, error: NotUnderstood) -> Screen:
    """Point at the word that stopped the reading; nothing was changed."""
    before, after = typed[: error.position][-40:], typed[error.position + len(error.word) :][:20]
    shown = lines(before, Html(f"<b>{lines(error.word[:40])}</b>"), after, between="") if error.word else None
    text = lines(
        _reason(voice, error), shown, voice.say("Your hours are as they were."), _how_to_type(voice), between="\n\n"
    )
    return Screen(text, ((Button(voice.label("‹ Week"), OpenWeek()), home_button(voice)),))


def week_saved(voice: Voice, joined: Sequence[WeeklyWindow]) -> Html:
    saved = voice.say("✅ Saved.")
    if not joined:
        return saved
    return lines(
        saved, voice.say("Overlapping hours were joined: {hours}.", hours="; ".join(week_text.show(joined, voice)))
    )


def link(voice: Voice, url: str, name: str) -> Screen:
    text = lines(
        voice.say("🔗 <b>Your link</b>"),
        voice.say("Send it to your students. Whoever opens it sees your free times and can ask for a lesson."),
        Html(url),
        between="\n\n",
    )
    invitation = voice.label("Book a lesson with {name}:", name=name)
    share = f"https://t.me/share/url?url={quote(url)}&text={quote(invitation)}"
    return Screen(
        text,
        (
            (Button(voice.label("📤 Send"), url=share), Button(voice.label("📋 Copy"), copy=url)),
            (Button(voice.label("🗓 Weekly hours"), OpenWeek()), home_button(voice)),
        ),
    )


def show_hours(window: WeeklyWindow) -> str:
    return week_text.show_hours(window.opens, window.closes)


def _week_lines(voice: Voice, card: WeekCard) -> Html:
    if not card.windows:
        return voice.say("No hours yet: nobody can book you.")
    return lines(*week_text.show([window for _, window in card.windows], voice))


def _how_to_type(voice: Voice) -> Html:
    return voice.say("Tap a day, or type the whole week: <code>Mon-Fri 9-13, 15-19; Sat 10-14</code>")


def _day_label(voice: Voice, card: WeekCard, weekday: Weekday) -> str:
    has_hours = any(window.weekday == weekday for _, window in card.windows)
    return f"{voice.weekday_short(weekday).capitalize()} {'✅' if has_hours else '·'}"


def _end_label(end: time) -> str:
    return "24:00" if end == MIDNIGHT else f"{end:%-H:%M}"


def _back_to_day(voice: Voice, weekday: Weekday) -> Button:
    return Button(f"‹ {voice.weekday(weekday).capitalize()}", OpenWeekday(weekday))


def _reason(voice: Voice, error: NotUnderstood) -> Html:
    match error.reason:
        case Reason.UNKNOWN_WORD:
            return voice.say("I don't understand this word:")
        case Reason.BAD_TIME:
            return voice.say("This is not a time range I can read:")
        case Reason.EMPTY_WINDOW:
            return voice.say("These hours begin and end at the same time:")
        case Reason.HOURS_WITHOUT_DAY:
            return voice.say("Which day is this for?")
        case Reason.DAY_WITHOUT_HOURS:
            return voice.say("From when until when on this day?")
        case Reason.EMPTY:
            return voice.say("There are no hours in this message.")
        case Reason.TOO_LONG:
            return voice.say("That is too long for me to read.")
