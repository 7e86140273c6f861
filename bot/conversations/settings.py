"""
How a person wants to be spoken to.

    /settings [Settings]  ->  language and time zone
    [other language]      ->  the same in that language
"""

from telegram import Update

from bot import menu
from bot.context import Context
from bot.routing import Conversation
from bot.screens import settings as screens
from bot.taps import ChooseLanguage, OpenSettings
from core import people


async def show_settings(_: Update, context: Context) -> None:
    await context.show(screens.settings(context.voice, is_tutor=context.actor.is_tutor))


async def choose_language(update: Update, context: Context) -> None:
    language = context.tap(ChooseLanguage).language
    async with context.begin() as work:
        await people.choose_language(work, person_id=context.actor.id, language=language)
        await context.refresh(work)
    await show_settings(update, context)
    await menu.publish_own(context.bot, context.actor)


CONVERSATION = Conversation(
    commands={"settings": show_settings},
    taps={OpenSettings: show_settings, ChooseLanguage: choose_language},
)
