"""
Somebody comes in.

    /start                 ->  "What brings you here?"            (known already: their desk)
    /start <tutor's code>  ->  "… invites you", and the tutor     (a stranger tells their zone first)
    [I teach] [I learn]    ->  "Where are you?"
    [other language]       ->  the greeting again
"""

from telegram import Update

from bot import landing, menu
from bot.context import Context
from bot.questions import Question
from bot.routing import Conversation
from bot.screens import booking as booking_screens
from bot.screens import home as screens
from bot.taps import ChooseRole, GreetIn
from core import people, tutors
from core.errors import NotFound


async def start(_: Update, context: Context) -> None:
    if context.args:
        await open_invitation(context, context.args[0])
    elif context.actor.timezone is None:
        await context.show(screens.welcome(context.voice, landing.own_name(context)))
    else:
        async with context.begin() as work:
            screen = await landing.next_step(context, work)
        await context.show(screen)


async def open_invitation(context: Context, code: str) -> None:
    """A wrong code is no reason to turn a student away."""
    try:
        async with context.begin() as work:
            tutor = await tutors.by_share_code(work, code)
            await tutors.meet(work, tutor_id=tutor.id, student_id=context.actor.id)
            if context.actor.timezone is None:
                await context.ask(work, Question.ZONE)
    except NotFound:
        await context.show(screens.link_unknown(context.voice))
        return
    if context.actor.timezone is None:
        await context.show(screens.welcome(context.voice, landing.own_name(context), invited_by=tutor.name))
    else:
        await context.show(booking_screens.invitation(context.voice, tutor))


async def welcome(_: Update, context: Context) -> None:
    """Whatever a stranger does first, they are greeted."""
    await context.show(screens.welcome(context.voice, landing.own_name(context)))


async def greet_in(_: Update, context: Context) -> None:
    language = context.tap(GreetIn).language
    async with context.begin() as work:
        await people.choose_language(work, person_id=context.actor.id, language=language)
        await context.refresh(work)
    await context.show(screens.welcome(context.voice, landing.own_name(context)))
    await menu.publish_own(context.bot, context.actor)


async def choose_role(_: Update, context: Context) -> None:
    async with context.begin() as work:
        if context.tap(ChooseRole).teaches:
            await tutors.become(work, person_id=context.actor.id)
        await context.refresh(work)
        screen = await landing.next_step(context, work)
    await context.show(screen)
    await menu.publish_own(context.bot, context.actor)


CONVERSATION = Conversation(
    commands={"start": start},
    taps={GreetIn: greet_in, ChooseRole: choose_role},
    welcomes_strangers=True,
)
