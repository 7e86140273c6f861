"""
A person opens the bot.

    /start                 ->  "What brings you here?"            (known already: the home screen)
    /start <tutor's code>  ->  "… invites you", and the tutor     (a new person chooses a time zone first)
    /start teach-<secret>  ->  a tutor from now on                (the operator's invitation)
    [I teach] [I learn]    ->  "Where are you?"                   (or how to become a tutor here)
    [other language]       ->  the greeting again
"""

from telegram import Update

from bot.conversations.shared import applications as application_screens
from bot.conversations.shared import home, landing, menu, tutor_card
from bot.conversations.shared.questions import WhichZone
from bot.conversations.start.taps import ChooseRole, GreetIn
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words import refusals
from core.errors import InvitationNeeded, NotFound, TeachingRefused
from core.lessons import trials
from core.people import applications, people, tutors

TO_TEACH = "teach-"


async def start(_: Update, context: Context) -> None:
    if context.actor.profile.telegram_id in context.resources.settings.policies.operators:
        async with context.begin() as work:
            await applications.tell_operator(work, person_id=context.actor.id)
    if context.args and context.args[0].startswith(TO_TEACH):
        await teach(context, context.args[0].removeprefix(TO_TEACH))
    elif context.args:
        await open_invitation(context, context.args[0])
    elif context.actor.timezone is None:
        await context.show(home.welcome(context.voice, context.actor.name))
    else:
        where_to = landing.next_step if context.actor.is_tutor else landing.home
        async with context.begin() as work:
            screen = await where_to(context, work)
        await context.show(screen)


async def open_invitation(context: Context, code: str) -> None:
    """Show the tutor of a link; a wrong code is explained."""
    try:
        async with context.begin() as work:
            tutor = await tutors.by_share_code(work, code)
            await tutors.meet(work, tutor_id=tutor.id, student_id=context.actor.id)
            has_trial = await trials.is_offered(work, tutor_id=tutor.id, student_id=context.actor.id)
            if context.actor.timezone is None:
                await context.ask(work, WhichZone())
    except NotFound:
        await context.show(home.link_unknown(context.voice))
        return
    if context.actor.timezone is None:
        await context.show(home.welcome(context.voice, context.actor.name, invited_by=tutor.name))
    else:
        await context.show(tutor_card.invitation(context.voice, tutor, has_trial=has_trial))


async def welcome(_: Update, context: Context) -> None:
    """Welcome a new person, whatever they did first."""
    await context.show(home.welcome(context.voice, context.actor.name))


async def greet_in(_: Update, context: Context) -> None:
    language = context.tap(GreetIn).language
    async with context.begin() as work:
        await people.choose_language(work, person_id=context.actor.id, language=language)
        await context.refresh(work)
    await context.show(home.welcome(context.voice, context.actor.name))
    await menu.publish_own(context.bot, context.actor)


async def choose_role(_: Update, context: Context) -> None:
    if context.tap(ChooseRole).teaches:
        await teach(context)
        return
    async with context.begin() as work:
        screen = await landing.next_step(context, work)
    await context.show(screen)
    await menu.publish_own(context.bot, context.actor)


async def teach(context: Context, invitation: str | None = None) -> None:
    """Make the person a tutor, or apply to the operators; until they answer, the person can learn."""
    is_new = context.actor.timezone is None
    try:
        async with context.begin() as work:
            if await applications.ask_to_teach(work, person_id=context.actor.id, invitation=invitation):
                await context.refresh(work)
                screen = await landing.next_step(context, work)
            else:
                await (context.ask(work, WhichZone()) if is_new else context.answered(work))
                screen = application_screens.asked(context.voice, is_new=is_new)
    except (InvitationNeeded, TeachingRefused) as refusal:
        words = refusals.words(context.voice, refusal)
        await context.show(application_screens.turned_away(context.voice, words, is_new=is_new))
        return
    await context.show(screen)
    await menu.publish_own(context.bot, context.actor)


CONVERSATION = Conversation(
    commands={"start": start},
    taps={GreetIn: greet_in, ChooseRole: choose_role},
    welcomes_strangers=True,
)
