"""My lessons, and the card of one."""

from collections.abc import Sequence
from datetime import datetime

from bot.screen import Button, Row, Screen
from bot.screens import lesson as lessons
from bot.screens.answers import answer_row
from bot.screens.home import home_button
from bot.taps import CancelLesson, CancelSurely, OpenLesson, OpenLessons, OpenTutors
from bot.voice import Html, Voice, lines
from core.bookings import LessonCard
from core.enums import BookingStatus

PAGE = 8


def upcoming(voice: Voice, ahead: Sequence[LessonCard], *, page: int, is_tutor: bool) -> Screen:
    """`ahead` holds one more than a page where there are further ones."""
    book = () if is_tutor else ((Button(voice.label("📅 Book a lesson"), OpenTutors()),),)
    if not ahead:
        return Screen(voice.say("📚 <b>Lessons</b>\n\nNo lessons ahead."), (*book, (home_button(voice),)))
    text = voice.say("📚 <b>Lessons</b>\n\nTap one for more. Time zone: {city}.", city=voice.city())
    rows: list[Row] = [(Button(_label(voice, lesson), OpenLesson(lesson.id)),) for lesson in ahead[:PAGE]]
    further = (
        *((Button("‹", OpenLessons(page - 1)),) if page else ()),
        *((Button("›", OpenLessons(page + 1)),) if len(ahead) > PAGE else ()),
    )
    return Screen(text, (*rows, *((further,) if further else ()), *book, (home_button(voice),)))


def card(
    voice: Voice, lesson: LessonCard, *, now: datetime, before: Html | None = None, toast: str | None = None
) -> Screen:
    """One lesson with all that its reader can do about it now."""
    text = lines(before, lessons.facts(voice, lesson), lessons.state(voice, lesson), between="\n\n")
    return Screen(text, (*_deeds(voice, lesson, now), _ways_back(voice)), toast)


def ask_to_cancel(voice: Voice, lesson: LessonCard, *, now: datetime) -> Screen:
    """Say before it happens what cancelling costs."""
    charged = lesson.is_charged_at(now)
    text = lines(lessons.facts(voice, lesson), _price_of_cancelling(voice, lesson, charged=charged), between="\n\n")
    yes = Button(voice.label("Yes, cancel"), CancelSurely(lesson.id, charged))
    return Screen(text, ((yes, Button(voice.label("No, keep it"), OpenLesson(lesson.id))),))


def ask_why(voice: Voice, lesson: LessonCard) -> Screen:
    """A tutor's reason is typed: the student reads it."""
    text = lines(
        lessons.facts(voice, lesson),
        voice.say("Why do you call it off? Write a few words, {name} will read them.", name=lesson.student_name),
        between="\n\n",
    )
    return Screen(text, ((Button(voice.label("No, keep it"), OpenLesson(lesson.id)),),))


def _deeds(voice: Voice, lesson: LessonCard, now: datetime) -> tuple[Row, ...]:
    if lesson.starts_at <= now or lesson.status not in (BookingStatus.PENDING, BookingStatus.CONFIRMED):
        return ()
    if lesson.viewer_is_tutor and lesson.status == BookingStatus.PENDING:
        return (answer_row(voice, lesson),)
    return ((Button(voice.label("❌ Cancel the lesson"), CancelLesson(lesson.id)),),)


def _ways_back(voice: Voice) -> Row:
    return Button(voice.label("📚 Lessons"), OpenLessons(0)), home_button(voice)


def _price_of_cancelling(voice: Voice, lesson: LessonCard, *, charged: bool) -> Html:
    if not charged:
        return voice.say("<b>Cancel this lesson?</b> It costs nothing.")
    if lesson.price is None:
        return voice.say("<b>Cancel this lesson?</b> It is late for that: the lesson will be charged.")
    price = voice.money(lesson.price, lesson.currency)
    return voice.say("<b>Cancel this lesson?</b> It is late for that: {price} will be charged.", price=price)


def _label(voice: Voice, lesson: LessonCard) -> str:
    return f"{lessons.mark(lesson.status)} {voice.moment(lesson.starts_at)} · {lesson.other_name}"
