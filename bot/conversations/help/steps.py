"""
Commands and buttons that work anywhere.

    [Home]    ->  the home screen
    /help     ->  what the bot can do
    /cancel   ->  the open question is withdrawn
"""

from telegram import Update

from bot.conversations.shared import home as screens
from bot.conversations.shared import landing
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.talk.taps import Home, Nothing
from core.people import applications


async def home(_: Update, context: Context) -> None:
    """Show the home screen. This also answers an update that was handled before, without doing it again."""
    async with context.read() as work:
        screen = await landing.home(context, work)
    await context.show(screen)


async def help_(_: Update, context: Context) -> None:
    async with context.read() as work:
        operates = await applications.is_operator(work, context.actor.id)
    rule = context.resources.settings.policies.tutors if operates else None
    await context.show(screens.help_(context.voice, is_tutor=context.actor.is_tutor, operates=rule))


async def cancel(_: Update, context: Context) -> None:
    """Show that the question is withdrawn; routing has withdrawn it already."""
    await context.show(screens.cancelled(context.voice, something=context.question is not None))


async def unknown_command(_: Update, context: Context) -> None:
    await context.show(screens.unknown_command(context.voice))


async def not_understood(_: Update, context: Context) -> None:
    if context.question is None:
        await context.show(screens.nothing_asked(context.voice))
    else:
        await context.show(screens.words_expected(context.voice))


async def nothing(_: Update, context: Context) -> None:
    await context.answer()


CONVERSATION = Conversation(taps={Home: home})
ANYONE = Conversation(commands={"help": help_, "cancel": cancel}, taps={Nothing: nothing}, welcomes_strangers=True)
