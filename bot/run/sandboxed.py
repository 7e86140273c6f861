"""Start a sandbox, alone or with the bot against it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from bot.run import start
from bot.run.opening import SANDBOX_TOKEN, StartError, Tell
from bot.settings import Settings


async def run_sandboxed(settings: Settings, tell: Tell) -> None:
    """Run a sandbox and the bot against it, over real HTTP."""
    async with _sandbox(settings) as address:
        told = {"token": SecretStr(SANDBOX_TOKEN), "api_url": address, "web_port": settings.web_port or 0}
        inside = settings.model_copy(update=told)
        await start.run(inside, lambda _: tell(f"Open {address} — two chats, a student's and a tutor's."))


async def run_sandbox(settings: Settings, tell: Tell) -> None:
    """Run a sandbox alone."""
    async with _sandbox(settings) as address:
        tell(f"Open {address} — start the bot beside it with TUTORBOT_API_URL={address} tutorbot run")
        await asyncio.Event().wait()


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
            hint = "set TUTORBOT_SANDBOX_PORT to another port"
            raise StartError(f"can't serve the sandbox at {host}:{port}: {error.strerror}; {hint}") from None
        yield address
