"""Lessons for another calendar: as a file, or as a link to subscribe to."""

from collections.abc import Iterable
from datetime import time, timedelta
from urllib.parse import quote

from bot.conversations.export.taps import (
    AskForNewAddress,
    MakeNewAddress,
    OpenAddress,
    OpenExport,
    StopAddress,
    TakeLessons,
)
from bot.conversations.shared.lesson_event import in_words
from bot.talk.screen import Attachment, Button, Row, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.calendars import ical
from core.calendars.export import Exported
from core.calendars.ical import Told

MIDNIGHT = time.min
ALARM = timedelta(minutes=15)
FILE_NAME = "lessons.ics"
FOUR_WEEKS, AHEAD, BEHIND = 28, 400, 90
GOOGLE = "https://calendar.google.com/calendar/render?cid="


def export(voice: Voice, *, can_follow: bool, toast: str | None = None) -> Screen:
    text = lines(
        voice.say("📤 <b>Lessons for your calendar</b>"),
        voice.say("Take them as a file, once."),
        voice.say("Or let your calendar follow an address: what is booked, moved or cancelled here changes there.")
        if can_follow
        else None,
        between="\n\n",
    )
    follow: Row = (Button(voice.label("🔗 Follow an address"), OpenAddress(False)),) if can_follow else ()
    rows = (
        (Button(voice.label("📄 The next four weeks"), TakeLessons(FOUR_WEEKS, False)),),
        (
            Button(voice.label("📄 All ahead"), TakeLessons(AHEAD, False)),
            Button(voice.label("📄 The last 90 days"), TakeLessons(BEHIND, True)),
        ),
        follow,
        (home_button(voice),),
    )
    return Screen(text, tuple(filter(None, rows)), toast)


def file(voice: Voice, exported: Exported, *, link: str) -> Screen:
    back = (Button(voice.label("‹ Back"), OpenExport()),)
    if not exported.lessons:
        return Screen(voice.say("There are no lessons in that time."), (back,))
    content = ical.calendar_file(told(voice, exported, link=link), name=calendar_name(voice))
    said = voice.count(
        "📄 {n} lesson. Open the file to add it to your calendar.",
        "📄 {n} lessons. Open the file to add them to your calendar.",
        len(exported.lessons),
    )
    return Screen(said, (back,), document=Attachment(FILE_NAME, content))


def told(voice: Voice, exported: Exported, *, link: str, alarm: timedelta | None = None) -> Iterable[Told]:
    for lesson in exported.lessons:
        yield in_words(voice, lesson, link=link, changed_at=exported.changed_at[lesson.id], alarm=alarm)


def calendar_name(voice: Voice) -> str:
    return voice.label("Lessons")


def address(voice: Voice, url: str, *, with_alarm: bool, toast: str | None = None) -> Screen:
    """The secret link; the screen says that it is a secret."""
    shown = f"{url}?alarm={ALARM // timedelta(minutes=1)}" if with_alarm else url
    text = lines(
        voice.say("🔗 <b>The address of your lessons</b>"),
        Html(f"<code>{shown}</code>"),
        voice.say(
            "Copy it, and add it in your calendar: Google – “From URL”, Apple – “New calendar subscription”, Outlook – "
            "“Subscribe from web”. Calendars look in from time to time, Google a few times a day."
        ),
        voice.say("Whoever knows the address sees your lessons. Replace it if it has got about."),
        between="\n\n",
    )
    with_one = voice.label("🔔 With an alarm {span} before", span=voice.span(ALARM))
    alarm = voice.label("🔕 Without alarms") if with_alarm else with_one
    rows = (
        (Button(voice.label("📋 Copy"), copy=shown), Button(voice.label("📆 Google Calendar"), url=_google(shown))),
        (Button(alarm, OpenAddress(not with_alarm)),),
        (Button(voice.label("♻️ Replace"), AskForNewAddress()), Button(voice.label("⏹ Stop"), StopAddress())),
        (Button(voice.label("‹ Back"), OpenExport()), home_button(voice)),
    )
    return Screen(text, rows, toast)


def ask_for_new_address(voice: Voice) -> Screen:
    text = voice.say(
        "♻️ <b>Make a new address?</b>\n\nThe old one will lead nowhere: calendars that follow it have to be given the "
        "new one."
    )
    yes = Button(voice.label("Yes, a new one"), MakeNewAddress())
    return Screen(text, ((yes, Button(voice.label("‹ Back"), OpenAddress(False))),))


def _google(url: str) -> str:
    """Google Calendar subscribes to links that begin with webcal."""
    return GOOGLE + quote("webcal://" + url.partition("://")[2], safe="")
