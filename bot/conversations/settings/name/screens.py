"""The name that others see."""

from bot.conversations.settings.name.taps import FollowTelegram
from bot.conversations.settings.taps import OpenSettings
from bot.talk.screen import Button, Row, Screen
from bot.words.voice import Voice, lines
from core.people.people import LONGEST_NAME, Actor


def ask(voice: Voice, actor: Actor, *, refusal: str | None = None) -> Screen:
    """Ask for a name, which the person types. A refusal, if given, is shown above the question."""
    text = lines(
        refusal,
        voice.say("✏️ <b>Name: {name}</b>", name=actor.name),
        voice.say("Others see you by it. Write another, up to {letters} characters.", letters=LONGEST_NAME),
        between="\n\n",
    )
    follow: tuple[Row, ...] = ((Button(voice.label("↩️ As in Telegram"), FollowTelegram()),),)
    return Screen(text, (*(follow if actor.has_own_name else ()), (Button(voice.label("‹ Settings"), OpenSettings()),)))
