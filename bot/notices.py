"""What the queue tells: events and reminders, in the reader's words at the moment of sending."""

from datetime import datetime

from bot.context import FALLBACK_ZONE
from bot.screen import Button, Row, Screen
from bot.screens import lesson as lessons
from bot.screens.answers import answer_row
from bot.taps import OpenLesson, OpenTutor
from bot.voice import Html, Voice, lines
from core.bookings import LessonCard
from core.enums import BookingStatus, Event
from core.outbox import Letter


def compose(letter: Letter, *, now: datetime) -> Screen:
    voice = Voice(letter.to.language, letter.to.timezone or FALLBACK_ZONE)
    if letter.event is None:
        return _reminder(voice, letter.lesson, now)
    return _notice(voice, letter.lesson, letter.event)


def _reminder(voice: Voice, lesson: LessonCard, now: datetime) -> Screen:
    title = voice.say("⏰ <b>Your lesson is {ahead}</b>", ahead=voice.ahead(lessons.rounded(lesson.starts_at - now)))
    return Screen(lines(title, lessons.facts(voice, lesson), between="\n\n"), (_open(voice, lesson),))


def _notice(voice: Voice, lesson: LessonCard, event: Event) -> Screen:
    text = lines(_title(voice, lesson, event), lessons.facts(voice, lesson), _words(voice, lesson), between="\n\n")
    return Screen(text, _rows(voice, lesson, event))


def _title(voice: Voice, lesson: LessonCard, event: Event) -> Html:
    match event:
        case Event.BOOKING_CREATED if lesson.status == BookingStatus.CONFIRMED:
            return voice.say("📗 <b>New lesson</b>")
        case Event.BOOKING_CREATED:
            return voice.say("📥 <b>New request</b>")
        case Event.BOOKING_CONFIRMED:
            return voice.say("✅ <b>Your lesson is confirmed</b>")
        case Event.BOOKING_DECLINED:
            return voice.say("❌ <b>Your request was declined</b>")
        case Event.BOOKING_CANCELLED if lesson.viewer_is_tutor:
            return voice.say("❌ <b>Your student cancelled the lesson</b>")
        case Event.BOOKING_CANCELLED:
            return voice.say("❌ <b>Your tutor called the lesson off</b>")
        case Event.BOOKING_EXPIRED if lesson.viewer_is_tutor:
            return voice.say("❌ <b>A request expired: you did not answer in time</b>")
        case Event.BOOKING_EXPIRED:
            return voice.say("❌ <b>Your request expired: the tutor did not answer in time</b>")
        case Event.PERSON_UNREACHABLE:
            name = lesson.other_name
            return voice.say(
                "⚠️ <b>I can't reach {name} any more</b>: they have blocked this bot. Please tell them yourself.",
                name=name,
            )
        case _:
            raise AssertionError(f"{event} has no words")


def _words(voice: Voice, lesson: LessonCard) -> Html | None:
    return voice.say("“{reason}”", reason=lesson.cancel_reason) if lesson.cancel_reason else None


def _rows(voice: Voice, lesson: LessonCard, event: Event) -> tuple[Row, ...]:
    if lesson.viewer_is_tutor and lesson.status == BookingStatus.PENDING:
        return (answer_row(voice, lesson),)
    if event in (Event.BOOKING_DECLINED, Event.BOOKING_CANCELLED, Event.BOOKING_EXPIRED) and not lesson.viewer_is_tutor:
        return ((Button(voice.label("📅 Pick another time"), OpenTutor(lesson.tutor_id)),),)
    return (_open(voice, lesson),)


def _open(voice: Voice, lesson: LessonCard) -> Row:
    return (Button(voice.label("📄 The lesson"), OpenLesson(lesson.id)),)
