"""
A tutor writes down a lesson that was agreed outside the bot.

    [Write down a lesson]    ->  my students; a typed name adds a student who is not in Telegram
    [a student]              ->  a month, any day can be tapped; "tomorrow 17:30" can be typed
    [a day] [a time]         ->  the lesson as it would be
    [Write it down]          ->  its card; the student is told
                                 (another lesson at that time: the day again, with the reason)
"""

from datetime import date, datetime
from functools import partial

from telegram import Update

from bot.conversations.lessons.writing_down import screens
from bot.conversations.lessons.writing_down.questions import NewStudentName, WriteDownAt
from bot.conversations.lessons.writing_down.taps import (
    OpenWriteDown,
    OpenWriteDownDay,
    OpenWriteDownMonth,
    PickStudent,
    PickWriteDownTime,
    WriteDownSurely,
)
from bot.conversations.shared import lesson_screen, new_time, typed_time
from bot.talk import paging
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words import refusals
from core.errors import BookingRefused
from core.lessons import writing_down
from core.lessons.writing_down import BACK
from core.people import tutors
from core.times import offers


async def ask_who(_: Update, context: Context) -> None:
    page = context.tap(OpenWriteDown).page
    async with context.begin() as work:
        await tutors.teaching_timezone(work, context.actor.id)
        students = partial(writing_down.students, work, tutor_id=context.actor.id)
        known = await paging.read(students, page, size=screens.PAGE)
        await context.ask(work, NewStudentName())
    await context.show(screens.who(context.voice, known))


async def hear_name(_: Update, context: Context) -> None:
    async with context.begin() as work:
        student = await writing_down.add_student(work, tutor_id=context.actor.id, name=context.words)
    await show_month(context, student.id, None)


async def pick_student(_: Update, context: Context) -> None:
    await show_month(context, context.tap(PickStudent).student_id, None)


async def open_month(_: Update, context: Context) -> None:
    tap = context.tap(OpenWriteDownMonth)
    await show_month(context, tap.student_id, tap.month)


async def open_day(_: Update, context: Context) -> None:
    tap = context.tap(OpenWriteDownDay)
    await show_day(context, tap.student_id, tap.on)


async def pick_time(_: Update, context: Context) -> None:
    tap = context.tap(PickWriteDownTime)
    await ask_surely(context, tap.student_id, tap.starts_at)


async def hear_time(_: Update, context: Context) -> None:
    asked = context.asked(WriteDownAt)
    async with context.read() as work:
        student = await writing_down.student(work, tutor_id=context.actor.id, student_id=asked.student_id)
    search = screens.search(context.voice, student, first_on=context.voice.local(work.now - BACK).date())
    starts_at = await typed_time.hear(context, search, on=asked.on, now=work.now)
    if starts_at is not None:
        await ask_surely(context, student.id, starts_at)


async def ask_surely(context: Context, student_id: int, starts_at: datetime) -> None:
    async with context.read() as work:
        student = await writing_down.student(work, tutor_id=context.actor.id, student_id=student_id)
        tutor = await tutors.card(work, context.actor.id)
    await context.show(screens.confirm(context.voice, student, starts_at, tutor.lesson))


async def write_down(_: Update, context: Context) -> None:
    tap = context.tap(WriteDownSurely)
    try:
        async with context.begin() as work:
            lesson = await writing_down.write_down(
                work, tutor_id=context.actor.id, student_id=tap.student_id, starts_at=tap.starts_at
            )
    except BookingRefused as refusal:
        on = context.voice.local(tap.starts_at).date()
        await show_day(context, tap.student_id, on, toast=refusals.words(context.voice, refusal))
    else:
        before = screens.written(context.voice)
        await context.show(lesson_screen.one_lesson(context.voice, lesson, now=work.now, before=before))


async def show_month(context: Context, student_id: int, month: date | None) -> None:
    voice, tutor_id = context.voice, context.actor.id
    async with context.begin() as work:
        student = await writing_down.student(work, tutor_id=tutor_id, student_id=student_id)
        shown = month or voice.local(work.now).date()
        offer = await offers.month(work, tutor_id=tutor_id, month=shown, timezone=voice.timezone)
        await context.ask(work, WriteDownAt(student_id, on=None))
    search = screens.search(voice, student, first_on=voice.local(work.now - BACK).date())
    await context.show(new_time.month(voice, search, offer))


async def show_day(context: Context, student_id: int, on: date, toast: str | None = None) -> None:
    voice, tutor_id = context.voice, context.actor.id
    async with context.begin() as work:
        student = await writing_down.student(work, tutor_id=tutor_id, student_id=student_id)
        offer = await offers.day(work, tutor_id=tutor_id, on=on, timezone=voice.timezone)
        await context.ask(work, WriteDownAt(student_id, on))
    search = screens.search(voice, student, first_on=voice.local(work.now - BACK).date())
    await context.show(new_time.day(voice, search, offer, toast=toast))


CONVERSATION = Conversation(
    taps={
        OpenWriteDown: ask_who,
        PickStudent: pick_student,
        OpenWriteDownMonth: open_month,
        OpenWriteDownDay: open_day,
        PickWriteDownTime: pick_time,
        WriteDownSurely: write_down,
    },
    words={NewStudentName: hear_name, WriteDownAt: hear_time},
)
