"""
My lessons.

    /lessons [Lessons]     ->  lessons ahead
    [Past lessons]         ->  past lessons
    [a lesson]             ->  the lesson
    [Cancel the lesson]    ->  a student: what it costs; a tutor: "Why?"
    [Yes, cancel]          ->  cancelled; the other one is notified
      a tutor's reason typed: the same
"""

from datetime import datetime
from functools import partial

from telegram import Update

from bot.conversations.lessons import screens
from bot.conversations.lessons.outcomes.taps import OpenPast
from bot.conversations.lessons.taps import CancelLesson, CancelSurely, OpenLesson, OpenLessons
from bot.conversations.shared import landing
from bot.talk import paging
from bot.talk.context import Context
from bot.talk.questions import Question
from bot.talk.routing import Conversation
from core.errors import ChargeNotSaid, LessonBegun
from core.lessons import bookings, lessons
from core.lessons.lessons import LessonCard
from core.pure.booking_states import Step, after


async def show_lessons(_: Update, context: Context) -> None:
    page = context.tap(OpenLessons).page if context.tapped else 0
    async with context.read() as work:
        upcoming = partial(lessons.upcoming, work, person_id=context.actor.id)
        ahead = await paging.read(upcoming, page, size=screens.PAGE)
        both = await landing.is_both(context, work)
    await context.show(screens.upcoming(context.voice, ahead, is_tutor=context.actor.is_tutor, both=both))


async def show_past(_: Update, context: Context) -> None:
    page = context.tap(OpenPast).page
    async with context.read() as work:
        past = partial(lessons.past, work, person_id=context.actor.id)
        behind = await paging.read(past, page, size=screens.PAGE)
        both = await landing.is_both(context, work)
    await context.show(screens.past(context.voice, behind, both=both))


async def open_lesson(_: Update, context: Context) -> None:
    async with context.read() as work:
        lesson = await lessons.card(work, booking_id=context.tap(OpenLesson).booking_id, viewer_id=context.actor.id)
    await context.show(screens.one_lesson(context.voice, lesson, now=work.now))


async def ask_to_cancel(_: Update, context: Context) -> None:
    await ask_surely(context, context.tap(CancelLesson).booking_id)


async def ask_surely(context: Context, booking_id: int) -> None:
    async with context.begin() as work:
        lesson = await lessons.card(work, booking_id=booking_id, viewer_id=context.actor.id)
        check_can_be_cancelled(lesson, now=work.now)
        if lesson.viewer_is_tutor:
            await context.ask_about(work, Question.WHY_CANCEL, booking_id)
            screen = screens.ask_why(context.voice, lesson)
        else:
            screen = screens.ask_to_cancel(context.voice, lesson, now=work.now)
    await context.show(screen)


def check_can_be_cancelled(lesson: LessonCard, *, now: datetime) -> None:
    """Refuse before asking if the lesson can't be cancelled."""
    after(lesson.status, Step.CANCEL_BY_TUTOR if lesson.viewer_is_tutor else Step.CANCEL_BY_STUDENT)
    if lesson.starts_at <= now:
        raise LessonBegun(lesson.starts_at)


async def cancel_surely(_: Update, context: Context) -> None:
    """Ask again if there is a charge that the student was not told of."""
    tap = context.tap(CancelSurely)
    try:
        async with context.begin() as work:
            lesson = await bookings.cancel(
                work, booking_id=tap.booking_id, actor_id=context.actor.id, charge_accepted=tap.charge_said
            )
    except ChargeNotSaid:
        await ask_surely(context, tap.booking_id)
    else:
        toast = context.voice.label("Cancelled")
        await context.show(screens.one_lesson(context.voice, lesson, now=work.now, toast=toast))


async def hear_why(_: Update, context: Context) -> None:
    async with context.begin() as work:
        lesson = await bookings.cancel(
            work,
            booking_id=await context.about_to_answer(work),
            actor_id=context.actor.id,
            reason=context.words,
        )
        await context.answered(work)
    await context.show(screens.one_lesson(context.voice, lesson, now=work.now))


CONVERSATION = Conversation(
    commands={"lessons": show_lessons},
    taps={
        OpenLessons: show_lessons,
        OpenPast: show_past,
        OpenLesson: open_lesson,
        CancelLesson: ask_to_cancel,
        CancelSurely: cancel_surely,
    },
    words={Question.WHY_CANCEL: hear_why},
)
