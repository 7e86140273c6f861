"""The history of a lesson, line by line."""

from collections.abc import Sequence

from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.shared import lesson_words
from bot.talk.screen import Button, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.enums import BookingAction, BookingStatus
from core.lessons.history import Deed
from core.lessons.lessons import LessonCard

LONGEST_NAME = 30  # thirty lines with Telegram's longest names would not fit into one message


def history(voice: Voice, lesson: LessonCard, deeds: Sequence[Deed]) -> Screen:
    told = [_line(voice, deed) for deed in deeds]
    text = lines(voice.say("🕓 <b>History</b>"), lesson_words.facts(voice, lesson), lines(*told), between="\n\n")
    return Screen(text, ((Button(voice.label("‹ Back"), OpenLesson(lesson.id)), home_button(voice)),))


def _line(voice: Voice, deed: Deed) -> Html:
    what = _what(voice, deed)
    at = voice.moment(deed.at)
    if deed.name is None:
        return voice.say("• {at}: {what}", at=at, what=what)
    who = voice.label("you") if deed.by_viewer else voice.name(deed.name[:LONGEST_NAME])
    return voice.say("• {at}: {what} ({who})", at=at, what=what, who=who)


def _what(voice: Voice, deed: Deed) -> Html:
    match deed.action:
        case BookingAction.REQUESTED:
            return voice.say("asked for")
        case BookingAction.CONFIRMED:
            return voice.say("confirmed")
        case BookingAction.DECLINED:
            return voice.say("declined")
        case BookingAction.CANCELLED:
            return voice.say("cancelled")
        case BookingAction.EXPIRED:
            return voice.say("expired")
        case BookingAction.MOVED:
            return voice.say("moved to {moment}", moment=voice.moment(deed.starts_at))
        case BookingAction.MOVE_ASKED:
            return voice.say("asked to move to {moment}", moment=voice.moment(deed.starts_at))
        case BookingAction.MOVE_DECLINED:
            return voice.say("not moved to {moment}", moment=voice.moment(deed.starts_at))
        case BookingAction.COMPLETED:
            return voice.say("held")
        case BookingAction.NO_SHOW:
            return voice.say("the student did not come")
        case BookingAction.UNDONE if deed.before == BookingStatus.NO_SHOW:
            return voice.say("the mark “did not come” taken back")
        case BookingAction.UNDONE:
            return voice.say("taken back")
        case BookingAction.CHARGE_WAIVED:
            return voice.say("charge waived")
        case BookingAction.NOTED:
            return voice.say("note written")
        case BookingAction.WRITTEN_DOWN:
            return voice.say("written down")
        case BookingAction.ATTENDING:
            return voice.say("“I'll be there”")
