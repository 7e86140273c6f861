"""A question about the lesson in the message that was tapped: the message shows what the answer does to the lesson."""

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
    Any words are an answer and take the lesson away: after an hour they were probably meant for something else.

    `asked_in` is the message that asked.
    """

    lapses_after: ClassVar[timedelta | None] = AN_HOUR

    booking_id: int
    asked_in: int | None


async def show_where_asked(context: Context, work: Work, asked: EndsLesson) -> None:
    """Let the message that asked change with the lesson from now on."""
    if asked.asked_in is not None:
        shown = await lesson_messages.standing(work, asked.booking_id)
        await lesson_messages.remember(work, person_id=context.actor.id, message_id=asked.asked_in, shown=shown)
