"""
The settings of a person, and their language.

    /settings [Settings]  ->  language, time zone, name; for a tutor also how they are booked
    [Language]            ->  the languages
    [a language]          ->  the settings in that language
"""

from telegram import Update

from bot.conversations.settings import screens
from bot.conversations.settings.overview import overview
from bot.conversations.settings.taps import ChooseLanguage, OpenLanguages, OpenSettings
from bot.conversations.shared import menu
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.people import people


async def show_settings(_: Update, context: Context) -> None:
    async with context.read() as work:
        screen = await overview(context, work)
    await context.show(screen)


async def show_languages(_: Update, context: Context) -> None:
    await context.show(screens.languages(context.voice))


async def choose_language(_: Update, context: Context) -> None:
    language = context.tap(ChooseLanguage).language
    async with context.begin() as work:
        await people.choose_language(work, person_id=context.actor.id, language=language)
        await context.refresh(work)
        screen = await overview(context, work)
    await context.show(screen)
    await menu.publish_own(context.bot, context.actor)


CONVERSATION = Conversation(
    commands={"settings": show_settings},
    taps={OpenSettings: show_settings, OpenLanguages: show_languages, ChooseLanguage: choose_language},
)
