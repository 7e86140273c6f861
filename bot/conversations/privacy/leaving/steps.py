"""
A person deletes their account.

    [Delete my account]         ->  what will be lost; "Delete everything?"
    [Yes, delete everything]    ->  deleted; the other people of upcoming lessons are told
                                    (if it would cost more than was shown: the question again)
"""

from telegram import Update

from bot.conversations.privacy.leaving import screens
from bot.conversations.privacy.leaving.taps import AskToLeave, LeaveSurely
from bot.conversations.shared import menu
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.account import leaving
from core.errors import ChargeNotSaid


async def ask_surely(_: Update, context: Context) -> None:
    async with context.read() as work:
        ends = await leaving.ends(work, person_id=context.actor.id)
    await context.show(screens.ask(context.voice, ends))


async def leave(update: Update, context: Context) -> None:
    charges = context.tap(LeaveSurely).charges
    try:
        async with context.begin() as work:
            await leaving.leave(work, person_id=context.actor.id, charges_accepted=charges)
    except ChargeNotSaid:
        await ask_surely(update, context)
        return
    await context.show(screens.left(context.voice))
    await menu.publish_usual(context.bot, context.actor.profile.telegram_id)


CONVERSATION = Conversation(taps={AskToLeave: ask_surely, LeaveSurely: leave}, welcomes_strangers=True)
