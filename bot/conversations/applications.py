"""
An operator decides who teaches.

    a notice "wants to teach"  [Approve]  ->  a tutor from now on; the person hears of it
                               [Refuse]   ->  the person hears of it; [Approve] takes it back
"""

from telegram import Update

from bot import menu
from bot.context import Context
from bot.routing import Conversation
from bot.screens import applications as screens
from bot.taps.applications import ApproveTutor, RefuseTutor
from core import applications, people


async def approve(_: Update, context: Context) -> None:
    person_id = context.tap(ApproveTutor).person_id
    async with context.begin() as work:
        card = await applications.approve(work, person_id=person_id, operator_id=context.actor.id)
        tutor = await people.find(work, card.telegram_id) if card.telegram_id else None
    await context.show(screens.application(context.voice, card))
    if tutor:
        await menu.publish_own(context.bot, tutor)


async def refuse(_: Update, context: Context) -> None:
    person_id = context.tap(RefuseTutor).person_id
    async with context.begin() as work:
        card = await applications.refuse(work, person_id=person_id, operator_id=context.actor.id)
    await context.show(screens.application(context.voice, card))


CONVERSATION = Conversation(taps={ApproveTutor: approve, RefuseTutor: refuse}, welcomes_strangers=True)
