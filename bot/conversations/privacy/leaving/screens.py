"""Deleting the account: what will be lost, and that it is done."""

from bot.conversations.privacy.leaving.taps import LeaveSurely
from bot.conversations.privacy.taps import OpenPrivacy
from bot.talk.screen import Button, Screen
from bot.words.voice import Html, Voice, lines
from core.account.leaving import Ends


def ask(voice: Voice, ends: Ends) -> Screen:
    text = lines(
        voice.say("🗑 <b>Delete your account?</b>"),
        lines(*_ends(voice, ends)),
        voice.say("Your name, settings, hours and notes are erased here. <b>This can't be undone.</b>"),
        between="\n\n",
    )
    yes = Button(voice.label("🗑 Yes, delete everything"), LeaveSurely(ends.charged))
    return Screen(text, ((yes,), (Button(voice.label("No, keep it"), OpenPrivacy()),)))


def left(voice: Voice) -> Screen:
    """No buttons: a tap would create a new account."""
    return Screen(voice.say("🗑 <b>Deleted.</b> I know nothing about you any more.\n\n/start begins anew."))


def _ends(voice: Voice, ends: Ends) -> list[Html]:
    return [
        _lessons(voice, ends.lessons),
        *([_charged(voice, ends.charged)] if ends.charged else ()),
        *([_credits(voice, ends.credits)] if ends.credits else ()),
        *([_owed(voice, ends.owed)] if ends.owed else ()),
    ]


def _lessons(voice: Voice, lessons: int) -> Html:
    if not lessons:
        return voice.say("• You have no lessons ahead.")
    return voice.count(
        "• {n} lesson ahead will be cancelled, and the other side told.",
        "• {n} lessons ahead will be cancelled, and the other side told.",
        lessons,
    )


def _charged(voice: Voice, charged: int) -> Html:
    return voice.count(
        "• It is late to cancel {n} of them: that one will be charged.",
        "• It is late to cancel {n} of them: those will be charged.",
        charged,
    )


def _credits(voice: Voice, credits_: int) -> Html:
    return voice.count(
        "• {n} lesson left on your packages will be lost.",
        "• {n} lessons left on your packages will be lost.",
        credits_,
    )


def _owed(voice: Voice, owed: int) -> Html:
    return voice.count(
        "• Your students have {n} lesson left on packages: settle that with them first.",
        "• Your students have {n} lessons left on packages: settle that with them first.",
        owed,
    )
