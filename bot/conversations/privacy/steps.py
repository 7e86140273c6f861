"""
What the bot knows about a person.

    /privacy [Privacy]  ->  what is stored, who sees it, for how long
    [My data]           ->  all of it, as a file
"""

from telegram import Update

from bot.conversations.privacy import my_data_file, screens
from bot.conversations.privacy.taps import OpenPrivacy, SendMyData
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.account import my_data


async def privacy(_: Update, context: Context) -> None:
    await context.show(screens.privacy(context.voice, is_new=context.actor.timezone is None))


async def send_my_data(_: Update, context: Context) -> None:
    async with context.read() as work:
        data = await my_data.everything(work, person_id=context.actor.id)
    await context.send_file(my_data_file.NAME, my_data_file.written(data), screens.file_caption(context.voice))


CONVERSATION = Conversation(
    commands={"privacy": privacy}, taps={OpenPrivacy: privacy, SendMyData: send_my_data}, welcomes_strangers=True
)
