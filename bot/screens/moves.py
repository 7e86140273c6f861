"""A lesson goes to another time."""

from datetime import date, datetime

from bot.screen import Button, Screen
from bot.screens import lesson as lessons
from bot.screens.home import home_button
from bot.screens.new_time import Search
from bot.taps.lessons import OpenLesson, OpenLessons
from bot.taps.moves import MoveSurely, OpenMove, OpenMoveDay, OpenMoveMonth, PickMove, RefuseMoveSurely
from bot.voice import Html, Voice, lines
from core.bookings import LessonCard
from core.enums import BookingStatus


def search(voice: Voice, lesson: LessonCard, *, today: date) -> Search:
    return Search(
        title=lines(_title(voice, lesson), _stands(voice, lesson)),
        month=lambda month: OpenMoveMonth(lesson.id, month),
        day=lambda on: OpenMoveDay(lesson.id, on),
        pick=lambda starts_at: PickMove(lesson.id, starts_at),
        back=Button(voice.label("‹ Back"), OpenLesson(lesson.id)),
        is_free=lesson.viewer_is_tutor,
        first_on=today,
    )


def confirm(voice: Voice, lesson: LessonCard, starts_at: datetime, *, needs_yes: bool) -> Screen:
    """`needs_yes`: the lesson stands until the tutor agrees."""
    length = lesson.ends_at - lesson.starts_at
    to = voice.say("Then: <b>{when}</b>", when=lessons.when(voice, starts_at, starts_at + length))
    question = voice.say("<b>Ask to move it?</b>") if needs_yes else voice.say("<b>Move it?</b>")
    text = lines(
        _title(voice, lesson),
        lines(_stands(voice, lesson), to, voice.say("Time zone: {city}", city=voice.city())),
        lines(question, _what_follows(voice, lesson, needs_yes=needs_yes), between=" "),
        between="\n\n",
    )
    yes = voice.label("✅ Ask") if needs_yes else voice.label("✅ Move it")
    other = Button(voice.label("‹ Other times"), OpenMove(lesson.id))
    keep = Button(voice.label("Leave it as it is"), OpenLesson(lesson.id))
    return Screen(text, ((Button(yes, MoveSurely(lesson.id, starts_at)),), (other, keep)))


def moved(voice: Voice, lesson: LessonCard) -> Screen:
    text = lines(_done(voice, lesson), lessons.facts(voice, lesson), lessons.state(voice, lesson), between="\n\n")
    open_ = Button(voice.label("📄 The lesson"), OpenLesson(lesson.id))
    ways = (open_, Button(voice.label("📚 Lessons"), OpenLessons(0)))
    return Screen(text, (ways, (home_button(voice),)), lesson=lesson.shown)


def ask_to_refuse(voice: Voice, lesson: LessonCard, *, now: datetime) -> Screen:
    question = voice.say("<b>Cancel this lesson, then?</b> It costs nothing.")
    yes = Button(voice.label("Yes, cancel it"), RefuseMoveSurely(lesson.id))
    other = (Button(voice.label("📅 Pick another time"), OpenMove(lesson.id)),)
    keep = Button(voice.label("Keep it"), OpenLesson(lesson.id))
    can_move = not lesson.is_charged_at(now)
    rows = ((yes,), *((other,) if can_move else ()), (keep,))
    return Screen(lines(lessons.facts(voice, lesson), question, between="\n\n"), rows)


def _title(voice: Voice, lesson: LessonCard) -> Html:
    if lesson.viewer_is_tutor and lesson.status == BookingStatus.PENDING:
        return voice.say("🔁 <b>Another time</b> for {name}", name=lesson.other_name)
    return voice.say("🔁 <b>Move the lesson</b> with {name}", name=lesson.other_name)


def _stands(voice: Voice, lesson: LessonCard) -> Html:
    return voice.say("Now: {when}", when=lessons.when(voice, lesson.starts_at, lesson.ends_at))


def _what_follows(voice: Voice, lesson: LessonCard, *, needs_yes: bool) -> Html:
    if needs_yes:
        return voice.say("The lesson stands as it is until {name} agrees.", name=lesson.tutor_name)
    if lesson.viewer_is_tutor:
        return voice.say("{name} will be told and may refuse.", name=lesson.student_name)
    return voice.say("{name} will be told.", name=lesson.tutor_name)


def _done(voice: Voice, lesson: LessonCard) -> Html:
    if lesson.is_wish:
        return voice.say("⏳ <b>Asked</b>. I will write as soon as {tutor} answers.", tutor=lesson.tutor_name)
    return voice.say("🔁 <b>Moved</b>")
