"""A tutor's booking link: as a QR code, as a message to forward, and how to replace it."""

from urllib.parse import quote

from bot.conversations.availability.taps import OpenAvailability
from bot.conversations.share.taps import AskForNewLink, MakeNewLink, OpenCard, OpenLink
from bot.conversations.shared.tutor_card import spoken
from bot.pictures import qr
from bot.talk.screen import Button, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.pure.setting_table import TutorSettingsCard


def link(voice: Voice, url: str, name: str, *, toast: str | None = None) -> Screen:
    text = lines(
        voice.say("🔗 <b>Your link</b>"),
        Html(url),
        voice.say("Send it to your students, or let them scan the code. Whoever opens it sees your free times."),
        between="\n\n",
    )
    invitation = voice.label("Book a lesson with {name}:", name=name)
    share = f"https://t.me/share/url?url={quote(url)}&text={quote(invitation)}"
    rows = (
        (Button(voice.label("📤 Send"), url=share), Button(voice.label("📋 Copy"), copy=url)),
        (Button(voice.label("📇 Card"), OpenCard()), Button(voice.label("♻️ Replace"), AskForNewLink())),
        (Button(voice.label("🗓 Weekly hours"), OpenAvailability()), home_button(voice)),
    )
    return Screen(text, rows, toast, photo=qr.png(url))


def card(voice: Voice, url: str, name: str, terms: TutorSettingsCard) -> Screen:
    """A separate message for the tutor to forward to students."""
    text = lines(
        voice.say("🎓 <b>{name}</b>", name=name),
        lines(*terms.subjects, between=" · ") if terms.subjects else None,
        spoken(voice, terms.languages),
        terms.about,
        _lesson(voice, terms),
        voice.say("📅 Book a lesson: {url}", url=url),
        between="\n\n",
    )
    return Screen(text, ((Button(voice.label("📅 Book a lesson"), url=url),),))


def ask_for_new_link(voice: Voice, url: str) -> Screen:
    text = voice.say(
        "♻️ <b>Make a new link?</b>\n\nThe old one, also on printed codes, will lead nowhere. Students who have opened "
        "it already stay your students."
    )
    yes = Button(voice.label("♻️ Yes, a new one"), MakeNewLink())
    return Screen(text, ((yes, Button(voice.label("‹ Back"), OpenLink())),), photo=qr.png(url))


def _lesson(voice: Voice, terms: TutorSettingsCard) -> Html:
    length = voice.span(terms.default_lesson_duration)
    if terms.price is None:
        return voice.say("A lesson is {length}.", length=length)
    price = voice.money(terms.price, terms.currency)
    return voice.say("A lesson is {length} and costs {price}.", length=length, price=price)
