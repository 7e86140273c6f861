"""
A student says whether they will be there.

    [I'll be there]   ->  the lesson; the tutor's lesson messages show it
    [Need to change]  ->  move it, cancel it, or leave it
"""

from telegram import Update

from bot.conversations.lessons.attendance import screens
from bot.conversations.lessons.attendance.taps import BeThere, NeedChange
from bot.conversations.shared import lesson_screen
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.lessons import answers


async def be_there(_: Update, context: Context) -> None:
    booking_id = context.tap(BeThere).booking_id
    async with context.begin() as work:
        lesson = await answers.attend(work, booking_id=booking_id, student_id=context.actor.id)
    toast = context.voice.label("See you then")
    await context.show(lesson_screen.one_lesson(context.voice, lesson, now=work.now, toast=toast))


async def need_change(_: Update, context: Context) -> None:
    booking_id = context.tap(NeedChange).booking_id
    async with context.read() as work:
        lesson = await answers.changeable(work, booking_id=booking_id, student_id=context.actor.id)
    await context.show(screens.need_change(context.voice, lesson, now=work.now))


CONVERSATION = Conversation(taps={BeThere: be_there, NeedChange: need_change})
