"""
An operator decides who teaches.

    a notice "wants to teach"  [Approve]  ->  the person is a tutor from now on, and is told so
                               [Refuse]   ->  the person is told so; [Approve] reverses it
"""

from telegram import Update

from bot.conversations.applications.taps import ApproveTutor, RefuseTutor
from bot.conversations.shared import applications as screens
from bot.conversations.shared import menu
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.people import applications, people


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
