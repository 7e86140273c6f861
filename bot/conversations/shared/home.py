"""The home screen, and the screens of a newcomer."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversations.availability.taps import OpenAvailability
from bot.conversations.booking.taps import OpenTutors
from bot.conversations.calendar.taps import OpenToday
from bot.conversations.directory.taps import OpenSubjects
from bot.conversations.exceptions.taps import OpenExceptions
from bot.conversations.lessons.taps import OpenLessons
from bot.conversations.pending.taps import OpenPending
from bot.conversations.settings.taps import OpenSettings
from bot.conversations.settings.zone.taps import ChooseZone
from bot.conversations.share.taps import OpenLink
from bot.conversations.shared import lesson_words
from bot.conversations.slots.taps import OpenSlots
from bot.conversations.start.taps import ChooseRole, GreetIn
from bot.conversations.students.taps import OpenStudents
from bot.talk.screen import Button, Row, Screen, home_button, rows_of
from bot.talk.taps import FIRST_DAY
from bot.words.places import places
from bot.words.voice import Html, Voice, lines
from core.enums import BookingStatus, Language
from core.lessons.lessons import Summary


def welcome(voice: Voice, name: str, *, invited_by: str | None = None) -> Screen:
    """The first message; an invited student need not choose a role."""
    if invited_by is not None:
        hello = voice.say(
            "👋 <b>Hello, {name}!</b> {tutor} invites you to book lessons here.", name=name, tutor=invited_by
        )
        return zone_question(voice, is_new=True, before=hello)
    text = voice.say(
        "👋 <b>Hello, {name}!</b>\n\nThis is a booking desk for lessons. Tutors publish their hours, students pick "
        "a time, and I remind both.\n\nWhat brings you here?",
        name=name,
    )
    roles = (Button(voice.label("🎓 I teach"), ChooseRole(True)), Button(voice.label("🎒 I learn"), ChooseRole(False)))
    return Screen(text, (roles, (_other_language(voice),)))


def zone_question(voice: Voice, *, is_new: bool, before: Html | None = None) -> Screen:
    """Ask for the person's time zone. New people get no Back button."""
    text = voice.say(
        "🕰 <b>Where are you?</b>\n\nI show all times by your clock. Tap a city, type yours, or send your location (📎)."
    )
    return Screen(lines(before, text, between="\n\n"), _places(voice, places.common(voice.language), is_new=is_new))


def which_place(voice: Voice, found: Sequence[places.Place], *, is_new: bool) -> Screen:
    return Screen(voice.say("🕰 <b>Which one is it?</b>"), _places(voice, found, is_new=is_new))


def zone_unknown(voice: Voice, typed: str, *, is_new: bool) -> Screen:
    text = voice.say(
        "I don't know a place called “{typed}”. Try the nearest large city, in Ukrainian or English.", typed=typed[:60]
    )
    return Screen(text, _places(voice, places.common(voice.language), is_new=is_new))


def zone_at_sea(voice: Voice, *, is_new: bool) -> Screen:
    text = voice.say("I can't tell the time zone of that place. Please type the nearest large city.")
    return Screen(text, _places(voice, places.common(voice.language), is_new=is_new))


def home(voice: Voice, summary: Summary, *, name: str, is_tutor: bool, now: datetime, both: bool = False) -> Screen:
    """`both`: the reader teaches and learns."""
    title = (
        voice.say("🗂 <b>Your desk, {name}</b>", name=name)
        if is_tutor
        else voice.say("👋 <b>Hello, {name}</b>", name=name)
    )
    clock = voice.say("It is {moment} now, time zone: {city}", moment=voice.moment(now), city=voice.city())
    rows = _tutor_rows(voice, summary) if is_tutor else _student_rows(voice)
    learn = (_learn(voice),) if both else ()
    return Screen(lines(title, lines(_next_lesson(voice, summary, both=both), clock), between="\n\n"), (*learn, *rows))


def help_(voice: Voice, *, is_tutor: bool, operates: str | None = None) -> Screen:
    """The help; `operates`, for operators only, says how tutors are admitted here."""
    teaching = voice.say(
        "<b>🎓 Teaching</b>\n"
        "/pending – requests that wait for you\n"
        "/availability – weekly hours\n"
        "/exceptions – days off and holidays\n"
        "/slots – a day, time by time\n"
        "/students – your students and their packages\n"
        "/feeds – other calendars that block times\n"
        "/share – the link for your students"
    )
    learning = voice.say("<b>🎒 Learning</b>\n/book – book a lesson")
    everybody = voice.say(
        "<b>Always</b>\n"
        "/lessons – your lessons\n"
        "/calendar – your calendar\n"
        "/export – your lessons for another calendar\n"
        "/settings – your settings\n"
        "/privacy – what I know about you\n"
        "/cancel – stop what I am asking about"
    )
    operating = _operating(voice, operates) if operates else None
    text = lines(teaching if is_tutor else None, learning, everybody, operating, between="\n\n")
    return Screen(text, ((home_button(voice),),))


