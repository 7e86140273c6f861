"""
A tutor takes days off, or teaches at other hours.

    /exceptions [Days off]                ->  those ahead
    [Day off] [what it is]                ->  a month
    [Other hours]                         ->  a month
    [first day] [last day | Only this]    ->  "All day?"; other hours: from what time?
    [All day] | [from] [until] | "12-15"  ->  its card, with the conflicts; no lesson is touched
      words typed                         ->  what students read when their lesson is called off for it
    [Remove] [Yes, remove]                ->  those ahead
"""

from telegram import Update

from bot.conversations.exceptions import screens
from bot.conversations.exceptions.questions import ExceptionHours, ExceptionWords
from bot.conversations.exceptions.taps import (
    AddDaysOff,
    AddExceptionHours,
    OpenException,
    OpenExceptions,
    PickExceptionCloses,
    PickExceptionOpens,
    PickExceptionType,
    PickFirstDay,
    PickLastDay,
    PickPart,
    RemoveException,
    RemoveExceptionSurely,
)
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words.typed import week
from bot.words.typed.week_words import NotUnderstood
from core.hours import exceptions
from core.hours.exceptions import ExceptionDates
from core.people import tutors
from core.pure.planning.local_time import local_date
from core.work import Work


async def show_exceptions(_: Update, context: Context) -> None:
    await show_page(context, context.tap(OpenExceptions).page if context.tapped else 0)


async def show_page(context: Context, page: int, toast: str | None = None) -> None:
    async with context.read() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
        coming = await exceptions.coming(work, tutor_id=context.actor.id)
    await context.show(screens.exceptions(context.voice, coming, timezone=zone, page=page, toast=toast))


async def pick_type(_: Update, context: Context) -> None:
    await context.show(screens.pick_type(context.voice))


async def pick_first(_: Update, context: Context) -> None:
    async with context.read() as work:
        zone = await tutors.teaching_timezone(work, context.actor.id)
    today = local_date(zone, work.now)
    await context.show(screens.pick_first(context.voice, context.tap(PickFirstDay), today=today))


async def pick_last(_: Update, context: Context) -> None:
    await context.show(screens.pick_last(context.voice, context.tap(PickLastDay)))


async def pick_part(_: Update, context: Context) -> None:
    """Ask for the hours; for a day off offer the whole day, too."""
    tap = context.tap(PickPart)
    opens = PickExceptionOpens(tap.type_, tap.is_working, tap.first_on, tap.last_on, at_half=False)
    async with context.begin() as work:
        await ask_for_hours(context, work, opens)
    voice = context.voice
    await context.show(screens.pick_opens(voice, opens) if tap.is_working else screens.pick_part(voice, tap))


async def pick_opens(_: Update, context: Context) -> None:
    tap = context.tap(PickExceptionOpens)
    async with context.begin() as work:
        await ask_for_hours(context, work, tap)
    await context.show(screens.pick_opens(context.voice, tap))


async def pick_closes(_: Update, context: Context) -> None:
    await context.show(screens.pick_closes(context.voice, context.tap(PickExceptionCloses)))


async def ask_for_hours(context: Context, work: Work, tap: PickExceptionOpens) -> None:
    await context.ask(work, ExceptionHours(tap.type_, tap.is_working, tap.first_on, tap.last_on))


async def hear_hours(_: Update, context: Context) -> None:
    asked = context.asked(ExceptionHours)
    try:
        typed = week.merged(week.parse_hours(context.words, asked.first_on.weekday()))
    except NotUnderstood as error:
        await context.show(screens.not_understood(context.voice, context.words, error))
        return
    days = asked.type, asked.first_on, asked.last_on
    wanted = [ExceptionDates(*days, window.opens, window.closes, asked.is_working) for window in typed.windows]
    await add(context, *wanted)


async def add_days_off(_: Update, context: Context) -> None:
    tap = context.tap(AddDaysOff)
    await add(context, ExceptionDates(tap.type_, tap.first_on, tap.last_on))


async def add_hours(_: Update, context: Context) -> None:
    tap = context.tap(AddExceptionHours)
    await add(context, ExceptionDates(tap.type_, tap.first_on, tap.last_on, tap.opens, tap.closes, tap.is_working))


async def add(context: Context, *wanted: ExceptionDates) -> None:
    async with context.begin() as work:
        added = await exceptions.add_all(work, tutor_id=context.actor.id, wanted=wanted)
    if len(added) == 1:
        await show_card(context, added[0].id, toast=context.voice.label("Added"))
    else:
        await show_page(context, 0, toast=context.voice.label("Added"))


async def open_exception(_: Update, context: Context) -> None:
    await show_card(context, context.tap(OpenException).exception_id)


async def show_card(context: Context, exception_id: int, toast: str | None = None) -> None:
    async with context.begin() as work:
        card = await exceptions.card(work, tutor_id=context.actor.id, exception_id=exception_id)
        await context.ask(work, ExceptionWords(exception_id))
    await context.show(screens.card(context.voice, card, toast=toast))


async def hear_words(_: Update, context: Context) -> None:
    exception_id = context.asked(ExceptionWords).exception_id
    async with context.begin() as work:
        card = await exceptions.explain(work, tutor_id=context.actor.id, exception_id=exception_id, words=context.words)
    await context.show(screens.card(context.voice, card))


async def ask_to_remove(_: Update, context: Context) -> None:
    async with context.read() as work:
        card = await exceptions.card(
            work, tutor_id=context.actor.id, exception_id=context.tap(RemoveException).exception_id
        )
    await context.show(screens.ask_to_remove(context.voice, card))


async def remove(_: Update, context: Context) -> None:
    async with context.begin() as work:
        exception_id = context.tap(RemoveExceptionSurely).exception_id
        await exceptions.remove(work, tutor_id=context.actor.id, exception_id=exception_id)
    await show_page(context, 0, toast=context.voice.label("Removed"))


CONVERSATION = Conversation(
    commands={"exceptions": show_exceptions},
    taps={
        OpenExceptions: show_exceptions,
        PickExceptionType: pick_type,
        PickFirstDay: pick_first,
        PickLastDay: pick_last,
        PickPart: pick_part,
        PickExceptionOpens: pick_opens,
        PickExceptionCloses: pick_closes,
        AddDaysOff: add_days_off,
        AddExceptionHours: add_hours,
        OpenException: open_exception,
        RemoveException: ask_to_remove,
        RemoveExceptionSurely: remove,
    },
    words={ExceptionHours: hear_hours, ExceptionWords: hear_words},
)
