"""Requests that wait for a tutor, the tutor's answer, and a student's answer to what the tutor settled alone."""

from bot.conversations.lessons.moves.taps import AcceptMove, OpenMove, RefuseMove
from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.pending.taps import ConfirmLesson, DeclineLesson, DeclineWithoutWords, OpenPending
from bot.conversations.shared import lesson as lessons
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words.voice import Voice, lines
from core.lessons.lessons import LessonCard

PAGE = 8


def pending(voice: Voice, waiting: Page[LessonCard], *, toast: str | None = None) -> Screen:
    if not waiting.shown:
        return Screen(voice.say("📥 <b>Requests</b>\n\nNobody waits for your answer."), ((home_button(voice),),), toast)
    text = voice.say("📥 <b>Requests</b>\n\nTap one to answer.")
    rows = paging.rows(waiting, lambda lesson: Button(_label(voice, lesson), OpenLesson(lesson.id)), OpenPending)
    return Screen(text, (*rows, (home_button(voice),)), toast)


def answer_rows(voice: Voice, lesson: LessonCard) -> tuple[Row, ...]:
    other = Button(voice.label("🔁 Another time"), OpenMove(lesson.id))
    return answer_row(voice, lesson), (other,)


def answer_row(voice: Voice, lesson: LessonCard) -> Row:
    return (
        Button(voice.label("✅ Confirm"), ConfirmLesson(lesson.id)),
        Button(voice.label("❌ Decline"), DeclineLesson(lesson.id)),
    )


def reply_rows(voice: Voice, lesson: LessonCard) -> tuple[Row, ...]:
    return (Button(voice.label("👍 That suits me"), AcceptMove(lesson.id)),), refuse_row(voice, lesson)


def refuse_row(voice: Voice, lesson: LessonCard) -> Row:
    is_moved = lesson.answers.moved_by_tutor
    no = voice.label("👎 It does not suit me") if is_moved else voice.label("👎 We did not agree on it")
    return (Button(no, RefuseMove(lesson.id)),)


def why_decline(voice: Voice, lesson: LessonCard) -> Screen:
    text = lines(
        lessons.facts(voice, lesson),
        voice.say("Why not? Write a few words for {name}, or decline without.", name=lesson.student_name),
        between="\n\n",
    )
    return Screen(
        text,
        (
            (Button(voice.label("❌ Decline without words"), DeclineWithoutWords(lesson.id)),),
            (Button(voice.label("‹ Back"), OpenLesson(lesson.id)),),
        ),
    )


def _label(voice: Voice, lesson: LessonCard) -> str:
    return f"{voice.moment(lesson.starts_at)} · {voice.name(lesson.student_name)}"
