"""
An operator looks at the overview.

    /admin  [Refresh]    ->  people, lessons, queue, failures, jobs: numbers only
    [Want to teach · 2]  ->  who asked to teach  ->  [a person]  ->  approve or refuse

For anybody else the command does not exist.
"""

from telegram import Update

from bot.conversations.admin import screens
from bot.conversations.admin.taps import OpenApplication, OpenOverview, OpenWaiting
from bot.conversations.shared import applications, home
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.errors import NotFound
from core.operating import operators


async def begin(update: Update, context: Context) -> None:
    try:
        await show_overview(update, context)
    except NotFound:
        await context.show(home.unknown_command(context.voice))


async def show_overview(_: Update, context: Context) -> None:
    async with context.read() as work:
        overview, now = await operators.overview(work, operator_id=context.actor.id), work.now
    await context.show(screens.overview(context.voice, overview, now=now))


async def show_waiting(_: Update, context: Context) -> None:
    async with context.read() as work:
        waiting = await operators.waiting(work, operator_id=context.actor.id, limit=screens.MOST_WAITING)
    await context.show(screens.waiting(context.voice, waiting))


async def open_application(_: Update, context: Context) -> None:
    person_id = context.tap(OpenApplication).person_id
    async with context.read() as work:
        card = await operators.application(work, operator_id=context.actor.id, person_id=person_id)
    await context.show(applications.application(context.voice, card))


CONVERSATION = Conversation(
    commands={"admin": begin},
    taps={OpenOverview: show_overview, OpenWaiting: show_waiting, OpenApplication: open_application},
    welcomes_strangers=True,
)
