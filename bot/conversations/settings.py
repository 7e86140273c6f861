"""
How a person wants to be spoken to.

    /settings [Settings]  ->  language and time zone; a tutor's: how they are booked, too
    [other language]      ->  the same in that language
"""

from telegram import Update

from bot import menu
from bot.context import Context
from bot.routing import Conversation
from bot.screens import settings as screens
from bot.screens import terms as term_screens
from bot.taps.settings import ChooseLanguage, OpenSettings
from core import people, terms


async def show_settings(_: Update, context: Context) -> None:
    if context.actor.is_tutor:
        async with context.read() as work:
            card = await terms.card(work, tutor_id=context.actor.id)
        await context.show(term_screens.settings(context.voice, card))
    else:
        await context.show(screens.settings(context.voice))


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
