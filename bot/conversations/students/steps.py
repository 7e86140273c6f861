"""
A tutor's students.

    /students [Students]  ->  students, page by page; the next lesson first
    [a student]           ->  lessons held, the next one, packages
"""

from functools import partial

from telegram import Update

from bot.conversations.students import screens
from bot.conversations.students.taps import OpenStudent, OpenStudents
from bot.talk import paging
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.errors import NotATutor
from core.lessons import packages, students


async def show_students(_: Update, context: Context) -> None:
    if not context.actor.is_tutor:
        raise NotATutor
    page = context.tap(OpenStudents).page if context.tapped else 0
    async with context.read() as work:
        of_tutor = partial(students.of_tutor, work, tutor_id=context.actor.id)
        known = await paging.read(of_tutor, page, size=screens.PAGE)
    await context.show(screens.students(context.voice, known))


async def open_student(_: Update, context: Context) -> None:
    both = {"tutor_id": context.actor.id, "student_id": context.tap(OpenStudent).student_id}
    async with context.read() as work:
        student = await students.of_one(work, **both)
        granted = await packages.of_student(work, **both)
    await context.show(screens.student(context.voice, student, granted))


CONVERSATION = Conversation(
    commands={"students": show_students}, taps={OpenStudents: show_students, OpenStudent: open_student}
)
