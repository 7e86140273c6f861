"""Requests that wait for a tutor's answer."""

from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.pending.taps import DeclineWithoutWords, OpenPending
from bot.conversations.shared import lesson_words
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button, Screen, home_button
from bot.words.voice import Voice, lines
from core.lessons.lessons import LessonCard

PAGE = 8


def pending(voice: Voice, waiting: Page[LessonCard], *, toast: str | None = None) -> Screen:
    if not waiting.shown:
        return Screen(voice.say("📥 <b>Requests</b>\n\nNobody waits for your answer."), ((home_button(voice),),), toast)
    text = voice.say("📥 <b>Requests</b>\n\nTap one to answer.")
    rows = paging.rows(waiting, lambda lesson: Button(_label(voice, lesson), OpenLesson(lesson.id)), OpenPending)
    return Screen(text, (*rows, (home_button(voice),)), toast)


def why_decline(voice: Voice, lesson: LessonCard) -> Screen:
    text = lines(
        lesson_words.facts(voice, lesson),
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
