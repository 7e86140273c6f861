"""
Events in a tutor's other calendars block times here.

    /feeds [Other calendars]      ->  the feeds: when each was read, what it blocks, what is wrong
    [Add a calendar] an address   ->  read now, and every 15 minutes from then on
    an .ics file, at any time     ->  [Take it in] read once (after [Add a calendar] at once, without the tap)
    [a calendar]                  ->  [Read now]  [Remove] [Yes, remove]
    [Lessons in the way]          ->  the lessons in conflict with a busy time; each stays until the tutor decides
"""

from pathlib import PurePath

from telegram import Document, Update

from bot.calendars import fetch
from bot.conversations.feeds import screens
from bot.conversations.feeds.questions import WhichFeed
from bot.conversations.feeds.taps import (
    AddFeed,
    OpenClashing,
    OpenFeed,
    OpenFeeds,
    ReadFeed,
    RemoveFeed,
    RemoveFeedSurely,
    TakeFile,
)
from bot.talk import paging
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.calendars import feeds
from core.calendars.feed_reading.expand import LARGEST
from core.calendars.feeds import FeedCard, Found
from core.errors import CalendarTooLarge, NotFound


async def show_feeds(_: Update, context: Context) -> None:
    await show_list(context)


async def show_list(context: Context, toast: str | None = None) -> None:
    async with context.read() as work:
        followed = await feeds.of_tutor(work, tutor_id=context.actor.id)
        met = await feeds.clashing(work, tutor_id=context.actor.id)
    await context.show(screens.feeds(context.voice, followed, in_the_way=len(met), toast=toast))


async def ask_for_one(_: Update, context: Context) -> None:
    async with context.begin() as work:
        await feeds.horizon(work, tutor_id=context.actor.id)
        await context.ask(work, WhichFeed())
    await context.show(screens.ask_for_one(context.voice))


async def hear_address(_: Update, context: Context) -> None:
    url = fetch.url_of(context.words)
    async with context.read() as work:
        horizon = await feeds.horizon(work, tutor_id=context.actor.id, address=str(url))
    found = await context.resources.feeds.fetch(str(url), horizon)
    await add(context, found, name=found.reading.name or str(url.host), address=str(url))


async def hear_file(update: Update, context: Context) -> None:
    """Import the file if it was asked for; else ask first, since it may have been sent by mistake."""
    document = update.effective_message.document if update.effective_message else None
    assert document, "routing brings files here"
    if isinstance(context.question, WhichFeed):
        await take(context, document.file_id, name_of(document), size=document.file_size or 0)
        return
    async with context.begin() as work:
        await feeds.horizon(work, tutor_id=context.actor.id, name=name_of(document))
        await context.ask(work, WhichFeed(document.file_id, name_of(document), document.file_size or 0))
    await context.show(screens.offer_file(context.voice, name_of(document)))


async def take_file(_: Update, context: Context) -> None:
    asked = context.question
    if not isinstance(asked, WhichFeed) or asked.file_id is None:
        raise NotFound
    await take(context, asked.file_id, asked.name, size=asked.size)


def name_of(document: Document) -> str:
    return PurePath(document.file_name or "").stem.strip()[: screens.LONGEST_NAME] or "iCalendar"


async def take(context: Context, file_id: str, name: str, *, size: int) -> None:
    if size > LARGEST:
        raise CalendarTooLarge(LARGEST)
    async with context.read() as work:
        horizon = await feeds.horizon(work, tutor_id=context.actor.id, name=name)
    file = await context.bot.get_file(file_id)
    content = bytes(await file.download_as_bytearray())
    await add(context, await context.resources.feeds.read(content, horizon), name=name)


async def add(context: Context, found: Found, *, name: str, address: str | None = None) -> None:
    async with context.begin() as work:
        added = await feeds.add(work, tutor_id=context.actor.id, name=name, found=found, address=address)
        met = await feeds.clashing(work, tutor_id=context.actor.id)
        await context.answered(work)
    await context.show(screens.added(context.voice, added, found.reading, in_the_way=len(met)))


async def show_feed(_: Update, context: Context) -> None:
    await context.show(screens.feed(context.voice, await read_card(context, context.tap(OpenFeed).feed_id)))


async def read_card(context: Context, feed_id: int) -> FeedCard:
    async with context.read() as work:
        return await feeds.card(work, tutor_id=context.actor.id, feed_id=feed_id)


async def read_now(_: Update, context: Context) -> None:
    feed_id = context.tap(ReadFeed).feed_id
    async with context.read() as work:
        source = await feeds.source(work, tutor_id=context.actor.id, feed_id=feed_id)
    is_read = await context.resources.feeds.sync(context.resources.core, source)
    toast = context.voice.label("Read") if is_read else None
    await context.show(screens.feed(context.voice, await read_card(context, feed_id), toast=toast))


async def ask_to_remove(_: Update, context: Context) -> None:
    await context.show(screens.ask_to_remove(context.voice, await read_card(context, context.tap(RemoveFeed).feed_id)))


async def remove(_: Update, context: Context) -> None:
    async with context.begin() as work:
        await feeds.remove(work, tutor_id=context.actor.id, feed_id=context.tap(RemoveFeedSurely).feed_id)
    await show_list(context, toast=context.voice.label("Removed"))


async def show_clashing(_: Update, context: Context) -> None:
    async with context.read() as work:
        met = await feeds.clashing(work, tutor_id=context.actor.id)
    page = paging.cut(met, context.tap(OpenClashing).page, size=screens.PAGE)
    await context.show(screens.clashing(context.voice, page))


CONVERSATION = Conversation(
    commands={"feeds": show_feeds},
    taps={
        OpenFeeds: show_feeds,
        AddFeed: ask_for_one,
        TakeFile: take_file,
        OpenFeed: show_feed,
        ReadFeed: read_now,
        RemoveFeed: ask_to_remove,
        RemoveFeedSurely: remove,
        OpenClashing: show_clashing,
    },
    words={WhichFeed: hear_address},
    files={".ics": hear_file},
    keeps={WhichFeed: (TakeFile,)},
)
