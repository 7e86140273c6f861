"""Buttons: a tutor answers a request; a student answers a move, a proposal or a written-down lesson."""

from bot.conversations.lessons.moves.taps import AcceptMove, OpenMove, RefuseMove
from bot.conversations.pending.taps import ConfirmLesson, DeclineLesson
from bot.talk.screen import Button, Row
from bot.words.voice import Voice
from core.lessons.lessons import LessonCard


def answer_rows(voice: Voice, lesson: LessonCard) -> tuple[Row, ...]:
    other = Button(voice.label("🔁 Another time"), OpenMove(lesson.id))
    return _answer_row(voice, lesson), (other,)


def _answer_row(voice: Voice, lesson: LessonCard) -> Row:
    return (
        Button(voice.label("✅ Confirm"), ConfirmLesson(lesson.id)),
        Button(voice.label("❌ Decline"), DeclineLesson(lesson.id)),
    )


def reply_rows(voice: Voice, lesson: LessonCard) -> tuple[Row, ...]:
    return (Button(voice.label("👍 That suits me"), AcceptMove(lesson.id)),), refuse_row(voice, lesson)


def refuse_row(voice: Voice, lesson: LessonCard) -> Row:
    no = (
        voice.label("👎 It does not suit me")
        if lesson.answers.moved_by_tutor
        else voice.label("👎 We did not agree on it")
    )
    return (Button(no, RefuseMove(lesson.id)),)
