"""
What is known of a person.

    /privacy [Privacy]  ->  what is kept, who sees it, how long
    [My data]           ->  all of it, as a file
"""

from telegram import Update

from bot import my_data_file
from bot.context import Context
from bot.routing import Conversation
from bot.screens import privacy as screens
from bot.taps.privacy import OpenPrivacy, SendMyData
from core import my_data


async def privacy(_: Update, context: Context) -> None:
    await context.show(screens.privacy(context.voice, is_new=context.actor.timezone is None))


async def send_my_data(_: Update, context: Context) -> None:
    async with context.read() as work:
        data = await my_data.everything(work, person_id=context.actor.id)
    await context.send_file(my_data_file.NAME, my_data_file.written(data), screens.file_caption(context.voice))


CONVERSATION = Conversation(
    commands={"privacy": privacy}, taps={OpenPrivacy: privacy, SendMyData: send_my_data}, welcomes_strangers=True
)
