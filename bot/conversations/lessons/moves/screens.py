"""Move a lesson to another time."""

from datetime import date, datetime

from bot.conversations.lessons.moves.taps import (
    MoveSurely,
    OpenMove,
    OpenMoveDay,
    OpenMoveMonth,
    PickMove,
    RefuseMoveSurely,
)
from bot.conversations.lessons.taps import OpenLesson, OpenLessons
from bot.conversations.shared import lesson_words
from bot.conversations.shared.new_time import Search
from bot.talk.screen import Button, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.enums import BookingStatus
from core.lessons.lessons import LessonCard


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


def confirm(
    voice: Voice, lesson: LessonCard, starts_at: datetime, *, needs_yes: bool, held_until: datetime | None = None
) -> Screen:
    """
    `needs_yes`: the lesson keeps its time until the tutor agrees. `held_until`: nobody else can have the time until
    then.
    """
    length = lesson.ends_at - lesson.starts_at
    to = voice.say("Then: <b>{when}</b>", when=lesson_words.when(voice, starts_at, starts_at + length))
    clocks = voice.say("Time zone: {city}", city=voice.city()), lesson_words.other_clock(voice, lesson, starts_at)
    text = lines(
        _title(voice, lesson),
        lines(_stands(voice, lesson), to, *clocks),
        lines(*_question(voice, lesson, needs_yes=needs_yes), between=" "),
        lesson_words.held(voice, held_until),
        between="\n\n",
    )
    yes = _yes(voice, lesson, needs_yes=needs_yes)
    other = Button(voice.label("‹ Other times"), OpenMove(lesson.id))
    keep = Button(voice.label("Leave it as it is"), OpenLesson(lesson.id))
    return Screen(text, ((Button(yes, MoveSurely(lesson.id, starts_at)),), (other, keep)))


def moved(voice: Voice, lesson: LessonCard) -> Screen:
    text = lines(
        _done(voice, lesson), lesson_words.facts(voice, lesson), lesson_words.state(voice, lesson), between="\n\n"
    )
    open_ = Button(voice.label("📄 The lesson"), OpenLesson(lesson.id))
    ways = (open_, Button(voice.label("📚 Lessons"), OpenLessons(0)))
    return Screen(text, (ways, (home_button(voice),)), lesson=lesson.version)


def ask_to_refuse(voice: Voice, lesson: LessonCard, *, now: datetime) -> Screen:
    if lesson.is_proposal:
        question = voice.say("<b>Decline this time?</b> There is no lesson then, unless you pick another time.")
        yes, no = voice.label("Yes, decline"), voice.label("‹ Back")
    else:
        question = voice.say("<b>Cancel this lesson, then?</b> It costs nothing.")
        yes, no = voice.label("Yes, cancel it"), voice.label("Keep it")
    other = (Button(voice.label("📅 Pick another time"), OpenMove(lesson.id)),)
    can_move = not lesson.is_charged_at(now)
    keep = Button(no, OpenLesson(lesson.id))
    rows = ((Button(yes, RefuseMoveSurely(lesson.id)),), *((other,) if can_move else ()), (keep,))
    return Screen(lines(lesson_words.facts(voice, lesson), question, between="\n\n"), rows)


def _title(voice: Voice, lesson: LessonCard) -> Html:
    if _is_answer(lesson):
        return voice.say("🔁 <b>Another time</b> for {name}", name=lesson.other_name)
    return voice.say("🔁 <b>Move the lesson</b> with {name}", name=lesson.other_name)


def _stands(voice: Voice, lesson: LessonCard) -> Html:
    if _is_answer(lesson) and lesson.awaits_tutor:
        return voice.say("Asked for: {when}", when=lesson_words.when(voice, lesson.starts_at, lesson.ends_at))
    return voice.say("Now: {when}", when=lesson_words.when(voice, lesson.starts_at, lesson.ends_at))


def _is_answer(lesson: LessonCard) -> bool:
    """Whether the tutor is about to propose another time for a request; the student's yes will book it."""
    return lesson.viewer_is_tutor and lesson.status == BookingStatus.PENDING and not lesson.move.is_request


def _question(voice: Voice, lesson: LessonCard, *, needs_yes: bool) -> tuple[Html, Html]:
    name = lesson.other_name
    if _is_answer(lesson):
        follows = voice.say("The time is held until {name} says yes or no.", name=name)
        return voice.say("<b>Propose this time?</b>"), follows
    if needs_yes and lesson.status == BookingStatus.PENDING:
        return voice.say("<b>Ask for this time?</b>"), voice.say("{name} will answer.", name=name)
    if needs_yes:
        follows = voice.say("The lesson stands as it is until {name} agrees.", name=name)
        return voice.say("<b>Ask to move it?</b>"), follows
    if lesson.viewer_is_tutor:
        return voice.say("<b>Move it?</b>"), voice.say("{name} will be told and may refuse.", name=name)
    return voice.say("<b>Move it?</b>"), voice.say("{name} will be told.", name=name)


def _yes(voice: Voice, lesson: LessonCard, *, needs_yes: bool) -> str:
    if _is_answer(lesson):
        return voice.label("✅ Propose")
    return voice.label("✅ Ask") if needs_yes else voice.label("✅ Move it")


def _done(voice: Voice, lesson: LessonCard) -> Html:
    if lesson.is_proposal:
        return voice.say("⏳ <b>Proposed</b>. I will write as soon as {name} answers.", name=lesson.student_name)
    if lesson.status == BookingStatus.PENDING:
        return voice.say("⏳ <b>Asked</b>. I will write as soon as {tutor} answers.", tutor=lesson.tutor_name)
    return voice.say("🔁 <b>Moved</b>")
