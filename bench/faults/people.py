"""Run the whole bot in this process, with polling and jobs, against a sandbox without sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bot import app
from bot.delivery.channels.chat import ChatChannel
from bot.delivery.dispatcher import Dispatcher
from bot.edge.clock import Clock
from bot.edge.ingress import Polling
from bot.edge.pace import Pace
from bot.run import jobs
from bot.sandbox.api.transport import SandboxRequest
from bot.sandbox.sandbox import Sandbox
from bot.settings import Settings
from bot.talk.resources import Resources
from core.settings import Policies
from core.startup import Core, open_core
from db.settings import DatabaseSettings

NO_LIMIT = 1_000_000


def quiet_sandbox() -> Sandbox:
    return Sandbox(flood_limits=False, first_people=False)


def clock_of(sandbox: Sandbox) -> Clock:
    clock = Clock(sandbox.clock.now)
    sandbox.hooks["clock"].append(lambda: clock.advance(timedelta()))
    return clock


@asynccontextmanager
async def opened_core(settings: DatabaseSettings, clock: Clock, **policies: Any) -> AsyncIterator[Core]:
    core = open_core(settings, clock=clock, policies=Policies(**({"max_active_lessons": 1000} | policies)))
    try:
        await core.migrate()
        yield core
    finally:
        await core.close()


@asynccontextmanager
async def at_work(core: Core, clock: Clock, sandbox: Sandbox) -> AsyncIterator[app.TutorApplication]:
    resources = Resources(core, clock, Settings(_env_file=None))
    application = app.build(
        resources,
        token=sandbox.token,
        request=SandboxRequest(sandbox),
        pace=Pace(rate=NO_LIMIT, chat_rate=NO_LIMIT),
    )
    async with application:
        await application.start()
        scheduled = jobs.schedule(
            application, [Dispatcher(core, ChatChannel(application.bot), clock)], core, clock, resources.feeds
        )
        polling = Polling(application, sleep=_hurried)
        receiving = asyncio.create_task(polling.run())
        try:
            yield application
        finally:
            await asyncio.gather(scheduled.stop(1), polling.stop(1))
            await asyncio.gather(receiving, return_exceptions=True)
            await application.stop()


async def _hurried(seconds: float) -> None:
    """Sleep a tenth of the time, since a run has many waits."""
    await asyncio.sleep(seconds / 10)


@asynccontextmanager
async def time_flies(sandbox: Sandbox, *, times: float = 20) -> AsyncIterator[None]:
    """Let the sandbox's clock run `times` as fast during the block."""

    async def push() -> None:
        while True:
            await asyncio.sleep(0.05)
            sandbox.clock.advance(0.05 * times)

    pushing = asyncio.create_task(push())
    try:
        yield
    finally:
        pushing.cancel()
        await asyncio.gather(pushing, return_exceptions=True)


async def until(reached: Callable[[], Any], *, within: float) -> bool:
    """Wait until `reached` returns something true; it may be a coroutine function."""
    deadline = asyncio.get_running_loop().time() + within
    while True:
        found = reached()
        if await found if asyncio.iscoroutine(found) else found:
            return True
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.02)
