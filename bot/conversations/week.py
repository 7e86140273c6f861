"""
A tutor publishes when they teach.

    /availability [Weekly hours]  ->  the week; typing "Mon-Fri 9-13, 15-19" replaces it
    [a day]                       ->  its hours; typing "9-13" replaces them
    [Add hours] [from] [until]    ->  the day with the new hours
    [❌ hours]                     ->  the day without them
    /share [My link]              ->  the link under which students book
"""

from telegram import Update

from bot import landing, week_text
from bot.context import Context
from bot.questions import Question
from bot.routing import Conversation
from bot.screens import week as screens
from bot.taps import AddWindow, OpenLink, OpenWeek, OpenWeekday, PickCloses, PickOpens, RemoveWindow, Weekday
from bot.voice import Html
from bot.week_text import NotUnderstood
from core import availability, slots, tutors
from core.availability import WeeklyWindow
from core.errors import NotATutor

DAYS_SHOWN = 7
DAY_PREFIX = "Mon "


async def show_week(_: Update, context: Context, before: Html | None = None) -> None:
    """Listen for a typed week from now on."""
    async with context.begin() as work:
        card = await availability.week(work, tutor_id=context.actor.id)
        free_times = await slots.count_free(work, tutor_id=context.actor.id, days=DAYS_SHOWN)
        await context.ask(work, Question.WEEK)
    await context.show(screens.week(context.voice, card, free_times=free_times, before=before))


async def hear_week(update: Update, context: Context) -> None:
    """Replace the whole week, or point at the word that was not understood and leave it as it is."""
    try:
        typed = week_text.merged(week_text.parse(context.words))
    except NotUnderstood as error:
        await context.show(screens.not_understood(context.voice, context.words, error))
        return
    async with context.begin() as work:
        await availability.set_week(work, tutor_id=context.actor.id, windows=typed.windows)
    await show_week(update, context, before=screens.week_saved(context.voice, typed.joined))


async def open_weekday(_: Update, context: Context) -> None:
    await show_weekday(context, context.tap(OpenWeekday).weekday)


async def hear_weekday(_: Update, context: Context) -> None:
    """Replace one day's hours; what is typed names no day."""
    weekday = Weekday(context.actor.draft["weekday"])
    try:
        typed = week_text.merged(week_text.parse(DAY_PREFIX + context.words))
    except NotUnderstood as error:
        shifted = NotUnderstood(error.word, max(0, error.position - len(DAY_PREFIX)), error.reason)
        await context.show(screens.not_understood(context.voice, context.words, shifted))
        return
    windows = [WeeklyWindow(weekday, window.opens, window.closes) for window in typed.windows]
    async with context.begin() as work:
        await availability.set_day(work, tutor_id=context.actor.id, weekday=weekday, windows=windows)
    await show_weekday(context, weekday)


async def pick_opens(_: Update, context: Context) -> None:
    await context.show(screens.pick_opens(context.voice, context.tap(PickOpens).weekday))


async def pick_closes(_: Update, context: Context) -> None:
    tap = context.tap(PickCloses)
    await context.show(screens.pick_closes(context.voice, tap.weekday, tap.opens))


async def add_window(_: Update, context: Context) -> None:
    tap = context.tap(AddWindow)
    window = WeeklyWindow(tap.weekday, tap.opens, tap.closes)
    async with context.begin() as work:
        await availability.add_window(work, tutor_id=context.actor.id, window=window)
    await show_weekday(context, tap.weekday, toast=context.voice.label("Added"))


async def remove_window(_: Update, context: Context) -> None:
    tap = context.tap(RemoveWindow)
    async with context.begin() as work:
        await availability.remove_window(work, tutor_id=context.actor.id, window_id=tap.window_id)
    await show_weekday(context, tap.weekday, toast=context.voice.label("Removed"))


async def show_weekday(context: Context, weekday: Weekday, toast: str | None = None) -> None:
    async with context.begin() as work:
        card = await availability.week(work, tutor_id=context.actor.id)
        await context.ask(work, Question.WEEKDAY, weekday=weekday)
    await context.show(screens.day(context.voice, card, weekday, toast=toast))


async def show_link(_: Update, context: Context) -> None:
    async with context.read() as work:
        if not context.actor.is_tutor:
            raise NotATutor
        code = await tutors.share_code(work, context.actor.id)
    url = f"https://t.me/{context.bot.username}?start={code}"
    await context.show(screens.link(context.voice, url, landing.own_name(context)))


CONVERSATION = Conversation(
    commands={"availability": show_week, "share": show_link},
    taps={
        OpenWeek: show_week,
        OpenWeekday: open_weekday,
        PickOpens: pick_opens,
        PickCloses: pick_closes,
        AddWindow: add_window,
        RemoveWindow: remove_window,
        OpenLink: show_link,
    },
    words={Question.WEEK: hear_week, Question.WEEKDAY: hear_weekday},
)
