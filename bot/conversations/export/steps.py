"""
A person's lessons in another calendar.

    /export [To my calendar]  ->  which lessons, or a link to follow
    [the next four weeks] ... ->  a file with those lessons
    [Follow]                  ->  a secret link that Google, Apple and Outlook read again and again
    [Replace]                 ->  "Make a new address?"
    [Yes] [Stop]              ->  the old link stops working
"""

from datetime import timedelta

from telegram import Update

from bot.conversations.export import screens
from bot.conversations.export.taps import (
    AskForNewAddress,
    MakeNewAddress,
    OpenAddress,
    OpenExport,
    StopAddress,
    TakeLessons,
)
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.calendars import export
from core.pure.planning.local_time import local_date, local_instant


async def show_export(_: Update, context: Context) -> None:
    await context.show(screens.export(context.voice, can_follow=context.resources.web_address is not None))


async def take_lessons(_: Update, context: Context) -> None:
    tap = context.tap(TakeLessons)
    zone = context.voice.timezone
    async with context.read() as work:
        midnight = local_instant(zone, local_date(zone, work.now), screens.MIDNIGHT)
        length = timedelta(days=min(tap.days, screens.AHEAD))
        since, until = (midnight - length, midnight) if tap.is_past else (midnight, midnight + length)
        exported = await export.between(work, person_id=context.actor.id, since=since, until=until)
    await context.show(screens.file(context.voice, exported, link=context.bot.link))


async def open_address(_: Update, context: Context) -> None:
    await show_address(context, with_alarm=context.tap(OpenAddress).with_alarm)


async def ask_for_new_address(_: Update, context: Context) -> None:
    await context.show(screens.ask_for_new_address(context.voice))


async def make_new_address(_: Update, context: Context) -> None:
    async with context.begin() as work:
        await export.close_address(work, person_id=context.actor.id)
    await show_address(context, toast=context.voice.label("The old address leads nowhere now"))


async def stop_address(_: Update, context: Context) -> None:
    async with context.begin() as work:
        await export.close_address(work, person_id=context.actor.id)
    toast = context.voice.label("The address leads nowhere now")
    await context.show(screens.export(context.voice, can_follow=context.resources.web_address is not None, toast=toast))


async def show_address(context: Context, *, with_alarm: bool = False, toast: str | None = None) -> None:
    base = context.resources.web_address
    if base is None:
        await context.show(screens.export(context.voice, can_follow=False))
        return
    async with context.begin() as work:
        code = await export.open_address(work, person_id=context.actor.id)
    url = f"{base}/calendar/{code}.ics"
    await context.show(screens.address(context.voice, url, with_alarm=with_alarm, toast=toast))


CONVERSATION = Conversation(
    commands={"export": show_export},
    taps={
        OpenExport: show_export,
        TakeLessons: take_lessons,
        OpenAddress: open_address,
        AskForNewAddress: ask_for_new_address,
        MakeNewAddress: make_new_address,
        StopAddress: stop_address,
    },
)
