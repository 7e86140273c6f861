"""Whether a student will attend."""

from datetime import datetime

from bot.conversations.lessons.attendance.taps import BeThere, NeedChange
from bot.conversations.lessons.moves.taps import OpenMove
from bot.conversations.lessons.taps import CancelLesson, OpenLesson
from bot.conversations.shared import lesson_words
from bot.conversations.shared.answer_buttons import refuse_row
from bot.talk.screen import Button, Row, Screen
from bot.words.voice import Voice, lines
from core.lessons.lessons import LessonCard


def reply_row(voice: Voice, lesson: LessonCard) -> Row:
    return (
        _be_there(voice, lesson),
        Button(voice.label("✏️ Need to change"), NeedChange(lesson.id)),
    )


def need_change(voice: Voice, lesson: LessonCard, *, now: datetime) -> Screen:
    """
    Offer to move or cancel. If it is too late to move, cancelling is still possible, for a charge; a time that the
    tutor chose alone can be refused for free.
    """
    is_late, until = lesson.is_charged_at(now), voice.moment(lesson.terms.free_until)
    late = voice.say("Moving was possible until {moment}.", moment=until) if is_late else None
    question = lines(voice.say("<b>What shall I change?</b>"), late, between=" ")
    text = lines(lesson_words.facts(voice, lesson), question, between="\n\n")
    move = Button(voice.label("🔁 Move"), OpenMove(lesson.id))
    cancel = Button(voice.label("❌ Cancel the lesson"), CancelLesson(lesson.id))
    off = refuse_row(voice, lesson) if lesson.is_refusable_at(now) else (cancel,)
    stay = () if lesson.answers.is_attending else ((_be_there(voice, lesson),),)
    back = (Button(voice.label("‹ Back"), OpenLesson(lesson.id)),)
    return Screen(text, (*(() if is_late else ((move,),)), off, *stay, back), lesson=lesson.version)


def _be_there(voice: Voice, lesson: LessonCard) -> Button:
    return Button(voice.label("👍 I'll be there"), BeThere(lesson.id))
