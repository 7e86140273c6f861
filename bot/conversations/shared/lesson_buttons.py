"""Buttons for all that the reader of a lesson can do with it now."""

from datetime import datetime

from bot.conversations.export.lesson_file.taps import TakeFile
from bot.conversations.lessons.moves.taps import OpenMove
from bot.conversations.lessons.outcomes.taps import EditNote, OpenHistory, SayHeld, SayMissed, UndoOutcome, WaiveCharge
from bot.conversations.lessons.taps import CancelLesson, OpenLesson
from bot.conversations.shared.answer_buttons import answer_rows, reply_rows
from bot.talk.screen import Button, Row
from bot.words.voice import Voice
from core.enums import BookingStatus
from core.lessons.lessons import LessonCard
from core.pure import deadlines
from core.pure.booking_states import LIVE
from core.pure.deadlines import WAITING_TIME


def rows(voice: Voice, lesson: LessonCard, now: datetime) -> tuple[Row, ...]:
    what = (
        *_ahead(voice, lesson, now),
        _afterwards(voice, lesson, now),
        _taking_back(voice, lesson, now),
        _elsewhere(voice, lesson),
        _calendar(voice, lesson, now),
        (
            Button(voice.label("📝 Note"), EditNote(lesson.id)),
            Button(voice.label("🕓 History"), OpenHistory(lesson.id)),
        ),
    )
    return tuple(row for row in what if row)


def _ahead(voice: Voice, lesson: LessonCard, now: datetime) -> tuple[Row, ...]:
    if lesson.starts_at <= now or lesson.status not in LIVE:
        return ()
    if lesson.viewer_is_tutor and lesson.awaits_tutor:
        return answer_rows(voice, lesson)
    can_move = lesson.viewer_is_tutor or not lesson.is_charged_at(now)
    other = voice.label("🔁 Another time") if lesson.status == BookingStatus.PENDING else voice.label("🔁 Move")
    move = (Button(other, OpenMove(lesson.id)),) if can_move else ()
    if lesson.is_refusable_at(now):
        return (*reply_rows(voice, lesson), move)
    return move, (Button(_cancel(voice, lesson), CancelLesson(lesson.id)),)


def _cancel(voice: Voice, lesson: LessonCard) -> str:
    if lesson.move.is_request:
        return voice.label("❌ Don't move it")
    if lesson.is_proposal:
        return voice.label("❌ Take the proposal back")
    return voice.label("❌ Cancel the lesson")


def _afterwards(voice: Voice, lesson: LessonCard, now: datetime) -> Row:
    if lesson.status != BookingStatus.CONFIRMED:
        return ()
    held = (Button(voice.label("🏁 Held"), SayHeld(lesson.id)),) if lesson.ends_at <= now else ()
    is_missed = lesson.viewer_is_tutor and lesson.starts_at + WAITING_TIME <= now
    missed = (Button(voice.label("🚫 Did not come"), SayMissed(lesson.id)),) if is_missed else ()
    return held + missed


def _taking_back(voice: Voice, lesson: LessonCard, now: datetime) -> Row:
    if not lesson.viewer_is_tutor:
        return ()
    settles_at = deadlines.settles_at(ends_at=lesson.ends_at, made_at=lesson.created_at)
    is_open = lesson.status in (BookingStatus.COMPLETED, BookingStatus.NO_SHOW) and now < settles_at
    undo = (Button(voice.label("↩️ Undo"), UndoOutcome(lesson.id)),) if is_open else ()
    waive = (Button(voice.label("🎁 Waive the charge"), WaiveCharge(lesson.id)),) if lesson.terms.is_charged else ()
    return undo + waive


def _calendar(voice: Voice, lesson: LessonCard, now: datetime) -> Row:
    is_ahead = lesson.status == BookingStatus.CONFIRMED and lesson.ends_at > now
    return (Button(voice.label("📆 To my calendar"), TakeFile(lesson.id)),) if is_ahead else ()


def _elsewhere(voice: Voice, lesson: LessonCard) -> Row:
    if lesson.move.next_id is None:
        return ()
    if lesson.status == BookingStatus.RESCHEDULED:
        return (Button(voice.label("📄 The lesson now"), OpenLesson(lesson.move.next_id)),)
    return (Button(voice.label("⏳ The wish to move it"), OpenLesson(lesson.move.next_id)),)
