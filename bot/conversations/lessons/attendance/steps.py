"""
A student says whether they will be there.

    [I'll be there]   ->  the lesson; the tutor's lesson messages show it
    [Need to change]  ->  move it, cancel it, or leave it
"""

from telegram import Update

from bot.conversations.lessons.attendance import screens
from bot.conversations.lessons.attendance.taps import BeThere, NeedChange
from bot.conversations.shared import lesson_card
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.lessons import attendance


async def be_there(_: Update, context: Context) -> None:
    booking_id = context.tap(BeThere).booking_id
    async with context.begin() as work:
        lesson = await attendance.confirm(work, booking_id=booking_id, student_id=context.actor.id)
    toast = context.voice.label("See you then")
    await context.show(lesson_card.card(context.voice, lesson, now=work.now, toast=toast))


async def need_change(_: Update, context: Context) -> None:
    booking_id = context.tap(NeedChange).booking_id
    async with context.read() as work:
        lesson = await attendance.changeable(work, booking_id=booking_id, student_id=context.actor.id)
    await context.show(screens.need_change(context.voice, lesson, now=work.now))


CONVERSATION = Conversation(taps={BeThere: be_there, NeedChange: need_change})
