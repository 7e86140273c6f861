"""Whether a student will be there."""

from datetime import datetime

from bot.screen import Button, Row, Screen
from bot.screens import lesson as lessons
from bot.taps.attendance import BeThere, NeedChange
from bot.taps.lessons import CancelLesson, OpenLesson
from bot.taps.moves import OpenMove
from bot.voice import Voice, lines
from core.bookings import LessonCard


def reply_row(voice: Voice, lesson: LessonCard) -> Row:
    return (
        Button(voice.label("👍 I'll be there"), BeThere(lesson.id)),
        Button(voice.label("✏️ Need to change"), NeedChange(lesson.id)),
    )


def need_change(voice: Voice, lesson: LessonCard, *, now: datetime) -> Screen:
    """Too late to move is still early enough to cancel, which says what it costs."""
    text = lines(lessons.facts(voice, lesson), voice.say("<b>What shall I change?</b>"), between="\n\n")
    move = Button(voice.label("🔁 Move"), OpenMove(lesson.id))
    cancel = Button(voice.label("❌ Cancel the lesson"), CancelLesson(lesson.id))
    changes = (cancel,) if lesson.is_charged_at(now) else (move, cancel)
    return Screen(text, (changes, (Button(voice.label("‹ Back"), OpenLesson(lesson.id)),)), lesson=lesson.shown)
