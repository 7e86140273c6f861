"""All settings of a person on one screen."""

from bot.conversations.settings import screens, topics
from bot.talk.context import Context
from bot.talk.screen import Screen
from core.hours import tutor_settings
from core.work import Work


async def overview(context: Context, work: Work) -> Screen:
    if context.actor.is_tutor:
        card = await tutor_settings.card(work, tutor_id=context.actor.id)
        return topics.topics(context.voice, card, context.actor)
    return screens.settings(context.voice, context.actor)
