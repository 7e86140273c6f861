"""A person applies to become a tutor, if operators approve tutors."""

from bot.conversations.applications.taps import ApproveTutor, RefuseTutor
from bot.conversations.availability.taps import OpenAvailability
from bot.conversations.shared.home import zone_question
from bot.conversations.start.taps import ChooseRole
from bot.talk.screen import Button, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.people.applications import ApplicationCard


def asked(voice: Voice, *, is_new: bool) -> Screen:
    """The application was sent; a new person can choose a time zone meanwhile."""
    text = voice.say("📝 <b>Asked.</b> The operators of this bot decide who teaches here. I will write to you.")
    return zone_question(voice, is_new=True, before=text) if is_new else Screen(text, ((home_button(voice),),))


def turned_away(voice: Voice, words: str, *, is_new: bool) -> Screen:
    """This person may not teach here, but can still learn."""
    learn = Button(voice.label("🎒 I learn"), ChooseRole(False))
    return Screen(lines(words), ((learn if is_new else home_button(voice),),))


def application(voice: Voice, card: ApplicationCard, *, toast: str | None = None) -> Screen:
    """An application, with the buttons for an operator's answer."""
    text = lines(
        voice.say("📝 <b>Somebody wants to teach here</b>"), _who(voice, card), _state(voice, card), between="\n\n"
    )
    approve = Button(voice.label("✅ Approve"), ApproveTutor(card.person_id))
    refuse = Button(voice.label("❌ Refuse"), RefuseTutor(card.person_id))
    rows = {None: ((approve, refuse),), True: (), False: ((approve,),)}[card.is_approved]
    return Screen(text, (*rows, (home_button(voice),)), toast)


def approved(voice: Voice) -> Screen:
    text = voice.say("✅ <b>You can teach here now.</b>\n\nPublish your hours and send your link to your students.")
    return Screen(text, ((Button(voice.label("🗓 Weekly hours"), OpenAvailability()), home_button(voice)),))


def refused(voice: Voice) -> Screen:
    text = voice.say("The operators of this bot have declined your wish to teach here.")
    return Screen(text, ((home_button(voice),),))


def _who(voice: Voice, card: ApplicationCard) -> Html:
    if card.username is None:
        return voice.say("<b>{name}</b>", name=card.name)
    return voice.say("<b>{name}</b> (@{username})", name=card.name, username=card.username)


def _state(voice: Voice, card: ApplicationCard) -> Html | None:
    match card.is_approved:
        case None:
            return None
        case True:
            return voice.say("✅ Approved: teaches now")
        case False:
            return voice.say("❌ Refused")
