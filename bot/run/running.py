"""
From settings to a bot that runs, and back to silence.

    clock -> core, migrated -> application -> getMe -> updates and jobs  ...  a signal -> all of it in reverse

What keeps it from starting is a StartError: one line for whoever starts it.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.app import build
from bot.calendars.feed_reader import FeedReader
from bot.conversations.shared import menu
from bot.delivery import dispatcher
from bot.delivery.channels import table
from bot.edge.clock import Clock
from bot.edge.http_client import AiohttpRequest, hide_token
from bot.edge.ingress import Polling
from bot.edge.pace import Pace
from bot.mail import smtp
from bot.run import jobs
from bot.settings import TOKEN_VARIABLE, Settings
from bot.talk.context import RESOURCES
from bot.talk.resources import Resources
from bot.words import voice
from core.startup import Core, DatabaseInUse, open_core

logger = logging.getLogger(__name__)

SANDBOX_TOKEN: Final = "424242:sandbox-token-of-no-value"
SANDBOX_NOW: Final = "X-Sandbox-Now"
SANDBOX_WAKE: Final = "X-Wake-At"
PAUSES: Final = (0.3, 0.7)
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]
T = TypeVar("T")
Tell = Callable[[str], None]
OnHeaders = Callable[[Mapping[str, str]], None]


class Plans:
    """What a sandbox is told with each poll, so that its clock stops where there is something to do."""

    def __init__(self) -> None:
        self._polling: Polling | None = None
        self._jobs: jobs.Jobs | None = None

    def of(self, scheduled: jobs.Jobs) -> None:
        self._jobs = scheduled

    def receive(self, polling: Polling) -> None:
        self._polling = polling

    def told(self) -> dict[str, str]:
        if self._jobs is None or self._polling is None:
            return {}
        if self._jobs.is_at_work or self._polling.in_flight:
            return {SANDBOX_WAKE: "busy"}
        return {SANDBOX_WAKE: self._jobs.due_at.isoformat()} if self._jobs.due_at else {}


class StartError(Exception):
    """It can't run; the text says why to the person who started it."""


def until_signal(main: Coroutine[Any, Any, T]) -> T | None:
    """Run until the end, whose result it returns, or SIGINT or SIGTERM. A second signal cuts the tidying up short."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(_until_signal(main))


async def run(settings: Settings, tell: Tell) -> None:
    """Run the bot alone: with a token, or against a sandbox that runs elsewhere."""
    clock = Clock()
    plans = Plans()
    token = token_of(settings)
    async with (
        core_of(settings, clock, alone=True) as core,
        _web(settings) as listener,
        application_of(settings, token, house_of(settings, core, clock, listener), plans) as application,
        _at_work(application, core, clock, plans),
        _serving(application, listener),
    ):
        name = application.bot.username
        while True:
            async with core.leading(on_wait=lambda: tell(f"@{name} stands by: another process is listening.")) as lost:
                tell(f"@{name} is listening.")
                await _receive(application, plans, until=lost)
            logger.error("the lead is lost: no updates are received until it is won again")


async def run_sandboxed(settings: Settings, tell: Tell) -> None:
    """Run a sandbox and the bot against it, over real HTTP."""
    async with _sandbox(settings) as address:
        told = {"token": SecretStr(SANDBOX_TOKEN), "api_url": address, "web_port": settings.web_port or 0}
        inside = settings.model_copy(update=told)
        await run(inside, lambda _: tell(f"Open {address} — two chats, a student's and a tutor's."))


async def run_sandbox(settings: Settings, tell: Tell) -> None:
    """Run a sandbox alone."""
    async with _sandbox(settings) as address:
        tell(f"Open {address} — start the bot beside it with TUTORBOT_API_URL={address} tutorbot run")
        await asyncio.Event().wait()


async def migrate(settings: Settings, tell: Tell) -> None:
    async with core_of(settings, Clock()):
        tell(f"{address_of(settings)} is in its newest form.")


async def _until_signal(main: Coroutine[Any, Any, T]) -> T | None:
    running = asyncio.ensure_future(main)
    loop = asyncio.get_running_loop()
    for each in STOP_SIGNALS:
        with suppress(NotImplementedError):
            loop.add_signal_handler(each, running.cancel)
    with suppress(asyncio.CancelledError):
        return await running
    return None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


@asynccontextmanager
async def core_of(
    settings: Settings, clock: Clock, *, alone: bool = False, migrates: bool = True
) -> AsyncIterator[Core]:
    """
    Open the core on a database in its newest form, `alone` where that is embedded; raises StartError.

    What `migrates` not may be newer than the bot that runs on the database: it changes nothing under it.
    """
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
            wish = "is it running already? Several processes need PostgreSQL"
            raise StartError(f"another process uses {address_of(settings)}; {wish}") from None
        except Exception as error:  # noqa: BLE001  drivers, dialects and files each fail in their own ways
            raise StartError(f"can't use the database {address_of(settings)}: {reason_of(error)}") from None
        if form != newest:
            wish = "start the bot, or run `tutorbot migrate`"
            raise StartError(f"{address_of(settings)} is in form {form or 'none'}, the newest is {newest}; {wish}")
        yield core


def reason_of(error: Exception) -> str:
    return hide_token((str(error).splitlines() or [type(error).__name__])[0])


def address_of(settings: Settings) -> str:
    """The database's address without its password, which may stand among the options, too."""
    scheme, found, rest = settings.database.url.partition("://")
    return f"{scheme}{found}{rest.rpartition('@')[2].partition('?')[0]}"


