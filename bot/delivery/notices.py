"""Words for queue messages, in the reader's language, at the moment of sending."""

from datetime import datetime
from typing import assert_never

from bot.conversations.admin import screens as operators
from bot.conversations.booking.taps import OpenTutor
from bot.conversations.feeds import screens as feeds
from bot.conversations.lessons.attendance import screens as attendance
from bot.conversations.lessons.moves.taps import OpenMove
from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.settings.email import screens as email_screens
from bot.conversations.shared import applications, lesson_buttons, lesson_screen, lesson_words
from bot.conversations.shared.answer_buttons import answer_rows, reply_rows
from bot.conversations.students.packages import screens as packages
from bot.talk.screen import Button, Row, Screen
from bot.words.voice import FALLBACK_ZONE, Html, Voice, lines
from core.calendars.feeds import Clash, FeedCard
from core.delivery.alarms import Alarm
from core.delivery.queue import Correction, LessonNotice, Notice
from core.enums import BookingStatus, ChannelKind, Event
from core.lessons.lessons import LessonCard
from core.lessons.packages import PackageCard
from core.people.addresses import AddressGone
from core.people.applications import ApplicationCard


def compose(queued: LessonNotice | Notice, *, now: datetime) -> Screen:
    voice = Voice(queued.to.language, queued.to.timezone or FALLBACK_ZONE)
    if isinstance(queued, Notice):
        return _plain(voice, queued)
    if queued.event is None:
        return _reminder(voice, queued.lesson, now, asks=queued.asks)
    if queued.who_left is not None:
        return _farewell(voice, queued.lesson, queued.who_left)
    if queued.clash is not None:
        return _conflict(voice, queued.lesson, queued.clash, now)
    return _notice(voice, queued.lesson, queued.event, now)


def corrected(correction: Correction, message_id: int, *, now: datetime) -> Screen:
    """
    The new content of a message that showed the lesson before, without buttons that no longer work.

    The newest message has the details; older ones shrink to one line.
    """
    voice = Voice(correction.to.language, correction.to.timezone or FALLBACK_ZONE)
    if message_id == correction.newest:
        return lesson_screen.one_lesson(voice, correction.lesson, now=now)
    return lesson_screen.gone_by(voice, correction.lesson)


def _reminder(voice: Voice, lesson: LessonCard, now: datetime, *, asks: bool) -> Screen:
    title = voice.say(
        "⏰ <b>Your lesson is {ahead}</b>", ahead=voice.ahead(lesson_words.rounded(lesson.starts_at - now))
    )
    question = voice.say("Will you be there?") if asks else None
    text = lines(title, lesson_words.facts(voice, lesson, tells_before=False), question, between="\n\n")
    reply = (attendance.reply_row(voice, lesson),) if asks else ()
    return Screen(text, (*lesson_words.join(voice, lesson), *reply, _open(voice, lesson)), lesson=lesson.version)


def _farewell(voice: Voice, lesson: LessonCard, who_left: str) -> Screen:
    """Offer no other time: the other side has deleted their account."""
    title = voice.say("❌ <b>{name} has deleted their account: the lesson is off</b>", name=who_left)
    text = lines(title, lesson_words.facts(voice, lesson), lesson_words.charge(voice, lesson), between="\n\n")
    return Screen(text, (_open(voice, lesson),), lesson=lesson.version)


def _conflict(voice: Voice, lesson: LessonCard, clash: Clash, now: datetime) -> Screen:
    """All that can be done about the lesson, at once."""
    title = voice.say("⚠️ <b>Another calendar says that you are busy then.</b> The lesson stands until you decide.")
    text = lines(title, lesson_words.facts(voice, lesson), feeds.why(voice, clash), between="\n\n")
    return Screen(text, lesson_buttons.rows(voice, lesson, now), lesson=lesson.version)


