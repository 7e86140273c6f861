"""
What works anywhere.

    [Home]                  ->  the desk
    /help /cancel
"""

from telegram import Update

from bot import landing
from bot.context import Context
from bot.routing import Conversation
from bot.screens import home as screens
from bot.taps.anywhere import Home, Nothing
from core import applications


async def home(_: Update, context: Context) -> None:
    async with context.read() as work:
        screen = await landing.home(context, work)
    await context.show(screen)


async def help_(_: Update, context: Context) -> None:
    async with context.read() as work:
        operates = await applications.is_operator(work, context.actor.id)
    rule = context.house.settings.policies.tutors if operates else None
    await context.show(screens.help_(context.voice, is_tutor=context.actor.is_tutor, operates=rule))


async def cancel(_: Update, context: Context) -> None:
    """Routing has withdrawn the question already."""
    await context.show(screens.cancelled(context.voice, something=context.actor.question is not None))


async def nothing(_: Update, context: Context) -> None:
    await context.answer()


CONVERSATION = Conversation(taps={Home: home})
ANYONE = Conversation(commands={"help": help_, "cancel": cancel}, taps={Nothing: nothing}, welcomes_strangers=True)