def _operating(voice: Voice, tutors: str) -> Html:
    if tutors == "approval":
        return voice.say("<b>🛠 Operating</b>\nWho asks to teach is announced to you here, with buttons to answer.")
    if tutors == "invitation":
        return voice.say("<b>🛠 Operating</b>\nTutors come in by the invitation link that you give them.")
    return voice.say("<b>🛠 Operating</b>\nWhoever wants to teach here may: nothing waits for you.")


def cancelled(voice: Voice, *, something: bool) -> Screen:
    text = voice.say("Stopped. Nothing was changed.") if something else voice.say("There is nothing to stop.")
    return Screen(text, ((home_button(voice),),))


def link_unknown(voice: Voice) -> Screen:
    text = voice.say("This link leads nowhere. Please ask your tutor for a new one.")
    return Screen(text, ((home_button(voice),),))


def unknown_command(voice: Voice) -> Screen:
    return Screen(voice.say("I don't know this command. /help shows those I do."), ((home_button(voice),),))


def nothing_asked(voice: Voice) -> Screen:
    return Screen(voice.say("I work by buttons. Here is where they are:"), ((home_button(voice),),))


def words_expected(voice: Voice) -> Screen:
    return Screen(voice.say("Please answer in words, or /cancel."), ((home_button(voice),),))


def _next_lesson(voice: Voice, summary: Summary, *, both: bool) -> Html:
    """The next lesson; for a person who teaches and learns also whether they are its tutor or its student."""
    if summary.next_lesson is None:
        return voice.say("No lessons ahead.")
    lesson = summary.next_lesson
    who = {"moment": voice.moment(lesson.starts_at), "name": lesson_words.other(voice, lesson, is_marked=both)}
    if lesson.status != BookingStatus.PENDING:
        return voice.say("Next lesson: {moment}, {name}", **who)
    if lesson.awaits_viewer:
        return voice.say("❓ Next lesson: {moment}, {name}. It waits for your answer.", **who)
    if lesson.viewer_is_tutor:
        return voice.say("⏳ Next lesson: {moment}, {name}. It waits for the student's answer.", **who)
    return voice.say("⏳ Next lesson: {moment}, {name}. It waits for the tutor's answer.", **who)


def _tutor_rows(voice: Voice, summary: Summary) -> tuple[Row, ...]:
    pending = voice.label("📥 Requests")
    if summary.pending:
        pending = voice.label("📥 Requests · {n}", n=summary.pending)
    return (
        (_calendar(voice),),
        (Button(pending, OpenPending(0)), Button(voice.label("📚 Lessons"), OpenLessons(0))),
        (
            Button(voice.label("🗓 Weekly hours"), OpenAvailability()),
            Button(voice.label("🌴 Days off"), OpenExceptions(0)),
        ),
        (Button(voice.label("🕐 Times"), OpenSlots(FIRST_DAY)), Button(voice.label("👥 Students"), OpenStudents(0))),
        (Button(voice.label("🔗 My link"), OpenLink()), Button(voice.label("⚙️ Settings"), OpenSettings())),
    )


def _student_rows(voice: Voice) -> tuple[Row, ...]:
    return (
        _learn(voice),
        (Button(voice.label("📚 Lessons"), OpenLessons(0)), _calendar(voice)),
        (Button(voice.label("⚙️ Settings"), OpenSettings()),),
    )


def _learn(voice: Voice) -> Row:
    return (
        Button(voice.label("📅 Book a lesson"), OpenTutors()),
        Button(voice.label("🔎 Find a tutor"), OpenSubjects(0)),
    )


def _calendar(voice: Voice) -> Button:
    return Button(voice.label("📆 Calendar"), OpenToday())


def _places(voice: Voice, offered: Sequence[places.Place], *, is_new: bool) -> tuple[Row, ...]:
    back = () if is_new else ((Button(voice.label("‹ Settings"), OpenSettings()),),)
    return (*rows_of([_place(place) for place in offered], width=2), *back)


def _place(place: places.Place) -> Button:
    return Button(f"{place.name}, {place.country}" if place.country else place.name, ChooseZone(place.timezone))


def _other_language(voice: Voice) -> Button:
    if voice.language == "uk":
        return Button("🇬🇧 In English", GreetIn(Language.ENGLISH))
    return Button("🇺🇦 Українською", GreetIn(Language.UKRAINIAN))
