"""
What is known of a person.

    /privacy [Privacy]  ->  what is kept, who sees it, how long
"""

from telegram import Update

from bot.context import Context
from bot.routing import Conversation
from bot.screens import privacy as screens
from bot.taps.privacy import OpenPrivacy


async def privacy(_: Update, context: Context) -> None:
    await context.show(screens.privacy(context.voice))


CONVERSATION = Conversation(commands={"privacy": privacy}, taps={OpenPrivacy: privacy}, welcomes_strangers=True)
