"""
A tutor looks at a day and changes single slots of it.

    /slots [Times] [a day]               ->  its slots: free, booked, blocked, extra
    [a free slot] [⛔ a slot]             ->  blocked; unblocked
    [Block hours] [from] [until]         ->  blocked; "12-14" typed: the same
    [Open a time] [from] [until]         ->  an extra slot; "18-19" or "Sat 18-19" typed: the same
    [✨ an extra slot]                    ->  withdrawn
"""

from datetime import date, timedelta

from telegram import Update

from bot.conversations.slots import screens
from bot.conversations.slots.questions import SlotHours
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
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.talk.taps import FIRST_DAY
from bot.words.typed import week
from bot.words.typed.week_words import NotUnderstood, Reason
from core.hours import tutor_slots
from core.hours.availability import WeeklyWindow
from core.people import tutors
from core.pure.planning.local_time import local_date
from core.pure.planning.values import Span

WEEK = 7


async def show_slots(_: Update, context: Context) -> None:
    await show_day(context, context.tap(OpenSlots).on if context.tapped else FIRST_DAY)


async def show_day(context: Context, on: date, toast: str | None = None) -> None:
    async with context.read() as work:
        shown = await tutor_slots.day(work, tutor_id=context.actor.id, on=on)
    await context.show(screens.slots(context.voice, shown, toast=toast))


async def pick_day(_: Update, context: Context) -> None:
    async with context.read() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
    today = local_date(zone, work.now)
    await context.show(screens.pick_day(context.voice, context.tap(PickSlotsDay).month, today=today))


async def pick_opens(_: Update, context: Context) -> None:
    tap = context.tap(PickSpanOpens)
    async with context.begin() as work:
        await context.ask(work, SlotHours(tap.on, tap.block))
    await context.show(screens.pick_opens(context.voice, tap))


async def pick_closes(_: Update, context: Context) -> None:
    await context.show(screens.pick_closes(context.voice, context.tap(PickSpanCloses)))


async def hear_span(_: Update, context: Context) -> None:
    asked = context.asked(SlotHours)
    on = asked.on
    try:
        typed = read_hours(context.words, on)
    except NotUnderstood as error:
        await context.show(screens.not_understood(context.voice, on, context.words, error))
        return
    change = tutor_slots.block if asked.block else tutor_slots.add_extra
    async with context.begin() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
        for window in typed:
            on += timedelta(days=(window.weekday - on.weekday()) % WEEK)
            await change(work, tutor_id=context.actor.id, meant=tutor_slots.span(zone, on, window.opens, window.closes))
        await context.answered(work)
    await show_day(context, on)


def read_hours(typed: str, on: date) -> list[WeeklyWindow]:
    """Read hours for that day, or for the weekday that the text names."""
    try:
        named = week.parse(typed)
    except NotUnderstood:
        named = week.parse_hours(typed, on.weekday())
    if not named:
        raise NotUnderstood("", 0, Reason.EMPTY)
    return named


async def block_free(_: Update, context: Context) -> None:
    tap = context.tap(BlockFreeSlot)
    async with context.begin() as work:
        await tutor_slots.block(work, tutor_id=context.actor.id, meant=Span(tap.starts_at, tap.ends_at))
    await show_day(context, tap.on, toast=context.voice.label("Blocked"))


async def block(_: Update, context: Context) -> None:
    tap = context.tap(BlockHours)
    async with context.begin() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
        await tutor_slots.block(
            work, tutor_id=context.actor.id, meant=tutor_slots.span(zone, tap.on, tap.opens, tap.closes)
        )
    await show_day(context, tap.on, toast=context.voice.label("Blocked"))


async def unblock(_: Update, context: Context) -> None:
    tap = context.tap(UnblockSlot)
    async with context.begin() as work:
        await tutor_slots.unblock(work, tutor_id=context.actor.id, slot_id=tap.slot_id)
    await show_day(context, tap.on, toast=context.voice.label("Free again"))


async def add_extra_slot(_: Update, context: Context) -> None:
    tap = context.tap(AddExtraSlot)
    async with context.begin() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
        meant = tutor_slots.span(zone, tap.on, tap.opens, tap.closes)
        await tutor_slots.add_extra(work, tutor_id=context.actor.id, meant=meant)
    await show_day(context, tap.on, toast=context.voice.label("Added"))


async def remove_extra_slot(_: Update, context: Context) -> None:
    tap = context.tap(RemoveExtraSlot)
    async with context.begin() as work:
        await tutor_slots.remove_extra(work, tutor_id=context.actor.id, slot_id=tap.slot_id)
    await show_day(context, tap.on, toast=context.voice.label("Removed"))


CONVERSATION = Conversation(
    commands={"slots": show_slots},
    taps={
        OpenSlots: show_slots,
        PickSlotsDay: pick_day,
        PickSpanOpens: pick_opens,
        PickSpanCloses: pick_closes,
        BlockFreeSlot: block_free,
        BlockHours: block,
        UnblockSlot: unblock,
        AddExtraSlot: add_extra_slot,
        RemoveExtraSlot: remove_extra_slot,
    },
    words={SlotHours: hear_span},
)