def _plain(voice: Voice, notice: Notice) -> Screen:
    match notice.about:
        case ApplicationCard():
            return _application(voice, notice.event, notice.about)
        case PackageCard() if notice.about.taken_back and notice.who_left is None:
            return packages.taken_back(voice, notice.about)
        case PackageCard():
            return packages.granted(voice, notice.about, who_left=notice.who_left)
        case AddressGone(ChannelKind.EMAIL):
            return email_screens.failed(voice)
        case Alarm():
            return operators.alarm(voice, notice.about)
        case FeedCard():
            return feeds.failed(voice, notice.about)
        case AddressGone(channel):
            raise AssertionError(f"{channel} has no words")
        case _:
            assert_never(notice.about)


def _application(voice: Voice, event: Event, about: ApplicationCard) -> Screen:
    match event:
        case Event.TUTOR_ASKED:
            return applications.application(voice, about)
        case Event.TUTOR_APPROVED:
            return applications.approved(voice)
        case Event.TUTOR_REFUSED:
            return applications.refused(voice)
        case _:
            raise AssertionError(f"{event} has no words")


def _notice(voice: Voice, lesson: LessonCard, event: Event, now: datetime) -> Screen:
    if event is Event.PERSON_UNREACHABLE:
        return _unreached(voice, lesson, now)
    deadline = _deadline(voice, lesson) if event is Event.BOOKING_NUDGE else lesson_words.held_until(voice, lesson)
    about_it = _note(voice, lesson, event), deadline, lesson_words.charge(voice, lesson)
    after_facts = *about_it, _words(voice, lesson)
    text = lines(_title(voice, lesson, event), lesson_words.facts(voice, lesson), *after_facts, between="\n\n")
    return Screen(text, _rows(voice, lesson, event, now), lesson=lesson.version)


def _unreached(voice: Voice, lesson: LessonCard, now: datetime) -> Screen:
    """With all that the other one does not know. It stays as it is when the lesson changes."""
    title = voice.say(
        "⚠️ <b>I can't reach {name} any more</b>: they have blocked this bot. Please tell them yourself.",
        name=voice.name(lesson.other_name),
    )
    text = lines(title, lesson_words.facts(voice, lesson), lesson_words.state(voice, lesson), between="\n\n")
    return Screen(text, _rows(voice, lesson, Event.PERSON_UNREACHABLE, now))


def _title(voice: Voice, lesson: LessonCard, event: Event) -> Html:
    match event:
        case Event.BOOKING_CREATED:
            return _new_title(voice, lesson)
        case Event.BOOKING_NUDGE:
            return voice.say("⏳ <b>A request still waits for your answer</b>")
        case Event.BOOKING_CONFIRMED if lesson.viewer_is_tutor:
            return voice.say("✅ <b>Your student agreed to the time you proposed</b>")
        case Event.BOOKING_CONFIRMED:
            return voice.say("✅ <b>Your lesson is confirmed</b>")
        case Event.BOOKING_DECLINED:
            return voice.say("❌ <b>Your request was declined</b>")
        case Event.BOOKING_CANCELLED if lesson.viewer_is_tutor:
            return voice.say("❌ <b>Your student cancelled the lesson</b>")
        case Event.BOOKING_CANCELLED:
            return voice.say("❌ <b>Your tutor called the lesson off</b>")
        case Event.BOOKING_EXPIRED:
            return _expiry_title(voice, lesson)
        case Event.BOOKING_RESCHEDULED | Event.MOVE_ASKED | Event.MOVE_DECLINED:
            return _move_title(voice, lesson, event)
        case Event.BOOKING_NO_SHOW:
            return voice.say("⚠️ <b>Your tutor noted that you did not come</b>")
        case Event.CHARGE_WAIVED if not lesson.terms.is_waived:
            return voice.say("↩️ <b>The tutor took back the mark “did not come”</b>")
        case Event.CHARGE_WAIVED:
            return voice.say("🎁 <b>This lesson is not charged</b>")
        case Event.MOVE_WANTED:
            return voice.say("✉️ <b>Your tutor can't be there then: please pick another time</b>")
        case _:
            raise AssertionError(f"{event} has no words")


def _new_title(voice: Voice, lesson: LessonCard) -> Html:
    if not lesson.viewer_is_tutor:
        return voice.say("📗 <b>Your tutor wrote down a lesson with you</b>")
    if lesson.status == BookingStatus.CONFIRMED:
        return voice.say("📗 <b>New lesson</b>")
    return voice.say("📥 <b>New request</b>")


