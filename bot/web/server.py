"""The bot's own web server: health, and the calendars that calendar apps subscribe to."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.talk.resources import Resources
from bot.web import calendar, health

GRACE_SECONDS: Final = 2


def create_app(resources: Resources, *, link: str) -> Starlette:
    """Return the web application; `link` is the link to the bot."""
    routes = [
        Route("/healthz", health.healthz),
        Route("/calendar/{code}.ics", calendar.calendar),
    ]
    app = Starlette(routes=routes, exception_handlers={404: _not_found, 500: _our_fault})
    app.state.resources, app.state.link = resources, link
    return app


def listen(host: str, port: int) -> socket.socket:
    """Listen on this port; port 0 means any free port. Raises OSError if the port is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else asyncio leaves Nagle on
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@contextlib.asynccontextmanager
async def serving(resources: Resources, listener: socket.socket, *, link: str) -> AsyncIterator[None]:
    """Serve while the block runs."""
    config = uvicorn.Config(
        create_app(resources, link=link),
        log_config=None,
        log_level="warning",
        access_log=False,  # the addresses of calendars are secrets
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)


class _Server(uvicorn.Server):
    """Leaves signals to the bot."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _not_found(_: Request, __: Exception) -> Response:
    return PlainTextResponse("not found", 404)


async def _our_fault(_: Request, __: Exception) -> Response:
    return PlainTextResponse("something went wrong", 500)
