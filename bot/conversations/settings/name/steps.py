"""
The name that others see.

    [Name]            ->  the name that others see now; "write another"
      a name typed    ->  the settings; others see the new name from now on
    [As in Telegram]  ->  the same with the name in Telegram, which is followed when it changes
"""

from telegram import Update

from bot.conversations.settings.name import screens
from bot.conversations.settings.name.questions import NewName
from bot.conversations.settings.name.taps import EditName, FollowTelegram
from bot.conversations.settings.overview import overview
from bot.talk.context import Context, told_by_telegram
from bot.talk.routing import Conversation
from bot.words import refusals
from core.errors import BadName
from core.people import people


async def edit_name(_: Update, context: Context) -> None:
    async with context.begin() as work:
        await context.ask(work, NewName())
    await context.show(screens.ask(context.voice, context.actor))


async def hear_name(_: Update, context: Context) -> None:
    try:
        async with context.begin() as work:
            await people.choose_name(work, person_id=context.actor.id, name=context.words)
            await context.answered(work)
            await context.refresh(work)
            screen = await overview(context, work)
    except BadName as refusal:
        said = refusals.words(context.voice, refusal)
        await context.show(screens.ask(context.voice, context.actor, refusal=said))
    else:
        await context.show(screen)


async def follow_telegram(update: Update, context: Context) -> None:
    assert update.effective_user, "somebody has tapped"
    profile = told_by_telegram(update.effective_user)
    async with context.begin() as work:
        await people.follow_telegram(work, person_id=context.actor.id, profile=profile)
        await context.refresh(work)
        screen = await overview(context, work)
    await context.show(screen)


CONVERSATION = Conversation(taps={EditName: edit_name, FollowTelegram: follow_telegram}, words={NewName: hear_name})
