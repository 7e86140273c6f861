"""A lesson as an event in another calendar."""

from datetime import datetime, timedelta

from bot.words.voice import Voice
from core.calendars.ical import Told
from core.lessons.lessons import LessonCard

LONGEST_NAME = 60  # percent encoding makes an address longer, and Telegram limits it


def in_words(
    voice: Voice, lesson: LessonCard, *, link: str, changed_at: datetime, alarm: timedelta | None = None
) -> Told:
    """Return the lesson with the words that the event shows to this reader."""
    description = voice.label("To move or cancel it, write to the bot: {link}", link=link)
    return Told(lesson, _summary(voice, lesson), description, changed_at, alarm)


def _summary(voice: Voice, lesson: LessonCard) -> str:
    name = lesson.other_name[:LONGEST_NAME]
    if lesson.subject:
        return voice.label("{subject}: lesson with {name}", subject=lesson.subject, name=name)
    return voice.label("Lesson with {name}", name=name)
