"""
A person's time zone.

    [Time zone]                    ->  "Where are you?"
    [a city]                       ->  the settings; for a new person the next step
    a city typed, a location sent  ->  the same; if several places have that name, they are offered as buttons
"""

from telegram import Update

from bot.conversations.settings.overview import overview
from bot.conversations.settings.zone.taps import ChooseZone, EditZone
from bot.conversations.shared import home, landing
from bot.conversations.shared.questions import WhichZone
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words.places import places
from core.people import people


async def edit_zone(_: Update, context: Context) -> None:
    async with context.begin() as work:
        await context.ask(work, WhichZone())
    await context.show(home.zone_question(context.voice, is_new=is_new(context)))


async def choose_zone(_: Update, context: Context) -> None:
    await live_in(context, context.tap(ChooseZone).timezone)


async def hear_place(_: Update, context: Context) -> None:
    async with context.read() as work:
        now = work.now
    found = await places.find_async(context.words, context.voice.language, now=now)
    zones = {place.timezone for place in found}
    if len(zones) == 1:
        await live_in(context, zones.pop())
    elif found:
        await context.show(home.which_place(context.voice, found, is_new=is_new(context)))
    else:
        await context.show(home.zone_unknown(context.voice, context.words, is_new=is_new(context)))


async def hear_location(update: Update, context: Context) -> None:
    assert update.effective_message, "routing brings messages here"
    location = update.effective_message.location
    assert location, "routing brings locations here"
    timezone = places.at(location.latitude, location.longitude)
    if timezone is None:
        await context.show(home.zone_at_sea(context.voice, is_new=is_new(context)))
    else:
        await live_in(context, timezone)


async def live_in(context: Context, timezone: str) -> None:
    was_new = is_new(context)
    async with context.begin() as work:
        await people.choose_timezone(work, person_id=context.actor.id, timezone=timezone)
        await context.answered(work)
        await context.refresh(work)
        screen = await landing.next_step(context, work) if was_new else await overview(context, work)
    await context.show(screen)


def is_new(context: Context) -> bool:
    return context.actor.timezone is None


CONVERSATION = Conversation(
    taps={ChooseZone: choose_zone, EditZone: edit_zone},
    words={WhichZone: hear_place},
    places={WhichZone: hear_location},
    welcomes_strangers=True,
)
