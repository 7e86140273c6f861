"""
A person's calendar: a tutor's availability and lessons, a student's lessons.

    /calendar [Calendar]  ->  the month
    [Month in figures]    ->  a tutor's lessons, hours and income below a chart; "/calendar month" does the same
    [a day]               ->  its lessons; each opens its card
    [Week] [Month]        ->  the week by days; the month
    [‹] [›] [Today]       ->  the period before, the one after, the current one
    [Picture] [As text]   ->  the week as a picture; the week as text
"""

import asyncio
from datetime import date

from telegram import Update

from bot.conversations.calendar import screens, statement_screen
from bot.conversations.calendar.taps import (
    OpenCalendarDay,
    OpenCalendarWeek,
    OpenMonth,
    OpenStatement,
    OpenToday,
    ShowWeekPicture,
)
from bot.pictures import calendar_week, statement
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.calendars import calendar, statements

FIGURES = {"month", "місяць"}


async def show_calendar(_: Update, context: Context) -> None:
    if context.words.partition(" ")[2].strip().lower() in FIGURES and context.actor.is_tutor:
        await show_statement_of(context, None)
    else:
        await show_month_of(context, None)


async def show_now(_: Update, context: Context) -> None:
    await show_month_of(context, None)


async def show_month(_: Update, context: Context) -> None:
    await show_month_of(context, context.tap(OpenMonth).month)


async def show_month_of(context: Context, month: date | None) -> None:
    zone = context.voice.timezone
    async with context.read() as work:
        shown = await calendar.month(work, person_id=context.actor.id, month=month, timezone=zone)
    await context.show(screens.month(context.voice, shown))


async def show_availability(_: Update, context: Context) -> None:
    on, zone = context.tap(OpenCalendarWeek).on, context.voice.timezone
    async with context.read() as work:
        shown = await calendar.week(work, person_id=context.actor.id, on=on, timezone=zone)
    await context.show(screens.week(context.voice, shown))


async def show_week_picture(_: Update, context: Context) -> None:
    """Draw it in a thread, so that the event loop stays free."""
    on, voice = context.tap(ShowWeekPicture).on, context.voice
    async with context.read() as work:
        shown = await calendar.week(work, person_id=context.actor.id, on=on, timezone=voice.timezone)
    picture = await asyncio.to_thread(calendar_week.draw, voice, shown)
    await context.show(screens.week_picture(voice, shown, picture))


async def show_day(_: Update, context: Context) -> None:
    on, zone = context.tap(OpenCalendarDay).on, context.voice.timezone
    async with context.read() as work:
        shown = await calendar.day(work, person_id=context.actor.id, on=on, timezone=zone)
    await context.show(screens.day(context.voice, shown))


async def show_statement(_: Update, context: Context) -> None:
    await show_statement_of(context, context.tap(OpenStatement).month)


async def show_statement_of(context: Context, month: date | None) -> None:
    voice = context.voice
    async with context.read() as work:
        shown = await statements.month(work, tutor_id=context.actor.id, month=month, timezone=voice.timezone)
    chart = await asyncio.to_thread(statement.draw, voice, shown)
    await context.show(statement_screen.statement(voice, shown, chart))


CONVERSATION = Conversation(
    commands={"calendar": show_calendar},
    taps={
        OpenToday: show_now,
        OpenMonth: show_month,
        OpenCalendarWeek: show_availability,
        OpenCalendarDay: show_day,
        ShowWeekPicture: show_week_picture,
        OpenStatement: show_statement,
    },
)
