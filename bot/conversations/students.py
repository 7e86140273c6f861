"""
A tutor's students.

    /students [Students]  ->  who comes next, page by page
    [a student]           ->  lessons held, the next one, packages
"""

from telegram import Update

from bot.context import Context
from bot.routing import Conversation
from bot.screens import students as screens
from bot.taps.students import OpenStudent, OpenStudents
from core import packages, students
from core.errors import NotATutor


async def show_students(_: Update, context: Context) -> None:
    if not context.actor.is_tutor:
        raise NotATutor
    await show_page(context, context.tap(OpenStudents).page if context.tapped else 0)


async def show_page(context: Context, page: int) -> None:
    """A page that has emptied meanwhile leads back to the first."""
    async with context.read() as work:
        known = await students.of_tutor(
            work, tutor_id=context.actor.id, limit=screens.PAGE + 1, offset=page * screens.PAGE
        )
    if page and not known:
        await show_page(context, 0)
        return
    await context.show(screens.students(context.voice, known, page=page))


async def open_student(_: Update, context: Context) -> None:
    both = {"tutor_id": context.actor.id, "student_id": context.tap(OpenStudent).student_id}
    async with context.read() as work:
        student = await students.of_one(work, **both)
        granted = await packages.of_student(work, **both)
    await context.show(screens.student(context.voice, student, granted))


CONVERSATION = Conversation(
    commands={"students": show_students}, taps={OpenStudents: show_students, OpenStudent: open_student}
)