def host_of(url: str) -> str:
    """The host and the port of an address, without who logs in there."""
    return urlsplit(url).netloc.rpartition("@")[2]


@asynccontextmanager
async def _web(settings: Settings) -> AsyncIterator[socket.socket | None]:
    """Take the port first: calendars are told its address."""
    if settings.web_port is None:
        yield None
        return
    from bot.web import server

    host, port = settings.web_host, settings.web_port
    try:
        listener = server.listen(host, port)
    except OSError as error:
        wish = "set TUTORBOT_WEB_PORT to another port"
        raise StartError(f"can't serve calendars at {host}:{port}: {error.strerror}; {wish}") from None
    with closing(listener):
        yield listener


def house_of(settings: Settings, core: Core, clock: Clock, listener: socket.socket | None = None) -> Resources:
    desk, mailer = FeedReader(allow_private=settings.feeds.allow_private), smtp.mailer(settings.smtp)
    if listener is None:
        return Resources(core, clock, settings, feeds=desk, mailer=mailer)
    from bot.web import server

    return Resources(core, clock, settings, settings.web_address or server.address_of(listener), desk, mailer)


@asynccontextmanager
async def _serving(application: AnyApplication, listener: socket.socket | None) -> AsyncIterator[None]:
    if listener is None:
        yield
        return
    from bot.web import server

    async with server.serving(application.bot_data[RESOURCES], listener, link=application.bot.link):
        yield


@asynccontextmanager
async def application_of(
    settings: Settings, token: str, resources: Resources, plans: Plans
) -> AsyncIterator[AnyApplication]:
    """Build it and see that Telegram knows its token."""
    follow = sandbox_time(resources.clock) if is_here(settings.api_url) else None
    # Once it polls, only the poll sets the clock: an answer that comes late carries the time before a jump
    request = AiohttpRequest(on_headers=_once(follow) if follow else None)
    application = build(
        resources,
        token=token,
        request=request,
        updates_request=AiohttpRequest(connections=2, on_headers=follow, more_headers=plans.told if follow else None),
        api_url=settings.api_url,
        pace=Pace(rate=settings.rate),
    )
    voice.load()  # now, and not while the first person waits
    try:
        await _meet(application, host_of(settings.api_url))
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


@asynccontextmanager
async def _at_work(application: AnyApplication, core: Core, clock: Clock, plans: Plans) -> AsyncIterator[None]:
    """What is due goes out, until the end of the block; what has begun is then finished."""
    await application.start()
    resources: Resources = application.bot_data[RESOURCES]
    scheduled = jobs.schedule(application, table.dispatchers(application), core, clock, resources.feeds)
    plans.of(scheduled)
    publishing = asyncio.create_task(_publish_menu(application))
    try:
        yield
    finally:
        publishing.cancel()
        await asyncio.gather(scheduled.stop(), publishing, return_exceptions=True)
        await application.stop()


async def _receive(application: AnyApplication, plans: Plans, *, until: asyncio.Task[None]) -> None:
    """Updates come in until the lead is lost; raises StartError when Telegram refuses the token."""
    polling = Polling(application)
    plans.receive(polling)
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
    """Without the menu everything still works by typed commands and buttons."""
    try:
        await menu.publish(application.bot)
    except TelegramError as error:
        logger.warning("the commands menu was not set: %s", type(error).__name__)


@asynccontextmanager
async def _sandbox(settings: Settings) -> AsyncIterator[str]:
    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.server import running
    from bot.sandbox.state.journal import JournalInUse

    host, port = settings.sandbox_host, settings.sandbox_port
    async with AsyncExitStack() as opened:
        try:
            sandbox = Sandbox(settings.sandbox_journal, token=SANDBOX_TOKEN)
        except OSError as error:
            raise StartError(f"can't keep the chats in {settings.sandbox_journal}: {error.strerror}") from None
        except JournalInUse:
            raise StartError(f"another sandbox uses {settings.data_folder}; is it running already?") from None
        opened.push_async_callback(sandbox.aclose)
        try:
            address = await opened.enter_async_context(running(sandbox, host, port))
        except OSError as error:
            wish = "set TUTORBOT_SANDBOX_PORT to another port"
            raise StartError(f"can't serve the sandbox at {host}:{port}: {error.strerror}; {wish}") from None
        yield address


def token_of(settings: Settings) -> str:
    if settings.token:
        return settings.token.get_secret_value()
    if is_here(settings.api_url):
        return SANDBOX_TOKEN
    raise StartError(f"{TOKEN_VARIABLE} is not set; `tutorbot start` needs none, it brings a sandbox along")


def is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sandbox_time(clock: Clock) -> OnHeaders:
    def follow(headers: Mapping[str, str]) -> None:
        if told := headers.get(SANDBOX_NOW):
            clock.follow(datetime.fromisoformat(told))

    return follow


def _once(told: OnHeaders) -> OnHeaders:
    waiting = [told]

    def first(headers: Mapping[str, str]) -> None:
        while waiting:
            waiting.pop()(headers)

    return first