def _expiry_title(voice: Voice, lesson: LessonCard) -> Html:
    if lesson.move.is_request:
        title = voice.say("❌ <b>Not moved: there was no answer in time</b>")
        return lines(title, lesson_words.stays(voice, lesson))
    if lesson.is_proposal and lesson.viewer_is_tutor:
        return voice.say("❌ <b>Your student did not answer in time: the time you proposed is free again</b>")
    if lesson.is_proposal:
        return voice.say("❌ <b>You did not answer in time: the proposed time is no longer held</b>")
    if lesson.viewer_is_tutor:
        return voice.say("❌ <b>A request expired: you did not answer in time</b>")
    return voice.say("❌ <b>Your request expired: the tutor did not answer in time</b>")


def _move_title(voice: Voice, lesson: LessonCard, event: Event) -> Html:
    match event:
        case Event.MOVE_ASKED:
            return voice.say("🔁 <b>Your student asks to move the lesson</b>")
        case Event.MOVE_DECLINED if lesson.answers.moved_by_tutor:
            return voice.say("❌ <b>The new time does not suit your student: there is no lesson then</b>")
        case Event.MOVE_DECLINED if lesson.answers.written_by_tutor and lesson.viewer_is_tutor:
            return voice.say("❌ <b>Your student says that you did not agree on this lesson: it is off</b>")
        case Event.MOVE_DECLINED if lesson.viewer_is_tutor:
            title = voice.say("↩️ <b>Your student asks no more to move the lesson</b>")
            return lines(title, lesson_words.stays(voice, lesson))
        case Event.MOVE_DECLINED:
            return lines(voice.say("❌ <b>Your tutor can't move the lesson</b>"), lesson_words.stays(voice, lesson))
        case _ if lesson.viewer_is_tutor and lesson.status == BookingStatus.PENDING:
            return voice.say("🔁 <b>Your student asks for another time instead</b>")
        case _ if lesson.viewer_is_tutor:
            return voice.say("🔁 <b>Your student moved the lesson</b>")
        case _ if lesson.is_proposal:
            return voice.say("🔁 <b>Your tutor proposes another time instead</b>")
        case _ if lesson.answers.moved_by_tutor:
            return voice.say("🔁 <b>Your tutor moved the lesson</b>")
        case _:
            return voice.say("✅ <b>Your tutor agreed: the lesson is moved</b>")


def _words(voice: Voice, lesson: LessonCard) -> Html | None:
    return voice.say("“{reason}”", reason=lesson.cancel_reason) if lesson.cancel_reason else None


def _note(voice: Voice, lesson: LessonCard, event: Event) -> Html | None:
    """What a student wants the tutor to know before answering."""
    return lesson_words.notes(voice, lesson) if event is Event.BOOKING_CREATED and lesson.viewer_is_tutor else None


def _deadline(voice: Voice, lesson: LessonCard) -> Html | None:
    if lesson.expires_at is None:
        return None
    return voice.say("You can answer until {moment}.", moment=voice.moment(lesson.expires_at))


def _rows(voice: Voice, lesson: LessonCard, event: Event, now: datetime) -> tuple[Row, ...]:
    if lesson.viewer_is_tutor and lesson.awaits_tutor:
        return answer_rows(voice, lesson)
    if event in (Event.BOOKING_RESCHEDULED, Event.BOOKING_CREATED) and lesson.is_refusable_at(now):
        return (*reply_rows(voice, lesson), _open(voice, lesson))
    if event is Event.MOVE_WANTED:
        return ((Button(voice.label("📅 Pick another time"), OpenMove(lesson.id)),), _open(voice, lesson))
    if lesson.move.is_request:
        return (_open(voice, lesson),)
    if event in (Event.BOOKING_DECLINED, Event.BOOKING_CANCELLED, Event.BOOKING_EXPIRED) and not lesson.viewer_is_tutor:
        return ((Button(voice.label("📅 Pick another time"), OpenTutor(lesson.tutor_id)),),)
    return (_open(voice, lesson),)


def _open(voice: Voice, lesson: LessonCard) -> Row:
    return (Button(voice.label("📄 The lesson"), OpenLesson(lesson.id)),)
