"""The words about one lesson, wherever it is shown."""

from datetime import datetime, timedelta

from bot.talk.screen import Button, Row
from bot.words.voice import Html, Voice, lines
from core.enums import BookingStatus, LessonType
from core.lessons.lessons import LessonCard

MARKS = {
    BookingStatus.PENDING: "⏳",
    BookingStatus.CONFIRMED: "✅",
    BookingStatus.COMPLETED: "🏁",
    BookingStatus.RESCHEDULED: "🔁",
}
GONE = "❌"
AWAITED = "❓"  # a request for the reader to answer


def mark(lesson: LessonCard) -> str:
    if lesson.status == BookingStatus.PENDING and lesson.awaits_viewer:
        return AWAITED
    return MARKS.get(lesson.status, GONE)


def rounded(ahead: timedelta) -> timedelta:
    """Round to minutes: a message sent two seconds late still says "in 24 hours"."""
    return timedelta(minutes=round(ahead / timedelta(minutes=1)))


def other(voice: Voice, lesson: LessonCard, *, is_marked: bool) -> str:
    """The other person's name; if `is_marked`, with a sign for tutor or student."""
    name = voice.name(lesson.other_name)
    side = "🎒" if lesson.viewer_is_tutor else "🎓"
    return f"{side} {name}" if is_marked else name


def when(voice: Voice, starts_at: datetime, ends_at: datetime) -> str:
    """Mon 24 Nov, 17:00–18:00"""
    return f"{voice.day(voice.local(starts_at).date())}, {voice.hours(starts_at, ends_at)}"


def held(voice: Voice, until: datetime | None) -> Html | None:
    """The line that says until when the time is held."""
    return None if until is None else voice.say("⏱ Held for you until {hour}.", hour=voice.hour(until))


def facts(voice: Voice, lesson: LessonCard, *, tells_before: bool = True) -> Html:
    """The other person, the time and its zone, the price; for a moved lesson also the earlier time."""
    return lines(
        _with(voice, lesson),
        _when(voice, lesson),
        other_clock(voice, lesson, lesson.starts_at),
        _before(voice, lesson) if tells_before else None,
        voice.say("Subject: {subject}", subject=lesson.subject) if lesson.subject else None,
        _kind(voice, lesson),
        _price(voice, lesson),
    )


def notes(voice: Voice, lesson: LessonCard) -> Html | None:
    """The notes of both people; a student does not see the tutor's."""
    mine, theirs = lesson.student_notes, lesson.tutor_notes
    told = (
        voice.say("📝 {note}", note=mine) if mine else None,
        voice.say("🔒 {note}", note=theirs) if theirs else None,
    )
    return lines(*told) if any(told) else None


def lessons_held(voice: Voice, lesson: LessonCard) -> Html | None:
    """How many lessons the two have held."""
    if not lesson.viewer_is_tutor or not lesson.awaits_tutor:
        return None
    if not lesson.lessons_held:
        return voice.say("You have held no lesson together yet.")
    return voice.count("You have held {n} lesson together.", "You have held {n} lessons together.", lesson.lessons_held)


def state(voice: Voice, lesson: LessonCard) -> Html:
    """The status with its details."""
    more = held_until(voice, lesson), _asked(voice, lesson), charge(voice, lesson), _reason(voice, lesson)
    return lines(status(voice, lesson), *more)


def status(voice: Voice, lesson: LessonCard) -> Html:
    """The status in one line."""
    if lesson.move.is_request:
        return _wish(voice, lesson)
    match lesson.status:
        case BookingStatus.PENDING if lesson.is_proposal:
            return _proposal(voice, lesson)
        case BookingStatus.PENDING if lesson.viewer_is_tutor:
            return voice.say("❓ Waits for your answer")
        case BookingStatus.PENDING:
            return voice.say("⏳ Waits for the tutor's answer")
        case BookingStatus.CONFIRMED:
            return _confirmed(voice, lesson)
        case BookingStatus.CANCELLED_STUDENT if lesson.viewer_is_tutor:
            return voice.say("❌ Cancelled by the student")
        case BookingStatus.CANCELLED_STUDENT:
            return voice.say("❌ You cancelled it")
        case BookingStatus.CANCELLED_TUTOR:
            return _called_off(voice, lesson)
        case BookingStatus.EXPIRED:
            return voice.say("❌ Expired without an answer")
        case BookingStatus.COMPLETED:
            return voice.say("🏁 Held")
        case BookingStatus.NO_SHOW if lesson.viewer_is_tutor:
            return voice.say("❌ The student did not come")
        case BookingStatus.NO_SHOW:
            return voice.say("❌ You did not come")
        case BookingStatus.RESCHEDULED if lesson.move.next_at is not None:
            return voice.say("🔁 Moved to {moment}", moment=voice.moment(lesson.move.next_at))
        case BookingStatus.RESCHEDULED:
            return voice.say("🔁 Moved to another time")


def _called_off(voice: Voice, lesson: LessonCard) -> Html:
    if lesson.answers.was_declined:
        return voice.say("❌ You declined it") if lesson.viewer_is_tutor else voice.say("❌ Declined by the tutor")
    return voice.say("❌ You called it off") if lesson.viewer_is_tutor else voice.say("❌ Called off by the tutor")


