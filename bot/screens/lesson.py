"""How one lesson reads, wherever it is shown."""

from datetime import datetime, timedelta

from bot.voice import Html, Voice, lines
from core.bookings import LessonCard
from core.enums import BookingStatus

MARKS = {
    BookingStatus.PENDING: "⏳",
    BookingStatus.CONFIRMED: "✅",
    BookingStatus.COMPLETED: "🏁",
}
GONE = "❌"


def mark(status: BookingStatus) -> str:
    return MARKS.get(status, GONE)


def rounded(ahead: timedelta) -> timedelta:
    """To the minute: what is sent two seconds late is still "in 24 hours"."""
    return timedelta(minutes=round(ahead / timedelta(minutes=1)))


def when(voice: Voice, starts_at: datetime, ends_at: datetime) -> str:
    """Mon 24 Nov, 17:00–18:00"""
    return f"{voice.day(voice.local(starts_at).date())}, {voice.hours(starts_at, ends_at)}"


def facts(voice: Voice, lesson: LessonCard) -> Html:
    """Who, when by which clock, and for how much."""
    return lines(
        _with(voice, lesson),
        voice.say("{when} ({zone})", when=when(voice, lesson.starts_at, lesson.ends_at), zone=voice.zone()),
        _other_clock(voice, lesson),
        _price(voice, lesson),
    )


def state(voice: Voice, lesson: LessonCard) -> Html:
    match lesson.status:
        case BookingStatus.PENDING if lesson.viewer_is_tutor:
            return voice.say("⏳ Waits for your answer")
        case BookingStatus.PENDING:
            return voice.say("⏳ Waits for the tutor's answer")
        case BookingStatus.CONFIRMED:
            return voice.say("✅ Confirmed")
        case BookingStatus.CANCELLED_STUDENT if lesson.viewer_is_tutor:
            return lines(voice.say("❌ Cancelled by the student"), _reason(voice, lesson))
        case BookingStatus.CANCELLED_STUDENT:
            charged = voice.say("Cancelled late: it is charged.") if lesson.is_charged else None
            return lines(voice.say("❌ You cancelled it"), charged)
        case BookingStatus.CANCELLED_TUTOR if lesson.viewer_is_tutor:
            return lines(voice.say("❌ You called it off"), _reason(voice, lesson))
        case BookingStatus.CANCELLED_TUTOR:
            return lines(voice.say("❌ Called off by the tutor"), _reason(voice, lesson))
        case BookingStatus.EXPIRED:
            return voice.say("❌ Expired without an answer")
        case BookingStatus.COMPLETED:
            return voice.say("🏁 Held")
        case BookingStatus.NO_SHOW:
            return voice.say("❌ The student did not come")
        case BookingStatus.RESCHEDULED:
            return voice.say("❌ Moved to another time")


def _with(voice: Voice, lesson: LessonCard) -> Html:
    if lesson.viewer_is_tutor:
        return voice.say("🎒 <b>{name}</b>", name=lesson.student_name)
    return voice.say("🎓 <b>{name}</b>", name=lesson.tutor_name)


def _other_clock(voice: Voice, lesson: LessonCard) -> Html | None:
    """The tutor's clock too, where it shows another time than the student's."""
    theirs = voice.in_zone(lesson.tutor_timezone)
    if (
        lesson.viewer_is_tutor
        or theirs.local(lesson.starts_at).utcoffset() == voice.local(lesson.starts_at).utcoffset()
    ):
        return None
    return voice.say("At the tutor's: {moment} ({zone})", moment=theirs.moment(lesson.starts_at), zone=theirs.zone())


def _price(voice: Voice, lesson: LessonCard) -> Html | None:
    if lesson.price is None:
        return None
    return voice.say("Price: {price}", price=voice.money(lesson.price, lesson.currency))


def _reason(voice: Voice, lesson: LessonCard) -> Html | None:
    if lesson.cancel_reason is None:
        return None
    return voice.say("“{reason}”", reason=lesson.cancel_reason)
