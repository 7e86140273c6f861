"""Reminders and changes by e-mail."""

from datetime import datetime
from email.message import EmailMessage

from bot.conversations.settings.email.taps import OpenEmail, StopEmail
from bot.conversations.settings.reminders.taps import OpenReminders
from bot.mail import message
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words.voice import Html, Voice, lines


def email(voice: Voice, address: str | None, *, refusal: str | None = None) -> Screen:
    """Ask for an address; the person types it."""
    text = lines(
        refusal,
        lines(voice.say("✉️ <b>E-mail</b>"), _now(voice, address)),
        voice.say(
            "I mail what changes in your lessons and reminders from an hour ahead, with the lesson for your calendar. "
            "All of it comes here as well."
        ),
        voice.say("Type your address, and I mail you a code."),
        between="\n\n",
    )
    off: tuple[Row, ...] = ((Button(voice.label("🚫 Switch off"), StopEmail()),),) if address else ()
    return Screen(text, (*off, _back(voice)))


def code(voice: Voice, address: str, *, refusal: str | None = None) -> Screen:
    text = lines(
        refusal,
        voice.say("✉️ I have mailed a code to {email}. Type its six digits here within 15 minutes.", email=address),
        voice.say("Nothing came? Look among the spam, or type the address once more."),
        between="\n\n",
    )
    return Screen(text, (_back(voice),))


def failed(voice: Voice) -> Screen:
    text = voice.say(
        "✉️ <b>Your e-mail address does not work any more</b>: the server there knows no such mailbox. "
        "I mail nothing more; everything comes here."
    )
    return Screen(text, ((Button(voice.label("✉️ E-mail"), OpenEmail()), home_button(voice)),))


def not_mailed(voice: Voice) -> str:
    return voice.label("I can't send mail at the moment. Please try again later.")


def no_mailbox(voice: Voice) -> str:
    return voice.label("The mail server does not take this address. Is it written correctly?")


def wrong_code(voice: Voice, tries: int) -> str:
    return voice.count_label(
        "That is not the code. {n} try is left.", "That is not the code. {n} tries are left.", tries
    )


def spent_code(voice: Voice) -> str:
    return voice.label("That code does not hold any more. Type your address for a new one.")


def _now(voice: Voice, address: str | None) -> Html:
    if address is None:
        return voice.say("Off: I write here only.")
    return voice.say("On: {email}", email=address)


def _back(voice: Voice) -> Row:
    return Button(voice.label("‹ Reminders"), OpenReminders()), home_button(voice)


def code_mail(voice: Voice, code: str, *, sender: str, to: str, link: str, key: str, now: datetime) -> EmailMessage:
    subject = voice.label("{code} is your code", code=code)
    text = voice.say(
        "<b>{code}</b> is the code that confirms your address. It holds for 15 minutes: type it in the chat, {link}\n\n"
        "If you did not ask for it, do nothing: nothing will be mailed to you.",
        code=code,
        link=link,
    )
    return message.written(voice, subject, text, sender=sender, to=to, key=key, now=now)
