"""A tutor's day, slot by slot."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate, groupby

from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.shared import clock, misread
from bot.conversations.shared import month as calendar
from bot.conversations.slots.taps import (
    AddExtraSlot,
    BlockFreeSlot,
    BlockHours,
    OpenSlots,
    PickSlotsDay,
    PickSpanCloses,
    PickSpanOpens,
    RemoveExtraSlot,
    UnblockSlot,
)
from bot.talk.screen import Button, Row, Screen, home_button, rows_of
from bot.talk.taps import LAST_DAY, Nothing
from bot.words.typed.week_words import NotUnderstood
from bot.words.voice import Html, Voice, lines, wall_clock
from core.hours.tutor_slots import DaySlots, SlotCard, State

ROOM = 90  # a free slot takes one, any other three: Telegram measures the whole keyboard
LONGEST_NAME = 16
FREE_WIDTH = 4
MARKS = {State.ASKED: "⏳", State.BOOKED: "📗", State.BLOCKED: "⛔", State.EXTRA: "✨"}


def slots(voice: Voice, day_slots: DaySlots, *, toast: str | None = None) -> Screen:
    """Every slot of the day is a button: a tap blocks a free one and unblocks a blocked one."""
    theirs, on = voice.in_zone(day_slots.timezone), day_slots.on
    day = voice.long_day(on)
    title = voice.say("🕐 <b>{day}</b> · {zone}", day=day[0].upper() + day[1:], zone=theirs.zone())
    rows = (
        *_slot_rows(theirs, day_slots),
        (
            Button(voice.label("⛔ Block hours"), PickSpanOpens(on, True, False)),
            Button(voice.label("✨ Open a time"), PickSpanOpens(on, False, False)),
        ),
        _days(voice, day_slots),
        (home_button(voice),),
    )
    return Screen(lines(title, _legend(voice, day_slots), between="\n\n"), rows, toast)


def _legend(voice: Voice, day_slots: DaySlots) -> Html:
    """What a tap does to each kind of slot that the day has."""
    if not day_slots.slots:
        return voice.say("Nothing is offered on this day.")
    there = {card.state for card in day_slots.slots}
    return lines(
        voice.say("Tap a free time to block it.") if State.FREE in there else None,
        voice.say("⛔ Blocked: a tap frees it.") if State.BLOCKED in there else None,
        voice.say("✨ Opened by hand: a tap withdraws it.") if State.EXTRA in there else None,
        voice.say("⏳ A request, 📗 a lesson: a tap opens it.") if there & {State.ASKED, State.BOOKED} else None,
    )


def pick_day(voice: Voice, month: date, *, today: date) -> Screen:
    rows = calendar.month_rows(voice, month, calendar.Days(today), pick=OpenSlots, turn=PickSlotsDay)
    text = voice.say("🕐 <b>Times</b>: of which day?")
    return Screen(text, (*rows, (Button(voice.label("‹ Back"), OpenSlots(today)), home_button(voice))))


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
    mark = MARKS[State.BLOCKED if tap.block else State.EXTRA]
    ask = voice.say(
        "{mark} <b>{day}</b>: from {opens} until?",
        mark=mark,
        day=voice.day(tap.on),
        opens=wall_clock(tap.opens),
    )
    chosen = BlockHours if tap.block else AddExtraSlot
    rows = clock.closing_rows(lambda closes: chosen(tap.on, tap.opens, closes), tap.opens, at_half=tap.at_half)
    turn = clock.other_minutes(PickSpanCloses(tap.on, tap.block, tap.opens, not tap.at_half), at_half=tap.at_half)
    said = lines(ask, clock.about_night(voice, tap.opens))
    return Screen(said, (*rows, (turn, _back(voice, tap.on))))


def not_understood(voice: Voice, on: date, typed: str, error: NotUnderstood) -> Screen:
    text = lines(
        misread.pointed(voice, typed, error),
        voice.say("Please type hours like <code>12-15</code>."),
        between="\n\n",
    )
    return Screen(text, ((_back(voice, on), home_button(voice)),))


def _slot_rows(theirs: Voice, day_slots: DaySlots) -> Iterator[Row]:
    """Free slots side by side, all others in a row of their own."""
    shown = _fitting(day_slots.slots)
    for is_free, cards in groupby(shown, key=lambda card: card.state is State.FREE):
        buttons = [_slot(theirs, day_slots.on, card) for card in cards]
        yield from rows_of(buttons, width=FREE_WIDTH if is_free else 1)
    if len(shown) < len(day_slots.slots):
        yield (Button("…", Nothing()),)


def _fitting(slots: Sequence[SlotCard]) -> Sequence[SlotCard]:
    room = accumulate(1 if card.state is State.FREE else 3 for card in slots)
    return slots[: sum(taken <= ROOM for taken in room)]


def _slot(theirs: Voice, on: date, card: SlotCard) -> Button:
    starts_at, ends_at = card.span
    if card.state is State.FREE:
        return Button(theirs.hour(starts_at), BlockFreeSlot(on, starts_at, ends_at))
    said = f"{MARKS[card.state]} {theirs.hours(starts_at, ends_at)}"
    if card.booking_id is not None:
        return Button(f"{said} · {theirs.name((card.student_name or '')[:LONGEST_NAME])}", OpenLesson(card.booking_id))
    assert card.slot_id is not None, "a blocked or extra slot is a row"
    if card.state is State.BLOCKED:
        return Button(said, UnblockSlot(on, card.slot_id))
    return Button(said, RemoveExtraSlot(on, card.slot_id))


def _days(voice: Voice, day_slots: DaySlots) -> Row:
    before, after = day_slots.on - timedelta(days=1), min(day_slots.on + timedelta(days=1), LAST_DAY)
    back = (Button(f"‹ {voice.day(before)}", OpenSlots(before)),) if day_slots.on > day_slots.today else ()
    return (
        *back,
        Button("📅", PickSlotsDay(day_slots.on.replace(day=1))),
        Button(f"{voice.day(after)} ›", OpenSlots(after)),
    )


def _back(voice: Voice, on: date) -> Button:
    return Button(f"‹ {voice.day(on)}", OpenSlots(on))
