"""
The commands menu beside the text field.

By default Telegram picks the language; people who have chosen a language and tutors get a menu of their own.
"""

import logging

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.edge.pace import Priority
from bot.words.voice import LANGUAGES, N_, Voice
from core.people.people import Actor

logger = logging.getLogger(__name__)

EVERYBODY = {
    "start": N_("Begin, or back to the start"),
    "book": N_("Book a lesson"),
    "lessons": N_("Your lessons"),
    "calendar": N_("Your calendar"),
    "export": N_("Your lessons for another calendar"),
    "settings": N_("Your settings"),
    "help": N_("What I can do"),
    "cancel": N_("Stop what I am asking about"),
    "privacy": N_("What I know about you"),
}
TUTORS = {
    "pending": N_("Requests that wait for you"),
    "availability": N_("Your weekly hours"),
    "exceptions": N_("Days off and holidays"),
    "slots": N_("A day, time by time"),
    "students": N_("Your students and their packages"),
    "feeds": N_("Other calendars that block times"),
    "share": N_("The link for your students"),
}
UNLISTED = ("admin",)  # hidden from everybody but operators


def commands(voice: Voice, *, is_tutor: bool) -> tuple[BotCommand, ...]:
    shown = TUTORS | EVERYBODY if is_tutor else EVERYBODY
    return tuple(BotCommand(command, voice.label(words)) for command, words in shown.items())


async def publish(bot: ExtBot[Priority]) -> None:
    """Set the menus for everybody; only those that changed, since Telegram counts these calls strictly."""
    for language in LANGUAGES:
        wanted = commands(Voice.for_(language, "UTC"), is_tutor=False)
        code = None if language == "en" else language
        if await bot.get_my_commands(language_code=code) != wanted:
            await bot.set_my_commands(wanted, language_code=code)


async def publish_own(bot: ExtBot[Priority], actor: Actor) -> None:
    """Set one person's menu; without it the person still has the buttons, so a failure is only logged."""
    wanted = commands(Voice.for_(actor.language, "UTC"), is_tutor=actor.is_tutor)
    try:
        await bot.set_my_commands(wanted, scope=BotCommandScopeChat(actor.profile.telegram_id))
    except TelegramError as error:
        logger.warning("a menu was not set: %s", type(error).__name__)


async def publish_usual(bot: ExtBot[Priority], telegram_id: int) -> None:
    """Remove the person's own menu, so that the common one is shown again."""
    try:
        await bot.delete_my_commands(scope=BotCommandScopeChat(telegram_id))
    except TelegramError as error:
        logger.warning("a menu was not reset: %s", type(error).__name__)
