"""
A tutor looks at a day and changes single times of it.

    /slots [Times] [a day]               ->  its times: free, booked, blocked, opened by hand
    [a free time] [⛔ a time]             ->  blocked; freed
    [Block hours] [from] [until]         ->  blocked; "12-14" typed: the same
    [Open a time] [from] [until]         ->  offered outside the hours; "18-19" or "Sat 18-19" typed: the same
    [✨ a time]                           ->  offered no more
"""

from datetime import date, timedelta

from telegram import Update

from bot.conversations.slots import screens
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
from bot.talk.context import Context
from bot.talk.questions import Question
from bot.talk.routing import Conversation
from bot.talk.taps import FIRST_DAY
from bot.words.typed import week
from bot.words.typed.week_words import NotUnderstood, Reason
from core.hours import agenda
from core.hours.availability import WeeklyWindow
from core.people import tutors
from core.pure import planning
from core.pure.planning import Span

WEEK = 7


async def show_times(_: Update, context: Context) -> None:
    await show_day(context, context.tap(OpenTimes).on if context.tapped else FIRST_DAY)


async def show_day(context: Context, on: date, toast: str | None = None) -> None:
    async with context.read() as work:
        shown = await agenda.day(work, tutor_id=context.actor.id, on=on)
    await context.show(screens.times(context.voice, shown, toast=toast))


async def pick_day(_: Update, context: Context) -> None:
    async with context.read() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
    today = planning.local_date(zone, work.now)
    await context.show(screens.pick_day(context.voice, context.tap(PickTimesDay).month, today=today))


async def pick_opens(_: Update, context: Context) -> None:
    tap = context.tap(PickSpanOpens)
    async with context.begin() as work:
        await context.ask(work, Question.SPAN, on=tap.on.isoformat(), block=tap.block)
    await context.show(screens.pick_opens(context.voice, tap))


async def pick_closes(_: Update, context: Context) -> None:
    await context.show(screens.pick_closes(context.voice, context.tap(PickSpanCloses)))


async def hear_span(_: Update, context: Context) -> None:
    on, block = date.fromisoformat(context.actor.draft["on"]), context.actor.draft["block"]
    try:
        typed = read_hours(context.words, on)
    except NotUnderstood as error:
        await context.show(screens.not_understood(context.voice, on, context.words, error))
        return
    change = agenda.block if block else agenda.open_custom
    async with context.begin() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
        for window in typed:
            on += timedelta(days=(window.weekday - on.weekday()) % WEEK)
            await change(work, tutor_id=context.actor.id, meant=agenda.span(zone, on, window.opens, window.closes))
        await context.answered(work)
    await show_day(context, on)


def read_hours(typed: str, on: date) -> list[WeeklyWindow]:
    """Hours of that day, or of the weekday that is named."""
    try:
        named = week.parse(typed)
    except NotUnderstood:
        named = week.parse_hours(typed, on.weekday())
    if not named:
        raise NotUnderstood("", 0, Reason.EMPTY)
    return named


async def block_free(_: Update, context: Context) -> None:
    tap = context.tap(BlockFreeTime)
    async with context.begin() as work:
        await agenda.block(work, tutor_id=context.actor.id, meant=Span(tap.starts_at, tap.ends_at))
    await show_day(context, tap.on, toast=context.voice.label("Blocked"))


async def block(_: Update, context: Context) -> None:
    tap = context.tap(BlockTime)
    async with context.begin() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
        await agenda.block(work, tutor_id=context.actor.id, meant=agenda.span(zone, tap.on, tap.opens, tap.closes))
    await show_day(context, tap.on, toast=context.voice.label("Blocked"))


async def unblock(_: Update, context: Context) -> None:
    tap = context.tap(UnblockTime)
    async with context.begin() as work:
        await agenda.unblock(work, tutor_id=context.actor.id, slot_id=tap.slot_id)
    await show_day(context, tap.on, toast=context.voice.label("Free again"))


async def open_time(_: Update, context: Context) -> None:
    tap = context.tap(OpenTime)
    async with context.begin() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
        meant = agenda.span(zone, tap.on, tap.opens, tap.closes)
        await agenda.open_custom(work, tutor_id=context.actor.id, meant=meant)
    await show_day(context, tap.on, toast=context.voice.label("Added"))


async def close_opened(_: Update, context: Context) -> None:
    tap = context.tap(CloseOpenedTime)
    async with context.begin() as work:
        await agenda.close_custom(work, tutor_id=context.actor.id, slot_id=tap.slot_id)
    await show_day(context, tap.on, toast=context.voice.label("Removed"))


CONVERSATION = Conversation(
    commands={"slots": show_times},
    taps={
        OpenTimes: show_times,
        PickTimesDay: pick_day,
        PickSpanOpens: pick_opens,
        PickSpanCloses: pick_closes,
        BlockFreeTime: block_free,
        BlockTime: block,
        UnblockTime: unblock,
        OpenTime: open_time,
        CloseOpenedTime: close_opened,
    },
    words={Question.SPAN: hear_span},
)
