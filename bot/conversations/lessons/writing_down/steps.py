"""
A tutor writes down a lesson agreed elsewhere.

    [Write down a lesson]    ->  my students; a name typed is somebody who is not in Telegram
    [a student]              ->  a month, any day can be tapped; "tomorrow 17:30" typed
    [a day] [a time]         ->  the lesson as it would be
    [Write it down]          ->  its card; the student hears of it
                                 (another lesson is there: the day again, with a word why)
"""

from datetime import date, datetime
from functools import partial

from telegram import Update

from bot.conversations.lessons import screens as lesson_screens
from bot.conversations.lessons.writing_down import screens
from bot.conversations.lessons.writing_down.taps import (
    OpenWriteDown,
    OpenWriteDownDay,
    OpenWriteDownMonth,
    PickStudent,
    PickWriteDownTime,
    WriteDownSurely,
)
from bot.conversations.shared import new_time
from bot.talk import paging
from bot.talk.context import Context
from bot.talk.questions import Question
from bot.talk.routing import Conversation
from bot.words import refusals
from bot.words.typed import moment
from core.errors import BookingRefused
from core.lessons import writing_down
from core.lessons.writing_down import BACK
from core.people import tutors
from core.pure.planning import local_instant
from core.times import offers


async def ask_who(_: Update, context: Context) -> None:
    page = context.tap(OpenWriteDown).page
    async with context.begin() as work:
        await tutors.teaching_timezone(work, context.actor.id)
        students = partial(writing_down.students, work, tutor_id=context.actor.id)
        known = await paging.read(students, page, size=screens.PAGE)
        await context.ask(work, Question.STUDENT_NAME)
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
    draft = context.actor.draft
    async with context.read() as work:
        student = await writing_down.student(work, tutor_id=context.actor.id, student_id=draft["student_id"])
    first_on = context.voice.local(work.now - BACK).date()
    typed = moment.parse(
        context.words,
        today=context.voice.local(work.now).date(),
        earliest=first_on,
        on=date.fromisoformat(draft["on"]) if draft["on"] else None,
    )
    if typed is None:
        search = screens.search(context.voice, student, first_on=first_on)
        await context.show(new_time.not_understood(context.voice, search))
    else:
        await ask_surely(context, student.id, local_instant(context.voice.timezone, *typed))


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
        await context.show(lesson_screens.card(context.voice, lesson, now=work.now, before=before))


async def show_month(context: Context, student_id: int, month: date | None) -> None:
    voice, tutor_id = context.voice, context.actor.id
    async with context.begin() as work:
        student = await writing_down.student(work, tutor_id=tutor_id, student_id=student_id)
        shown = month or voice.local(work.now).date()
        offer = await offers.month(work, tutor_id=tutor_id, month=shown, timezone=voice.timezone)
        await context.ask(work, Question.WRITE_DOWN_AT, student_id=student_id, on=None)
    search = screens.search(voice, student, first_on=voice.local(work.now - BACK).date())
    await context.show(new_time.month(voice, search, offer))


async def show_day(context: Context, student_id: int, on: date, toast: str | None = None) -> None:
    voice, tutor_id = context.voice, context.actor.id
    async with context.begin() as work:
        student = await writing_down.student(work, tutor_id=tutor_id, student_id=student_id)
        offer = await offers.day(work, tutor_id=tutor_id, on=on, timezone=voice.timezone)
        await context.ask(work, Question.WRITE_DOWN_AT, student_id=student_id, on=on.isoformat())
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
    words={Question.STUDENT_NAME: hear_name, Question.WRITE_DOWN_AT: hear_time},
)
