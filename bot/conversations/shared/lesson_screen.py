"""One lesson on a screen, and the short form for older messages."""

from datetime import datetime

from bot.conversations.lessons.taps import OpenLesson, OpenLessons
from bot.conversations.shared import lesson_buttons, lesson_words
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.lessons.lessons import LessonCard


def one_lesson(
    voice: Voice, lesson: LessonCard, *, now: datetime, before: Html | None = None, toast: str | None = None
) -> Screen:
    """One lesson, with everything that its reader can do about it now."""
    told = (
        lesson_words.lessons_held(voice, lesson),
        lesson_words.notes(voice, lesson),
        lesson_words.state(voice, lesson),
    )
    text = lines(before, lesson_words.facts(voice, lesson), *told, between="\n\n")
    rows = (*lesson_words.join(voice, lesson), *lesson_buttons.rows(voice, lesson, now), _ways_back(voice))
    return Screen(text, rows, toast, lesson=lesson.version)


def gone_by(voice: Voice, lesson: LessonCard) -> Screen:
    """What an older message shows when a newer one has the card: the status, and a button to the lesson."""
    title = voice.say("{moment} · {name}", moment=voice.moment(lesson.starts_at), name=voice.name(lesson.other_name))
    open_ = Button(voice.label("📄 The lesson"), OpenLesson(lesson.id))
    return Screen(lines(title, lesson_words.status(voice, lesson)), ((open_,),), lesson=lesson.version)


def _ways_back(voice: Voice) -> Row:
    return Button(voice.label("📚 Lessons"), OpenLessons(0)), home_button(voice)
