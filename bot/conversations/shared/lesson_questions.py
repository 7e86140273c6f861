"""Questions whose answer ends a lesson. The message that asked shows the lesson afterwards."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from bot.talk.context import Context
from bot.talk.questions import Question
from core.lessons import lesson_messages
from core.work import Work

AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class EndsLesson(Question):
    """
    Any text is an answer and ends the lesson: after an hour it was probably meant for something else.

    `asked_in` is the id of the message that asked.
    """

    lapses_after: ClassVar[timedelta | None] = AN_HOUR

    booking_id: int
    asked_in: int | None


async def show_where_asked(context: Context, work: Work, asked: EndsLesson) -> None:
    """Register the message that asked as one that shows the lesson."""
    if asked.asked_in is not None:
        shown = await lesson_messages.standing(work, asked.booking_id)
        await lesson_messages.remember(work, person_id=context.actor.id, message_id=asked.asked_in, shown=shown)
