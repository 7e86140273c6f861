"""A tutor's day, time by time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate, groupby

from bot.conversations.availability import screens as week
from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.shared import clock
from bot.conversations.shared import month as calendar
from bot.conversations.slots.taps import (
    BlockFreeTime,
    BlockTime,
    CloseOpenedTime,
    OpenTime,
    OpenTimes,
    PickSpanCloses,
    PickSpanOpens,
    PickTimesDay,
    UnblockTime,
)
from bot.talk.screen import Button, Row, Screen, home_button, rows_of
from bot.talk.taps import LAST_DAY, Nothing
from bot.words.typed.week_words import NotUnderstood
from bot.words.voice import Html, Voice, lines, wall_clock
from core.hours.agenda import Agenda, State, TimeCard

ROOM = 90  # a free time takes one, any other three: Telegram measures the whole keyboard
LONGEST_NAME = 16
FREE_WIDTH = 4
MARKS = {State.ASKED: "⏳", State.BOOKED: "📗", State.BLOCKED: "⛔", State.OPENED: "✨"}


def times(voice: Voice, agenda: Agenda, *, toast: str | None = None) -> Screen:
    """Every time of the day is a button: a free one is blocked by a tap, a blocked one freed."""
    theirs, on = voice.in_zone(agenda.timezone), agenda.on
    day = voice.long_day(on)
    title = voice.say("🕐 <b>{day}</b> · {zone}", day=day[0].upper() + day[1:], zone=theirs.zone())
    rows = (
        *_time_rows(theirs, agenda),
        (
            Button(voice.label("⛔ Block hours"), PickSpanOpens(on, True, False)),
            Button(voice.label("✨ Open a time"), PickSpanOpens(on, False, False)),
        ),
        _days(voice, agenda),
        (home_button(voice),),
    )
    return Screen(lines(title, _legend(voice, agenda), between="\n\n"), rows, toast)


def _legend(voice: Voice, agenda: Agenda) -> Html:
    """What a tap does to each kind of time that the day has."""
    if not agenda.times:
        return voice.say("Nothing is offered on this day.")
    there = {card.state for card in agenda.times}
    return lines(
        voice.say("Tap a free time to block it.") if State.FREE in there else None,
        voice.say("⛔ Blocked: a tap frees it.") if State.BLOCKED in there else None,
        voice.say("✨ Opened by hand: a tap withdraws it.") if State.OPENED in there else None,
        voice.say("⏳ A request, 📗 a lesson: a tap opens it.") if there & {State.ASKED, State.BOOKED} else None,
    )


def pick_day(voice: Voice, month: date, *, today: date) -> Screen:
    rows = calendar.month_rows(voice, month, pick=OpenTimes, turn=PickTimesDay, first_on=today)
    text = voice.say("🕐 <b>Times</b>: of which day?")
    return Screen(text, (*rows, (Button(voice.label("‹ Back"), OpenTimes(today)), home_button(voice))))


def pick_opens(voice: Voice, tap: PickSpanOpens) -> Screen:
    ask = (
        voice.say("⛔ <b>{day}</b>: block from what time? You can type it: <code>12-14</code>", day=voice.day(tap.on))
        if tap.block
        else voice.say(
            "✨ <b>{day}</b>: open a time from when? You can type it: <code>18-19</code> or <code>Sat 18-19</code>",
            day=voice.day(tap.on),
        )
    )
    rows = clock.opening_rows(lambda opens: PickSpanCloses(tap.on, tap.block, opens, False), at_half=tap.at_half)
    turn = clock.other_minutes(PickSpanOpens(tap.on, tap.block, not tap.at_half), at_half=tap.at_half)
    return Screen(ask, (*rows, (turn, _back(voice, tap.on))))


def pick_closes(voice: Voice, tap: PickSpanCloses) -> Screen:
    mark = MARKS[State.BLOCKED if tap.block else State.OPENED]
    ask = voice.say(
        "{mark} <b>{day}</b>: from {opens} until?",
        mark=mark,
        day=voice.day(tap.on),
        opens=wall_clock(tap.opens),
    )
    chosen = BlockTime if tap.block else OpenTime
    rows = clock.closing_rows(lambda closes: chosen(tap.on, tap.opens, closes), tap.opens, at_half=tap.at_half)
    turn = clock.other_minutes(PickSpanCloses(tap.on, tap.block, tap.opens, not tap.at_half), at_half=tap.at_half)
    said = lines(ask, clock.about_night(voice, tap.opens))
    return Screen(said, (*rows, (turn, _back(voice, tap.on))))


def not_understood(voice: Voice, on: date, typed: str, error: NotUnderstood) -> Screen:
    text = lines(
        week.pointed(voice, typed, error), voice.say("Please type hours like <code>12-15</code>."), between="\n\n"
    )
    return Screen(text, ((_back(voice, on), home_button(voice)),))


def _time_rows(theirs: Voice, agenda: Agenda) -> Iterator[Row]:
    """Free times side by side, all others in a row of their own."""
    shown = _fitting(agenda.times)
    for is_free, cards in groupby(shown, key=lambda card: card.state is State.FREE):
        buttons = [_time(theirs, agenda.on, card) for card in cards]
        yield from rows_of(buttons, width=FREE_WIDTH if is_free else 1)
    if len(shown) < len(agenda.times):
        yield (Button("…", Nothing()),)


def _fitting(times: Sequence[TimeCard]) -> Sequence[TimeCard]:
    room = accumulate(1 if card.state is State.FREE else 3 for card in times)
    return times[: sum(taken <= ROOM for taken in room)]


def _time(theirs: Voice, on: date, card: TimeCard) -> Button:
    starts_at, ends_at = card.span
    if card.state is State.FREE:
        return Button(theirs.hour(starts_at), BlockFreeTime(on, starts_at, ends_at))
    said = f"{MARKS[card.state]} {theirs.hours(starts_at, ends_at)}"
    if card.booking_id is not None:
        return Button(f"{said} · {theirs.name((card.student_name or '')[:LONGEST_NAME])}", OpenLesson(card.booking_id))
    assert card.slot_id is not None, "what is neither free nor a lesson is written down"
    if card.state is State.BLOCKED:
        return Button(said, UnblockTime(on, card.slot_id))
    return Button(said, CloseOpenedTime(on, card.slot_id))


def _days(voice: Voice, agenda: Agenda) -> Row:
    before, after = agenda.on - timedelta(days=1), min(agenda.on + timedelta(days=1), LAST_DAY)
    back = (Button(f"‹ {voice.day(before)}", OpenTimes(before)),) if agenda.on > agenda.today else ()
    return (
        *back,
        Button("📅", PickTimesDay(agenda.on.replace(day=1))),
        Button(f"{voice.day(after)} ›", OpenTimes(after)),
    )


def _back(voice: Voice, on: date) -> Button:
    return Button(f"‹ {voice.day(on)}", OpenTimes(on))
