"""
A student asks for a lesson.

    /book [Book a lesson]  ->  my tutors; a single one at once
    [a tutor]              ->  a month, days with free times can be tapped
    [a day]                ->  the free times of that day, by the student's clock
    [a time]               ->  "Ask for this lesson?"
    [Ask for it]           ->  asked, or booked; the tutor hears of it
                               (taken meanwhile: the day again, with a word why)
"""

from datetime import date

from telegram import Update

from bot import refusals
from bot.context import Context
from bot.routing import Conversation
from bot.screens import booking as screens
from bot.screens import directory as directory_screens
from bot.taps.booking import AskForLesson, OpenFreeDay, OpenMonth, OpenTutor, OpenTutors, PickTime
from core import bookings, directory, packages, slots, tutors
from core.errors import BookingRefused


async def show_tutors(_: Update, context: Context) -> None:
    async with context.read() as work:
        known = await directory.met(work, student_id=context.actor.id, limit=directory_screens.PAGE + 1)
    if len(known) == 1:
        await show_month(context, known[0].card.id, None)
    else:
        await context.show(directory_screens.met(context.voice, known, page=0))


async def open_tutor(_: Update, context: Context) -> None:
    await show_month(context, context.tap(OpenTutor).tutor_id, None)


async def open_month(_: Update, context: Context) -> None:
    tap = context.tap(OpenMonth)
    await show_month(context, tap.tutor_id, tap.month)


async def open_day(_: Update, context: Context) -> None:
    tap = context.tap(OpenFreeDay)
    await show_day(context, tap.tutor_id, tap.on)


async def pick_time(_: Update, context: Context) -> None:
    tap = context.tap(PickTime)
    async with context.read() as work:
        tutor = await tutors.known(work, tap.tutor_id, to=context.actor.id)
        credits_left = await packages.balance(work, tutor_id=tap.tutor_id, student_id=context.actor.id)
    await context.show(screens.confirm(context.voice, tutor, tap.starts_at, now=work.now, credits_left=credits_left))


async def ask_for_lesson(_: Update, context: Context) -> None:
    tap = context.tap(AskForLesson)
    try:
        async with context.begin() as work:
            await tutors.known(work, tap.tutor_id, to=context.actor.id)
            lesson = await bookings.request(
                work, tutor_id=tap.tutor_id, student_id=context.actor.id, starts_at=tap.starts_at
            )
    except BookingRefused as refusal:
        on = context.voice.local(tap.starts_at).date()
        await show_day(context, tap.tutor_id, on, toast=refusals.words(context.voice, refusal))
    else:
        await context.show(screens.requested(context.voice, lesson))


async def show_month(context: Context, tutor_id: int, month: date | None) -> None:
    async with context.read() as work:
        tutor = await tutors.known(work, tutor_id, to=context.actor.id)
        if month and month < context.voice.local(work.now).date().replace(day=1):
            month = None
        offer = await slots.month(work, tutor_id=tutor_id, month=month, timezone=context.voice.timezone)
    await context.show(screens.month(context.voice, tutor, offer))


async def show_day(context: Context, tutor_id: int, on: date, toast: str | None = None) -> None:
    async with context.read() as work:
        tutor = await tutors.known(work, tutor_id, to=context.actor.id)
        offer = await slots.day(work, tutor_id=tutor_id, on=on, timezone=context.voice.timezone)
    await context.show(screens.day(context.voice, tutor, offer, toast=toast))


CONVERSATION = Conversation(
    commands={"book": show_tutors},
    taps={
        OpenTutors: show_tutors,
        OpenTutor: open_tutor,
        OpenMonth: open_month,
        OpenFreeDay: open_day,
        PickTime: pick_time,
        AskForLesson: ask_for_lesson,
    },
)
