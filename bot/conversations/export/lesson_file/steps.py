"""
One lesson as a calendar file.

    [To my calendar]  ->  an .ics file, and a link to Google Calendar
                          (if the lesson was moved: for its present time)
"""

from telegram import Update

from bot.conversations.export.lesson_file import screens
from bot.conversations.export.lesson_file.taps import TakeFile
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.enums import BookingStatus
from core.lessons import lesson_messages, lessons
from core.lessons.lessons import LessonCard
from core.work import Work


async def take_file(_: Update, context: Context) -> None:
    async with context.read() as work:
        lesson = await standing(context, work, context.tap(TakeFile).booking_id)
    await context.show(screens.file(context.voice, lesson, link=context.bot.link, now=work.now))


async def standing(context: Context, work: Work, booking_id: int) -> LessonCard:
    me = context.actor.id
    lesson = await lessons.card(work, booking_id=booking_id, viewer_id=me)
    if lesson.status is not BookingStatus.RESCHEDULED:
        return lesson
    now = await lesson_messages.standing(work, booking_id)
    return await lessons.card(work, booking_id=now.booking_id, viewer_id=me)


CONVERSATION = Conversation(taps={TakeFile: take_file})
