"""
A tutor answers requests.

    /pending [Requests]       ->  the requests that wait for an answer
    [Confirm]                 ->  confirmed; the student is told
    [Decline]                 ->  "Why not?"
    [Decline without words]   ->  declined; a typed reason also declines, and the student reads it
"""

from functools import partial

from telegram import Update

from bot.conversations.pending import screens
from bot.conversations.pending.questions import WhyDecline
from bot.conversations.pending.taps import ConfirmLesson, DeclineLesson, DeclineWithoutWords, OpenPending
from bot.conversations.shared import lesson_screen
from bot.conversations.shared.lesson_questions import show_where_asked
from bot.talk import paging
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.errors import NotATutor, NotFound
from core.lessons import bookings, lessons
from core.pure.booking_states import Step, after


async def show_pending(_: Update, context: Context) -> None:
    if not context.actor.is_tutor:
        raise NotATutor
    page = context.tap(OpenPending).page if context.tapped else 0
    async with context.read() as work:
        pending = partial(lessons.pending, work, tutor_id=context.actor.id)
        waiting = await paging.read(pending, page, size=screens.PAGE)
    await context.show(screens.pending(context.voice, waiting))


async def confirm(_: Update, context: Context) -> None:
    async with context.begin() as work:
        lesson = await bookings.confirm(
            work, booking_id=context.tap(ConfirmLesson).booking_id, tutor_id=context.actor.id
        )
    toast = context.voice.label("Confirmed")
    await context.show(lesson_screen.one_lesson(context.voice, lesson, now=work.now, toast=toast))


async def ask_why(_: Update, context: Context) -> None:
    booking_id = context.tap(DeclineLesson).booking_id
    async with context.begin() as work:
        lesson = await lessons.card(work, booking_id=booking_id, viewer_id=context.actor.id)
        if not lesson.viewer_is_tutor:
            raise NotFound
        after(lesson.status, Step.DECLINE)
        await context.ask(work, WhyDecline(booking_id, context.tapped_message_id))
    await context.show(screens.why_decline(context.voice, lesson))


async def decline_without_words(_: Update, context: Context) -> None:
    await decline(context, context.tap(DeclineWithoutWords).booking_id, None)


async def hear_why(_: Update, context: Context) -> None:
    asked = context.asked(WhyDecline)
    await decline(context, asked.booking_id, context.words, asked=asked)


async def decline(context: Context, booking_id: int, reason: str | None, *, asked: WhyDecline | None = None) -> None:
    async with context.begin() as work:
        if asked:
            await show_where_asked(context, work, asked)
        lesson = await bookings.decline(work, booking_id=booking_id, tutor_id=context.actor.id, reason=reason)
        await context.answered(work)
    toast = context.voice.label("Declined")
    await context.show(lesson_screen.one_lesson(context.voice, lesson, now=work.now, toast=toast))


CONVERSATION = Conversation(
    commands={"pending": show_pending},
    taps={
        OpenPending: show_pending,
        ConfirmLesson: confirm,
        DeclineLesson: ask_why,
        DeclineWithoutWords: decline_without_words,
    },
    words={WhyDecline: hear_why},
)
