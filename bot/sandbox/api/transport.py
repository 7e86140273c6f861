"""The sandbox without sockets: a request class for python-telegram-bot's Bot and Application."""

from typing import Any
from urllib.parse import unquote, urlsplit

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.sandbox.api.dispatch import Answer, Asked, Silence, answer
from bot.sandbox.api.http import file_answer
from bot.sandbox.checking.coercion import Upload
from bot.sandbox.sandbox import Sandbox


class SandboxRequest(BaseRequest):
    """Calls `sandbox` directly. A timeout of the fault plan is raised at once."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        del method
        path = unquote(urlsplit(url).path)
        if path.startswith("/file/bot"):
            token, _slash, file_path = path.removeprefix("/file/bot").partition("/")
            return _heard(file_answer(self._sandbox, token, file_path))
        token, _slash, name = path.removeprefix("/bot").partition("/")
        params = dict(request_data.json_parameters) if request_data else {}
        return _heard(await answer(self._sandbox, Asked(token, name, params, _files(request_data))))


def _heard(said: Answer | Silence) -> tuple[int, bytes]:
    if said is Silence.TIMEOUT:
        raise TimedOut
    if said is Silence.DROP:
        raise NetworkError("the connection was dropped")
    assert isinstance(said, Answer)
    return said.status, said.body


def _files(request_data: RequestData | None) -> dict[str, Upload]:
    sent = (request_data.multipart_data if request_data else None) or {}
    return {name: _upload(*part) for name, part in sent.items()}


def _upload(name: str, content: Any, mime: str) -> Upload:
    return Upload(name, content if isinstance(content, bytes) else content.read(), mime)
