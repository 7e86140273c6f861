"""The sandbox over HTTP: Bot API, page, page API."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot.sandbox.api.dispatch import Asked, answer
from bot.sandbox.api.http import BotApi, BotFiles
from bot.sandbox.jsons import Json
from bot.sandbox.page_api import calls
from bot.sandbox.sandbox import Sandbox

PAGE: Final = Path(__file__).parent / "page"
DEFAULT_PORT: Final = 8081
GRACE_SECONDS: Final = 2
FRESH: Final = {"Cache-Control": "no-cache"}
NOT_FOUND: Final = {"ok": False, "error_code": 404, "description": "Not Found"}


class _Application(Starlette):
    """Stores how to break the connection, before other layers wrap `send`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["sandbox.break"] = _breaker(send)
        await super().__call__(scope, receive, send)


def _breaker(send: Send) -> Callable[[], None]:
    """Return a function that breaks the connection through uvicorn's transport: ASGI has no way to do it."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return transport.abort if transport else lambda: None


class _Fresh(StaticFiles):
    """The page's files change with each version, so the browser asks each time, and mostly gets 304."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(FRESH)
        return response


def create_app(sandbox: Sandbox) -> Starlette:
    sandbox.pusher.on_answer = _caller(sandbox)
    api: list[BaseRoute] = [
        Route("/bot{token}/{method}", BotApi(sandbox), methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", BotFiles(sandbox)),
    ]
    page: list[BaseRoute] = [
        Route("/", _page),
        Mount("/page", _Fresh(directory=PAGE, check_dir=False)),
    ]
    return _Application(routes=[*api, *calls.routes(sandbox), *page], exception_handlers={404: _not_found})


def _caller(sandbox: Sandbox) -> Callable[[Json], Any]:
    async def call(said: Json) -> None:
        """Call the method that a webhook's answer names, if any."""
        method = said.pop("method", None)
        if isinstance(method, str):
            await answer(sandbox, Asked(sandbox.token, method, said))

    return call


async def _page(_: Request) -> Response:
    return FileResponse(PAGE / "index.html", headers=FRESH)


async def _not_found(_: Request, __: Exception) -> Response:
    return JSONResponse(NOT_FOUND, 404)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, sandbox: Sandbox, *, handle_signals: bool) -> None:
        super().__init__(config)
        self._sandbox = sandbox
        self._handle_signals = handle_signals

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals() if self._handle_signals else contextlib.nullcontext():
            yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End open pages and waiting polls first; else the shutdown would wait for them."""
        self._sandbox.end_streams()
        self._sandbox.polls.release()
        await super().shutdown(sockets)


@contextlib.asynccontextmanager
async def running(
    sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0, *, handle_signals: bool = False
) -> AsyncIterator[str]:
    """
    Serve while the block runs; yield the address. Port 0 means any free port. Raises OSError if the port is in use.
    """
    listener = _listener(host, port)
    config = uvicorn.Config(
        create_app(sandbox),
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config, sandbox, handle_signals=handle_signals)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _started(server, serving)
        sandbox.pusher.feed()
        yield _address(listener)
        if handle_signals:
            await serving
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)
        await sandbox.pusher.stop()
        listener.close()


async def serve(
    sandbox: Sandbox, host: str = "127.0.0.1", port: int = DEFAULT_PORT, *, handle_signals: bool = True
) -> None:
    """Serve until a signal comes, or, without signals, until cancelled."""
    async with running(sandbox, host, port, handle_signals=handle_signals):
        if not handle_signals:
            await asyncio.Event().wait()


async def _started(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
    if serving.done():
        await serving


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else asyncio leaves Nagle on
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
