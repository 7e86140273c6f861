"""Whether a student will be there."""

from datetime import datetime

from bot.screen import Button, Row, Screen
from bot.screens import lesson as lessons
from bot.screens.answers import refuse_row
from bot.taps.attendance import BeThere, NeedChange
from bot.taps.lessons import CancelLesson, OpenLesson
from bot.taps.moves import OpenMove
from bot.voice import Voice, lines
from core.bookings import LessonCard


def reply_row(voice: Voice, lesson: LessonCard) -> Row:
    return (
        _be_there(voice, lesson),
        Button(voice.label("✏️ Need to change"), NeedChange(lesson.id)),
    )


def need_change(voice: Voice, lesson: LessonCard, *, now: datetime) -> Screen:
    """Too late to move is still early enough to cancel, which says what it costs; what the tutor settled is refused."""
    is_late = lesson.is_charged_at(now)
    late = voice.say("Moving was possible until {moment}.", moment=voice.moment(lesson.free_until)) if is_late else None
    question = lines(voice.say("<b>What shall I change?</b>"), late, between=" ")
    text = lines(lessons.facts(voice, lesson), question, between="\n\n")
    move = Button(voice.label("🔁 Move"), OpenMove(lesson.id))
    cancel = Button(voice.label("❌ Cancel the lesson"), CancelLesson(lesson.id))
    off = refuse_row(voice, lesson) if lesson.is_refusable_at(now) else (cancel,)
    stay = () if lesson.is_attending else ((_be_there(voice, lesson),),)
    back = (Button(voice.label("‹ Back"), OpenLesson(lesson.id)),)
    return Screen(text, (*(() if is_late else ((move,),)), off, *stay, back), lesson=lesson.shown)


def _be_there(voice: Voice, lesson: LessonCard) -> Button:
    return Button(voice.label("👍 I'll be there"), BeThere(lesson.id))
