"""Conflicts of an exception, and the answers to each."""

from collections.abc import Collection

from bot.conversations.exceptions import screens as exceptions
from bot.conversations.exceptions.conflicts.taps import (
    AskAllToMove,
    AskToMoveForException,
    CallAllOff,
    CallAllOffSurely,
    CallOffForException,
    OpenConflict,
    OpenConflicts,
)
from bot.conversations.exceptions.taps import OpenException
from bot.conversations.shared import lesson_words
from bot.talk import paging
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.hours.exceptions import ExceptionCard
from core.lessons.lessons import LessonCard

PAGE = 8
ASKED = "✉️"


def conflicts(
    voice: Voice, card: ExceptionCard, *, asked: Collection[int], page: int, toast: str | None = None
) -> Screen:
    met = paging.cut(card.conflicts, page, size=PAGE)
    text = voice.count(
        "⚠️ <b>{n} lesson</b> is in the way. It stands until you decide.\n\nTap it, or decide for all at once.",
        "⚠️ <b>{n} lessons</b> are in the way. They stand until you decide.\n\nTap one, or decide for all at once.",
        len(card.conflicts),
    )
    rows = (
        *paging.rows(
            met,
            lambda lesson: Button(_label(voice, card, lesson, asked), OpenConflict(card.id, lesson.id)),
            lambda page: OpenConflicts(card.id, page),
        ),
        (Button(voice.label("❌ Cancel all"), CallAllOff(card.id)),),
        (Button(voice.label("✉️ Ask all to move"), AskAllToMove(card.id)),),
        (Button(voice.label("👌 Keep them"), OpenException(card.id)), home_button(voice)),
    )
    return Screen(text, rows, toast)


def one(voice: Voice, card: ExceptionCard, lesson: LessonCard, *, is_asked: bool) -> Screen:
    """One conflicting lesson with the three answers to it."""
    text = lines(
        lesson_words.facts(voice, lesson),
        voice.say("✉️ You have asked to move it.") if is_asked else None,
        _read(voice, card),
        between="\n\n",
    )
    ask = () if is_asked else ((Button(voice.label("✉️ Ask to move"), AskToMoveForException(card.id, lesson.id)),),)
    rows: tuple[Row, ...] = (
        (Button(voice.label("❌ Cancel the lesson"), CallOffForException(card.id, lesson.id)),),
        *ask,
        (Button(voice.label("👌 Keep it"), OpenConflicts(card.id, 0)), home_button(voice)),
    )
    return Screen(text, rows)


def ask_to_call_all_off(voice: Voice, card: ExceptionCard) -> Screen:
    count = len(card.conflicts)
    text = lines(
        voice.count("<b>Cancel {n} lesson?</b>", "<b>Cancel {n} lessons?</b>", count),
        _read(voice, card),
        between="\n\n",
    )
    yes = Button(voice.label("Yes, cancel"), CallAllOffSurely(card.id, count))
    return Screen(text, ((yes, Button(voice.label("No, keep them"), OpenConflicts(card.id, 0))),))


def _read(voice: Voice, card: ExceptionCard) -> Html:
    return voice.say("If you cancel, your student reads: “{words}”", words=exceptions.words(voice, card.exception))


def _label(voice: Voice, card: ExceptionCard, lesson: LessonCard, asked: Collection[int]) -> str:
    mark = ASKED if lesson.id in asked else lesson_words.mark(lesson)
    return f"{mark} {voice.moment_in(lesson.starts_at, card.timezone)} · {voice.name(lesson.student_name)}"
