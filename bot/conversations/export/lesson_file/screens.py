"""A lesson for the reader's own calendar: a file, and a link to Google Calendar."""

from datetime import datetime
from urllib.parse import urlencode

from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.shared import lesson_words
from bot.conversations.shared.lesson_event import in_words
from bot.talk.screen import Attachment, Button, Row, Screen
from bot.words.voice import Voice, lines
from core.calendars import ical
from core.calendars.ical import Told
from core.lessons.lessons import LessonCard
from core.pure.booking_states import CALLED_OFF

GOOGLE = "https://calendar.google.com/calendar/render"
INSTANT = "%Y%m%dT%H%M%SZ"
FILE_NAME = "lesson.ics"


def file(voice: Voice, lesson: LessonCard, *, link: str, now: datetime) -> Screen:
    """The lesson as a calendar file; `link` leads back to the bot."""
    told = in_words(voice, lesson, link=link, changed_at=now)
    content = ical.lesson_file(told)
    back = (Button(voice.label("📄 The lesson"), OpenLesson(lesson.id)),)
    if lesson.status in CALLED_OFF:
        said = voice.say("📆 The lesson is off: open the file, and your calendar knows it, too.")
        rows: tuple[Row, ...] = (back,)
    else:
        said = voice.say("📆 Open the file, and the lesson is in your calendar. After a move take a new one.")
        rows = ((Button(voice.label("📆 Google Calendar"), url=_google(told)),), back)
    when = voice.say(
        "{when} ({zone})", when=lesson_words.when(voice, lesson.starts_at, lesson.ends_at), zone=voice.zone()
    )
    return Screen(lines(when, said, between="\n\n"), rows, document=Attachment(FILE_NAME, content))


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
