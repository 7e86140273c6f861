"""
An operator looks after the house.

    /admin  [Refresh]    ->  people, lessons, queue, failures, jobs: numbers only
    [Want to teach · 2]  ->  who waits to teach  ->  [somebody]  ->  approve or refuse

Anybody else finds no such command.
"""

from telegram import Update

from bot.context import Context
from bot.routing import Conversation
from bot.screens import applications as application_screens
from bot.screens import home
from bot.screens import operators as screens
from bot.taps.operators import OpenApplication, OpenHouse, OpenWaiting
from core import operators
from core.errors import NotFound


async def begin(update: Update, context: Context) -> None:
    try:
        await show_house(update, context)
    except NotFound:
        await context.show(home.unknown_command(context.voice))


async def show_house(_: Update, context: Context) -> None:
    async with context.read() as work:
        house, now = await operators.house(work, operator_id=context.actor.id), work.now
    await context.show(screens.house(context.voice, house, now=now))


async def show_waiting(_: Update, context: Context) -> None:
    async with context.read() as work:
        waiting = await operators.waiting(work, operator_id=context.actor.id, limit=screens.MOST_WAITING)
    await context.show(screens.waiting(context.voice, waiting))


async def open_application(_: Update, context: Context) -> None:
    person_id = context.tap(OpenApplication).person_id
    async with context.read() as work:
        card = await operators.application(work, operator_id=context.actor.id, person_id=person_id)
    await context.show(application_screens.application(context.voice, card))


CONVERSATION = Conversation(
    commands={"admin": begin},
    taps={OpenHouse: show_house, OpenWaiting: show_waiting, OpenApplication: open_application},
    welcomes_strangers=True,
)
