"""
Start the bot from its settings, and stop it.

    clock -> core, migrated -> application -> getMe -> updates and jobs  ...  a signal -> all of it in reverse
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from telegram.error import InvalidToken, TelegramError

from bot.conversations.shared import menu
from bot.delivery.channels import table
from bot.edge.clock import Clock
from bot.edge.ingress import Polling
from bot.run import addresses, jobs
from bot.run.opening import AnyApplication, StartError, Tell, application_of, core_of, resources_of, token_of
from bot.run.sandbox_clock import Plans
from bot.settings import TOKEN_VARIABLE, Settings
from bot.talk.context import RESOURCES
from bot.talk.resources import Resources
from core.startup import Core

logger = logging.getLogger(__name__)


async def run(settings: Settings, tell: Tell) -> None:
    """Run the bot alone: with a token, or against a sandbox that runs elsewhere."""
    clock = Clock()
    plans = Plans()
    token = token_of(settings)
    async with (
        core_of(settings, clock, alone=True) as core,
        _web(settings) as listener,
        application_of(settings, token, resources_of(settings, core, clock, listener), plans) as application,
        _at_work(application, core, clock, plans),
        _serving(application, listener),
    ):
        name = application.bot.username
        while True:
            async with core.leading(on_wait=lambda: tell(f"@{name} stands by: another process is listening.")) as lost:
                tell(f"@{name} is listening.")
                await _receive(application, plans, until=lost)
            logger.error("the lead is lost: no updates are received until it is won again")


async def migrate(settings: Settings, tell: Tell) -> None:
    async with core_of(settings, Clock()):
        tell(f"{addresses.database_address(settings)} is in its newest form.")


@asynccontextmanager
async def _web(settings: Settings) -> AsyncIterator[socket.socket | None]:
    """Listen on the web port, if one is set. This comes first, because calendar addresses contain the port."""
    if settings.web_port is None:
        yield None
        return
    from bot.web import server

    host, port = settings.web_host, settings.web_port
    try:
        listener = server.listen(host, port)
    except OSError as error:
        hint = "set TUTORBOT_WEB_PORT to another port"
        raise StartError(f"can't serve calendars at {host}:{port}: {error.strerror}; {hint}") from None
    with closing(listener):
        yield listener


@asynccontextmanager
async def _serving(application: AnyApplication, listener: socket.socket | None) -> AsyncIterator[None]:
    if listener is None:
        yield
        return
    from bot.web import server

    async with server.serving(application.bot_data[RESOURCES], listener, link=application.bot.link):
        yield


@asynccontextmanager
async def _at_work(application: AnyApplication, core: Core, clock: Clock, plans: Plans) -> AsyncIterator[None]:
    """Run the jobs until the end of the block, then finish the work that has begun."""
    await application.start()
    resources: Resources = application.bot_data[RESOURCES]
    scheduled = jobs.schedule(application, table.dispatchers(application), core, clock, resources.feeds)
    plans.jobs = scheduled
    publishing = asyncio.create_task(_publish_menu(application))
    try:
        yield
    finally:
        publishing.cancel()
        await asyncio.gather(scheduled.stop(), publishing, return_exceptions=True)
        await application.stop()


async def _receive(application: AnyApplication, plans: Plans, *, until: asyncio.Task[None]) -> None:
    """
    Receive updates until this process loses the lead (db.leader); raises StartError if Telegram refuses the token.
    """
    polling = Polling(application)
    plans.polling = polling
    fetching = asyncio.create_task(polling.run())
    try:
        await asyncio.wait({fetching, until}, return_when=asyncio.FIRST_COMPLETED)
        if fetching.done():
            fetching.result()
    except InvalidToken:
        raise StartError(f"Telegram refuses the token from now on: check {TOKEN_VARIABLE}") from None
    finally:
        await asyncio.gather(polling.stop(), return_exceptions=True)
        await asyncio.gather(fetching, return_exceptions=True)


async def _publish_menu(application: AnyApplication) -> None:
    """Publish the commands menu. If this fails, only log it: commands can be typed, and buttons work."""
    try:
        await menu.publish(application.bot)
    except TelegramError as error:
        logger.warning("the commands menu was not set: %s", type(error).__name__)
