"""
Open the core on its database, and an application whose token Telegram has accepted: for the bot and for the commands.

If this fails, a StartError says why, in one line for the person who started it.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, TypeAlias

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.app import build
from bot.calendars.feed_reader import FeedReader
from bot.delivery import dispatcher
from bot.delivery.channels import table
from bot.edge.clock import Clock
from bot.edge.http_client import AiohttpRequest, hide_token
from bot.edge.pace import Pace
from bot.mail import smtp
from bot.run import addresses
from bot.run.sandbox_clock import Plans, once, sandbox_time
from bot.settings import TOKEN_VARIABLE, Settings
from bot.talk.resources import Resources
from bot.words import voice
from core.startup import Core, DatabaseInUse, open_core

SANDBOX_TOKEN: Final = "424242:sandbox-token-of-no-value"
PAUSES: Final = (0.3, 0.7)

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Tell: TypeAlias = Callable[[str], None]


class StartError(Exception):
    """The bot or command can't run; the text says why, for the person who started it."""


@asynccontextmanager
async def core_of(
    settings: Settings, clock: Clock, *, alone: bool = False, migrates: bool = True
) -> AsyncIterator[Core]:
    """
    Open the core on a database that has all migrations; raises StartError.

    - `alone`: keep other processes off an embedded database
    - without `migrates` the database is not changed, since an older version of the bot may be running on it
    """
    address = addresses.database_address(settings)
    async with AsyncExitStack() as opened:
        try:
            core = open_core(
                settings.database, clock=clock, policies=settings.policies, channels=table.open_channels(settings)
            )
            opened.push_async_callback(core.close)
            if alone:
                opened.enter_context(core.alone())
                opened.enter_context(core.noting(settings.data_folder))
            if migrates:
                await core.migrate()
            form, newest = await core.form()
            await dispatcher.catch_up(core)
        except DatabaseInUse:
            hint = "is it running already? Several processes need PostgreSQL"
            raise StartError(f"another process uses {address}; {hint}") from None
        except Exception as error:  # noqa: BLE001  drivers, dialects and files each fail in their own ways
            raise StartError(f"can't use the database {address}: {addresses.reason_of(error)}") from None
        if form != newest:
            hint = "start the bot, or run `tutorbot migrate`"
            raise StartError(f"{address} is in form {form or 'none'}, the newest is {newest}; {hint}")
        yield core


def resources_of(settings: Settings, core: Core, clock: Clock, listener: socket.socket | None = None) -> Resources:
    feed_reader, mailer = FeedReader(allow_private=settings.feeds.allow_private), smtp.mailer(settings.smtp)
    if listener is None:
        return Resources(core, clock, settings, feeds=feed_reader, mailer=mailer)
    from bot.web import server

    return Resources(core, clock, settings, settings.web_address or server.address_of(listener), feed_reader, mailer)


@asynccontextmanager
async def application_of(
    settings: Settings, token: str, resources: Resources, plans: Plans
) -> AsyncIterator[AnyApplication]:
    """Build the application and check that Telegram accepts its token."""
    follow = sandbox_time(resources.clock) if addresses.is_local(settings.api_url) else None
    # Once the bot polls, only the poll sets the clock: a late answer to another call has the time before a jump
    request = AiohttpRequest(on_headers=once(follow) if follow else None)
    application = build(
        resources,
        token=token,
        request=request,
        updates_request=AiohttpRequest(connections=2, on_headers=follow, more_headers=plans.told if follow else None),
        api_url=settings.api_url,
        pace=Pace(rate=settings.rate),
    )
    voice.load()  # at start, not while the first person waits
    try:
        await _meet(application, addresses.host_of(settings.api_url))
        await application.initialize()
        yield application
    finally:
        await application.shutdown()
        await application.bot.shutdown()


async def _meet(application: AnyApplication, host: str) -> None:
    for pause in (*PAUSES, None):
        try:
            await application.bot.initialize()
        except InvalidToken:
            raise StartError(f"{host} refuses the token: check {TOKEN_VARIABLE}") from None
        except TelegramError as error:
            if pause is None:
                reason = hide_token(error.message, application.bot.token)
                raise StartError(f"can't reach {host}: {reason}") from None
            await asyncio.sleep(pause)
        else:
            return


def token_of(settings: Settings) -> str:
    if settings.token:
        return settings.token.get_secret_value()
    if addresses.is_local(settings.api_url):
        return SANDBOX_TOKEN
    raise StartError(f"{TOKEN_VARIABLE} is not set; `tutorbot start` needs none, it brings a sandbox along")
