"""
A tutor publishes when they teach.

    /availability [Weekly hours]  ->  the week; typing "Mon-Fri 9-13, 15-19" replaces these days
    [a day]                       ->  its hours; typing "9-13" replaces them
    [Add hours] [from] [until]    ->  the day with the new hours, joined with those they overlap
    [To other days] [days] [Copy] ->  the other days have the same hours
    [hours] [Remove]              ->  the day without them
"""

from telegram import Update

from bot.conversations.availability import screens
from bot.conversations.availability.questions import HoursOfDay
from bot.conversations.availability.taps import (
    AddWindow,
    OpenAvailability,
    OpenWeekday,
    PickCloses,
    PickOpens,
    RemoveWindow,
)
from bot.conversations.availability.window.taps import CopyDay, PickClosesAtHalf, PickDaysToCopy, PickOpensAtHalf
from bot.conversations.shared import weekly_hours, windows
from bot.conversations.shared.questions import WhichHours
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.talk.taps import Weekday
from bot.words.typed import week as week_text
from bot.words.typed.week_words import NotUnderstood
from bot.words.voice import Html
from core.hours import availability
from core.hours.availability import WeeklyWindow
from core.times import offers

DAYS_SHOWN = 7


async def show_availability(_: Update, context: Context, before: Html | None = None) -> None:
    """Show the week; the tutor can also type hours."""
    async with context.begin() as work:
        card = await availability.card(work, tutor_id=context.actor.id)
        free_times = await offers.count_free(work, tutor_id=context.actor.id, days=DAYS_SHOWN)
        await context.ask(work, WhichHours())
    await context.show(weekly_hours.availability(context.voice, card, free_times=free_times, before=before))


async def hear_availability(update: Update, context: Context) -> None:
    """Replace the hours of the named days. If a word was not understood, point at it and change nothing."""
    try:
        named = week_text.week_of(context.words)
    except NotUnderstood as error:
        await context.show(screens.not_understood(context.voice, context.words, error))
        return
    typed = week_text.merged(named.windows)
    async with context.begin() as work:
        change = await availability.set_days(
            work, tutor_id=context.actor.id, weekdays=named.days, windows=typed.windows
        )
    saved = screens.availability_saved(context.voice, typed.joined, left_outside=change.left_outside)
    await show_availability(update, context, before=saved)


async def open_weekday(_: Update, context: Context) -> None:
    await show_weekday(context, context.tap(OpenWeekday).weekday)


async def hear_weekday(_: Update, context: Context) -> None:
    """Replace one day's hours; the typed text names no day."""
    weekday = context.asked(HoursOfDay).weekday
    try:
        typed = week_text.merged(week_text.parse_hours(context.words, weekday))
    except NotUnderstood as error:
        await context.show(screens.not_understood(context.voice, context.words, error))
        return
    async with context.begin() as work:
        change = await availability.set_day(work, tutor_id=context.actor.id, weekday=weekday, windows=typed.windows)
    saved = screens.availability_saved(context.voice, typed.joined, left_outside=change.left_outside)
    await show_weekday(context, weekday, before=saved)


async def pick_opens(_: Update, context: Context) -> None:
    await context.show(screens.pick_opens(context.voice, context.tap(PickOpens).weekday))


async def pick_opens_at_half(_: Update, context: Context) -> None:
    await context.show(screens.pick_opens(context.voice, context.tap(PickOpensAtHalf).weekday, at_half=True))


async def pick_closes(_: Update, context: Context) -> None:
    tap = context.tap(PickCloses)
    await context.show(screens.pick_closes(context.voice, tap.weekday, tap.opens))


async def pick_closes_at_half(_: Update, context: Context) -> None:
    tap = context.tap(PickClosesAtHalf)
    await context.show(screens.pick_closes(context.voice, tap.weekday, tap.opens, at_half=True))


async def add_window(_: Update, context: Context) -> None:
    """Add a window; it is merged with plain windows (weekly, without dates) that it overlaps."""
    tap = context.tap(AddWindow)
    window = WeeklyWindow(tap.weekday, tap.opens, tap.closes)
    async with context.begin() as work:
        await availability.add_window(work, tutor_id=context.actor.id, window=window)
        week = await availability.card(work, tutor_id=context.actor.id)
        typed = week_text.merged(each for _, each in week.of_day(tap.weekday) if each.is_plain)
        if typed.joined:
            await availability.set_day(work, tutor_id=context.actor.id, weekday=tap.weekday, windows=typed.windows)
    joined = screens.hours_joined(context.voice, typed.joined)
    await show_weekday(context, tap.weekday, before=joined, toast=context.voice.label("Added"))


async def remove_window(_: Update, context: Context) -> None:
    tap = context.tap(RemoveWindow)
    async with context.begin() as work:
        change = await availability.remove_window(work, tutor_id=context.actor.id, window_id=tap.window_id)
    stay = windows.lessons_stay(context.voice, change.left_outside)
    await show_weekday(context, tap.weekday, before=stay, toast=context.voice.label("Removed"))


async def pick_days_to_copy(_: Update, context: Context) -> None:
    tap = context.tap(PickDaysToCopy)
    await context.show(screens.pick_days(context.voice, tap.weekday, tap.days))


async def copy_day(update: Update, context: Context) -> None:
    tap = context.tap(CopyDay)
    chosen = [day for day in Weekday if tap.days & 1 << day]
    async with context.begin() as work:
        change = await availability.copy_day(work, tutor_id=context.actor.id, weekday=tap.weekday, to=chosen)
    await show_availability(
        update, context, before=screens.availability_saved(context.voice, (), left_outside=change.left_outside)
    )


async def show_weekday(
    context: Context, weekday: Weekday, before: Html | None = None, toast: str | None = None
) -> None:
    async with context.begin() as work:
        card = await availability.card(work, tutor_id=context.actor.id)
        await context.ask(work, HoursOfDay(weekday))
    await context.show(screens.day(context.voice, card, weekday, before=before, toast=toast))


CONVERSATION = Conversation(
    commands={"availability": show_availability},
    taps={
        OpenAvailability: show_availability,
        OpenWeekday: open_weekday,
        PickOpens: pick_opens,
        PickOpensAtHalf: pick_opens_at_half,
        PickCloses: pick_closes,
        PickClosesAtHalf: pick_closes_at_half,
        AddWindow: add_window,
        RemoveWindow: remove_window,
        PickDaysToCopy: pick_days_to_copy,
        CopyDay: copy_day,
    },
    words={WhichHours: hear_availability, HoursOfDay: hear_weekday},
)
