"""
A tutor shares their link.

    /share [My link]      ->  the link and its QR code
    [Card]                ->  a new message that can be forwarded
    [New link]            ->  "Make a new link?"
    [Yes, a new one]      ->  the new link; the old one stops working
"""

from telegram import Update

from bot.conversations.share import screens
from bot.conversations.share.taps import AskForNewLink, MakeNewLink, OpenCard, OpenLink
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.hours import tutor_settings
from core.people import tutors


async def show_link(_: Update, context: Context) -> None:
    async with context.read() as work:
        code = await tutors.share_code(work, context.actor.id)
    await context.show(screens.link(context.voice, url_of(context, code), context.actor.name))


async def show_card(_: Update, context: Context) -> None:
    async with context.read() as work:
        code = await tutors.share_code(work, context.actor.id)
        card = await tutor_settings.card(work, tutor_id=context.actor.id)
    await context.show(screens.card(context.voice, url_of(context, code), context.actor.name, card))


async def ask_for_new_link(_: Update, context: Context) -> None:
    async with context.read() as work:
        code = await tutors.share_code(work, context.actor.id)
    await context.show(screens.ask_for_new_link(context.voice, url_of(context, code)))


async def make_new_link(_: Update, context: Context) -> None:
    async with context.begin() as work:
        code = await tutors.renew_link(work, tutor_id=context.actor.id)
    toast = context.voice.label("The old link leads nowhere now")
    await context.show(screens.link(context.voice, url_of(context, code), context.actor.name, toast=toast))


def url_of(context: Context, code: str) -> str:
    return f"https://t.me/{context.bot.username}?start={code}"


CONVERSATION = Conversation(
    commands={"share": show_link},
    taps={
        OpenLink: show_link,
        OpenCard: show_card,
        AskForNewLink: ask_for_new_link,
        MakeNewLink: make_new_link,
    },
)
