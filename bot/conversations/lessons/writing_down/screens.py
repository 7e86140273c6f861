"""A tutor writes down a lesson agreed elsewhere."""

from datetime import date, datetime, timedelta

from bot.conversations.lessons.taps import OpenLessons
from bot.conversations.lessons.writing_down.taps import (
    OpenWriteDown,
    OpenWriteDownDay,
    OpenWriteDownMonth,
    PickStudent,
    PickWriteDownTime,
    WriteDownSurely,
)
from bot.conversations.shared import lesson_words
from bot.conversations.shared.new_time import Search
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.lessons.writing_down import StudentName

PAGE = 8


def who(voice: Voice, known: Page[StudentName]) -> Screen:
    hint = (
        voice.say("Who is it with? Tap a student, or type the name of somebody who is not in Telegram.")
        if known.shown
        else voice.say("Who is it with? Type the student's name.")
    )
    rows = paging.rows(known, lambda one: Button(_label(voice, one), PickStudent(one.id)), OpenWriteDown)
    back = (Button(voice.label("📚 Lessons"), OpenLessons(0)), home_button(voice))
    text = lines(voice.say("➕ <b>Write down a lesson</b>"), hint, between="\n\n")
    return Screen(text, (*rows, back))


def search(voice: Voice, student: StudentName, *, first_on: date) -> Search:
    return Search(
        title=_title(voice, student),
        month=lambda month: OpenWriteDownMonth(student.id, month),
        day=lambda on: OpenWriteDownDay(student.id, on),
        pick=lambda starts_at: PickWriteDownTime(student.id, starts_at),
        back=Button(voice.label("‹ Students"), OpenWriteDown(0)),
        is_free=True,
        first_on=first_on,
    )


def confirm(voice: Voice, student: StudentName, starts_at: datetime, length: timedelta) -> Screen:
    text = lines(
        _title(voice, student),
        voice.say("{when} ({zone})", when=lesson_words.when(voice, starts_at, starts_at + length), zone=voice.zone()),
        voice.say("{name} will be told and may refuse.", name=student.name) if student.is_in_telegram else None,
        between="\n\n",
    )
    yes = Button(voice.label("✅ Write it down"), WriteDownSurely(student.id, starts_at))
    return Screen(text, ((yes,), (Button(voice.label("‹ Other times"), PickStudent(student.id)), home_button(voice))))


def written(voice: Voice) -> Html:
    return voice.say("✅ <b>Written down</b>")


def _title(voice: Voice, student: StudentName) -> Html:
    return voice.say("➕ <b>A lesson with {name}</b>", name=student.name)


def _label(voice: Voice, student: StudentName) -> str:
    name = voice.name(student.name)
    return name if student.is_in_telegram else f"{name} ✍️"