def _wish(voice: Voice, lesson: LessonCard) -> Html:
    match lesson.status:
        case BookingStatus.PENDING if lesson.viewer_is_tutor:
            return voice.say("❓ Your student asks to move the lesson. It stands until you answer.")
        case BookingStatus.PENDING:
            return voice.say("⏳ You asked to move the lesson. It stands until the tutor answers.")
        case _:
            return lines(voice.say("❌ Not moved"), stays(voice, lesson))


def _confirmed(voice: Voice, lesson: LessonCard) -> Html:
    if not lesson.answers.is_attending:
        return voice.say("✅ Confirmed")
    if lesson.viewer_is_tutor:
        return voice.say("✅ Confirmed. 👍 The student will be there")
    return voice.say("✅ Confirmed. 👍 You said you'll be there")


def _proposal(voice: Voice, lesson: LessonCard) -> Html:
    if lesson.viewer_is_tutor:
        return voice.say("⏳ You proposed this time: waits for the student's answer")
    return voice.say("❓ Your tutor proposes this time: waits for your answer")


def held_until(voice: Voice, lesson: LessonCard) -> Html | None:
    """Until when a proposal can be answered."""
    if not lesson.is_proposal or lesson.expires_at is None:
        return None
    return voice.say("The time is held until {moment}.", moment=voice.moment(lesson.expires_at))


def _asked(voice: Voice, lesson: LessonCard) -> Html | None:
    if lesson.move.next_at is None or lesson.status != BookingStatus.CONFIRMED:
        return None
    return voice.say("⏳ Asked to move to {moment}", moment=voice.moment(lesson.move.next_at))


def _when(voice: Voice, lesson: LessonCard) -> Html:
    hours = when(voice, lesson.starts_at, lesson.ends_at)
    if _is_vain(lesson):
        return voice.say("<s>{when} ({zone})</s>", when=hours, zone=voice.zone())
    return voice.say("{when} ({zone})", when=hours, zone=voice.zone())


def stays(voice: Voice, lesson: LessonCard) -> Html | None:
    """The line with the lesson's unchanged time, after a move request was not accepted."""
    if not lesson.move.is_request or lesson.move.before_at is None:
        return None
    return voice.say("The lesson stays on {moment}.", moment=voice.moment(lesson.move.before_at))


def _is_vain(lesson: LessonCard) -> bool:
    return lesson.move.is_request and lesson.status != BookingStatus.PENDING


def _before(voice: Voice, lesson: LessonCard) -> Html | None:
    if lesson.move.before_at is None or _is_vain(lesson):
        return None
    return voice.say("Instead of {moment}", moment=voice.moment(lesson.move.before_at))


def _kind(voice: Voice, lesson: LessonCard) -> Html | None:
    match lesson.lesson_type:
        case LessonType.TRIAL:
            return voice.say("Trial lesson")
        case LessonType.PACKAGE:
            return voice.say("From the package")
        case LessonType.REGULAR:
            return None


def join(voice: Voice, lesson: LessonCard) -> tuple[Row, ...]:
    """The button to join the video room, while the room is open."""
    if lesson.room.join_url is None:
        return ()
    return ((Button(voice.label("🎥 Join"), url=lesson.room.join_url),),)


def charge(voice: Voice, lesson: LessonCard) -> Html | None:
    if lesson.terms.is_waived:
        return voice.say("The charge was waived.")
    if not lesson.terms.is_charged:
        return _uncharged(voice, lesson)
    if lesson.status == BookingStatus.NO_SHOW:
        return voice.say("The lesson is charged.")
    return voice.say("Cancelled late: it is charged.")


def _uncharged(voice: Voice, lesson: LessonCard) -> Html | None:
    if lesson.status != BookingStatus.NO_SHOW or lesson.lesson_type is LessonType.TRIAL:
        return None
    if lesson.viewer_is_tutor:
        return voice.say("It is not charged: the student had not agreed to this time.")
    return voice.say("It is not charged: you had not agreed to this time.")


def _with(voice: Voice, lesson: LessonCard) -> Html:
    if lesson.viewer_is_tutor:
        return voice.say("🎒 <b>{name}</b>", name=voice.name(lesson.student_name))
    return voice.say("🎓 <b>{name}</b>", name=voice.name(lesson.tutor_name))


def other_clock(voice: Voice, lesson: LessonCard, at: datetime) -> Html | None:
    """The time in the other person's zone, if it differs."""
    zone = lesson.student_timezone if lesson.viewer_is_tutor else lesson.tutor_timezone
    theirs = voice.in_zone(zone or voice.timezone)
    if theirs.local(at).utcoffset() == voice.local(at).utcoffset():
        return None
    if lesson.viewer_is_tutor:
        return voice.say("At the student's: {moment} ({zone})", moment=theirs.moment(at), zone=theirs.zone())
    return voice.say("At the tutor's: {moment} ({zone})", moment=theirs.moment(at), zone=theirs.zone())


def _price(voice: Voice, lesson: LessonCard) -> Html | None:
    if lesson.terms.price is None:
        return None
    return voice.say("Price: {price}", price=voice.money(lesson.terms.price, lesson.terms.currency))


def _reason(voice: Voice, lesson: LessonCard) -> Html | None:
    if lesson.cancel_reason is None:
        return None
    return voice.say("“{reason}”", reason=lesson.cancel_reason)
