"""
My lessons.

    /lessons [Lessons]     ->  upcoming lessons
    [Past lessons]         ->  past lessons
    [a lesson]             ->  its card
    [Cancel the lesson]    ->  a student: what it costs; a tutor: "Why?"
    [Yes, cancel]          ->  cancelled; the other person is told
      a tutor types the reason  ->  the same
"""

from datetime import datetime
from functools import partial

from telegram import Update

from bot.conversations.lessons import screens
from bot.conversations.lessons.outcomes.taps import OpenPast
from bot.conversations.lessons.questions import WhyCancel
from bot.conversations.lessons.taps import CancelLesson, CancelSurely, OpenLesson, OpenLessons
from bot.conversations.shared import landing, lesson_screen
from bot.conversations.shared.lesson_questions import show_where_asked
from bot.talk import paging
from bot.talk.context import Context
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
    await context.show(lesson_screen.one_lesson(context.voice, lesson, now=work.now))


async def ask_to_cancel(_: Update, context: Context) -> None:
    await ask_surely(context, context.tap(CancelLesson).booking_id)


async def ask_surely(context: Context, booking_id: int) -> None:
    async with context.begin() as work:
        lesson = await lessons.card(work, booking_id=booking_id, viewer_id=context.actor.id)
        check_can_be_cancelled(lesson, now=work.now)
        if lesson.viewer_is_tutor:
            await context.ask(work, WhyCancel(booking_id, context.tapped_message_id))
            screen = screens.ask_why(context.voice, lesson)
        else:
            screen = screens.ask_to_cancel(context.voice, lesson, now=work.now)
    await context.show(screen)


def check_can_be_cancelled(lesson: LessonCard, *, now: datetime) -> None:
    """Raise before asking if cancelling would be refused anyway."""
    after(lesson.status, Step.CANCEL_BY_TUTOR if lesson.viewer_is_tutor else Step.CANCEL_BY_STUDENT)
    if lesson.starts_at <= now:
        raise LessonBegun(lesson.starts_at)


async def cancel_surely(_: Update, context: Context) -> None:
    """Cancel; if there is a charge that the student was not told, show it and ask again."""
    tap = context.tap(CancelSurely)
    try:
        async with context.begin() as work:
            lesson = await bookings.cancel(
                work, booking_id=tap.booking_id, actor_id=context.actor.id, charge_accepted=tap.charge_said
            )
    except ChargeNotSaid:
        await ask_surely(context, tap.booking_id)
    else:
        await context.show(
            lesson_screen.one_lesson(context.voice, lesson, now=work.now, toast=context.voice.label("Cancelled"))
        )


async def hear_why(_: Update, context: Context) -> None:
    asked, me = context.asked(WhyCancel), context.actor.id
    async with context.begin() as work:
        await show_where_asked(context, work, asked)
        lesson = await bookings.cancel(work, booking_id=asked.booking_id, actor_id=me, reason=context.words)
        await context.answered(work)
    await context.show(lesson_screen.one_lesson(context.voice, lesson, now=work.now))


CONVERSATION = Conversation(
    commands={"lessons": show_lessons},
    taps={
        OpenLessons: show_lessons,
        OpenPast: show_past,
        OpenLesson: open_lesson,
        CancelLesson: ask_to_cancel,
        CancelSurely: cancel_surely,
    },
    words={WhyCancel: hear_why},
)
