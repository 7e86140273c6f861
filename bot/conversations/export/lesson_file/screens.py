"""A lesson for the reader's own calendar: a file, and a link to Google's."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from bot.conversations.export.lesson_file.taps import TakeFile
from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.shared import lesson as lessons
from bot.talk.screen import Attachment, Button, Row, Screen
from bot.words.voice import Voice, lines
from core.calendars import ical
from core.calendars.ical import Told
from core.lessons.lessons import LessonCard
from core.pure.booking_states import CALLED_OFF

GOOGLE = "https://calendar.google.com/calendar/render"
INSTANT = "%Y%m%dT%H%M%SZ"
FILE_NAME = "lesson.ics"
LONGEST_NAME = 60  # in percent signs an address grows, and Telegram takes no endless ones


def take_row(voice: Voice, lesson: LessonCard) -> Row:
    return (Button(voice.label("📆 To my calendar"), TakeFile(lesson.id)),)


def file(voice: Voice, lesson: LessonCard, *, link: str, now: datetime) -> Screen:
    """`link` leads back to the bot."""
    told = in_words(voice, lesson, link=link, changed_at=now)
    content = ical.lesson_file(told)
    back = (Button(voice.label("📄 The lesson"), OpenLesson(lesson.id)),)
    if lesson.status in CALLED_OFF:
        said = voice.say("📆 The lesson is off: open the file, and your calendar knows it, too.")
        rows: tuple[Row, ...] = (back,)
    else:
        said = voice.say("📆 Open the file, and the lesson is in your calendar. After a move take a new one.")
        rows = ((Button(voice.label("📆 Google Calendar"), url=_google(told)),), back)
    when = voice.say("{when} ({zone})", when=lessons.when(voice, lesson.starts_at, lesson.ends_at), zone=voice.zone())
    return Screen(lines(when, said, between="\n\n"), rows, document=Attachment(FILE_NAME, content))


def in_words(
    voice: Voice, lesson: LessonCard, *, link: str, changed_at: datetime, alarm: timedelta | None = None
) -> Told:
    """What a calendar says of the lesson to this reader."""
    description = voice.label("To move or cancel it, write to the bot: {link}", link=link)
    return Told(lesson, _summary(voice, lesson), description, changed_at, alarm)


def _summary(voice: Voice, lesson: LessonCard) -> str:
    name = lesson.other_name[:LONGEST_NAME]
    if lesson.subject:
        return voice.label("{subject}: lesson with {name}", subject=lesson.subject, name=name)
    return voice.label("Lesson with {name}", name=name)


def _google(told: Told) -> str:
    lesson = told.lesson
    fields = {
        "action": "TEMPLATE",
        "text": told.summary,
        "dates": f"{lesson.starts_at:{INSTANT}}/{lesson.ends_at:{INSTANT}}",
        "details": told.description,
        **({"location": lesson.room.address} if lesson.room.address else {}),
    }
    return f"{GOOGLE}?{urlencode(fields)}"
