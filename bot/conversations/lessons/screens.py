"""My lessons, and one lesson."""

from collections.abc import Callable
from datetime import datetime

from bot.conversations.booking.taps import OpenTutors
from bot.conversations.export.taps import OpenExport
from bot.conversations.lessons.outcomes.taps import OpenPast, RemoveNote
from bot.conversations.lessons.taps import CancelSurely, OpenLesson, OpenLessons
from bot.conversations.lessons.writing_down.taps import OpenWriteDown
from bot.conversations.shared import lesson_words
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button, Row, Screen, home_button
from bot.talk.taps import Tap
from bot.words.voice import Html, Voice, lines
from core.enums import LessonType
from core.lessons.lessons import LessonCard

PAGE = 8


def upcoming(voice: Voice, ahead: Page[LessonCard], *, is_tutor: bool, both: bool = False) -> Screen:
    """`both`: the reader teaches and learns."""
    write_down = Button(voice.label("➕ Write down a lesson"), OpenWriteDown(0))
    book = Button(voice.label("📅 Book a lesson"), OpenTutors())
    past = Button(voice.label("🕓 Past lessons"), OpenPast(0))
    export = Button(voice.label("📤 Export"), OpenExport())
    new = (*((write_down,) if is_tutor else ()), *((book,) if both or not is_tutor else ()))
    below = (*((button,) for button in new), (past, export), (home_button(voice),))
    if not ahead.shown:
        return Screen(voice.say("📚 <b>Lessons</b>\n\nNo lessons ahead."), below)
    text = voice.say("📚 <b>Lessons</b>\n\nTap one for more. Time zone: {city}.", city=voice.city())
    if any(lesson_words.mark(lesson) == lesson_words.AWAITED for lesson in ahead.shown):
        text = lines(text, voice.say("❓ waits for your answer."))
    return Screen(text, (*_page(voice, ahead, OpenLessons, both=both), *below))


def past(voice: Voice, behind: Page[LessonCard], *, both: bool = False) -> Screen:
    below = (Button(voice.label("📚 Lessons ahead"), OpenLessons(0)), home_button(voice))
    if not behind.shown:
        return Screen(voice.say("🕓 <b>Past lessons</b>\n\nThere are none yet."), (below,))
    text = voice.say("🕓 <b>Past lessons</b>\n\nThe latest first. Time zone: {city}.", city=voice.city())
    return Screen(text, (*_page(voice, behind, OpenPast, both=both), below))


def ask_to_cancel(voice: Voice, lesson: LessonCard, *, now: datetime) -> Screen:
    """Show what cancelling costs and ask the student to confirm."""
    charged = lesson.is_charged_at(now)
    text = lines(
        lesson_words.facts(voice, lesson), _price_of_cancelling(voice, lesson, charged=charged), between="\n\n"
    )
    yes = Button(voice.label("Yes, cancel"), CancelSurely(lesson.id, charged))
    return Screen(text, ((yes, Button(voice.label("No, keep it"), OpenLesson(lesson.id))),))


def ask_why(voice: Voice, lesson: LessonCard) -> Screen:
    """Ask a tutor for the reason; the student will read it."""
    text = lines(
        lesson_words.facts(voice, lesson),
        voice.say("Why do you call it off? Write a few words, {name} will read them.", name=lesson.student_name),
        between="\n\n",
    )
    return Screen(text, ((Button(voice.label("No, keep it"), OpenLesson(lesson.id)),),))


def ask_for_note(voice: Voice, lesson: LessonCard) -> Screen:
    is_tutor = lesson.viewer_is_tutor
    known = lesson.tutor_notes if is_tutor else lesson.student_notes
    question = (
        voice.say("🔒 What shall I note? Only you will read it.")
        if is_tutor
        else voice.say("📝 What shall I note? {name} will read it, too.", name=voice.name(lesson.tutor_name))
    )
    now = voice.say("Now: {note}", note=known) if known else None
    remove = ((Button(voice.label("🗑 Remove the note"), RemoveNote(lesson.id)),),) if known else ()
    back = (Button(voice.label("‹ Back"), OpenLesson(lesson.id)),)
    return Screen(lines(lesson_words.facts(voice, lesson), now, question, between="\n\n"), (*remove, back))


def _page(voice: Voice, page: Page[LessonCard], turn: Callable[[int], Tap], *, both: bool) -> tuple[Row, ...]:
    return paging.rows(page, lambda lesson: Button(_label(voice, lesson, both=both), OpenLesson(lesson.id)), turn)


def _price_of_cancelling(voice: Voice, lesson: LessonCard, *, charged: bool) -> Html:
    if lesson.move.is_request:
        return voice.say("<b>Ask no more to move it?</b> The lesson stands as it was.")
    if not charged:
        return voice.say("<b>Cancel this lesson?</b> It costs nothing.")
    if lesson.lesson_type is LessonType.PACKAGE:
        return voice.say("<b>Cancel this lesson?</b> It is late for that: it counts as a lesson of your package.")
    if lesson.terms.price is None:
        return voice.say("<b>Cancel this lesson?</b> It is late for that: the lesson will be charged.")
    price = voice.money(lesson.terms.price, lesson.terms.currency)
    return voice.say("<b>Cancel this lesson?</b> It is late for that: {price} will be charged.", price=price)


def _label(voice: Voice, lesson: LessonCard, *, both: bool) -> str:
    other = lesson_words.other(voice, lesson, is_marked=both)
    return f"{lesson_words.mark(lesson)} {voice.moment(lesson.starts_at)} · {other}"
