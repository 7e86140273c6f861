"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from bot.sandbox.api.dispatch import Answer, Asked, Silence, answer, check_token
from bot.sandbox.api.multipart import parts
from bot.sandbox.checking.coercion import Upload
from bot.sandbox.jsons import Json, decode, to_bytes
from bot.sandbox.refusals import NOT_FOUND, TOO_LARGE, Refused, bad_request
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.time.clock import iso
from bot.sandbox.time.journey import WAKE_HEADER

BODY_LIMIT: Final = 60 * 1024 * 1024
JSON_TYPE: Final = "application/json"


class BotApi:
    """An ASGI endpoint: plain, because a load run sends everything through it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path_params"]
        try:
            params, files = await _asked(scope, receive)
        except Refused as refusal:
            await _send(send, self._refused(refusal))
            return
        asked = Asked(path["token"], path["method"], params, files)
        if asked.method.lower() == "getupdates":
            self._sandbox.journey.hear(_header(scope, WAKE_HEADER))
        said = await self._said(asked, receive)
        if isinstance(said, Answer):
            await _send(send, said)
        else:
            await _be_silent(said, scope, receive)

    async def _said(self, asked: Asked, receive: Receive) -> Answer | Silence:
        if asked.method.lower() != "getupdates":
            return await answer(self._sandbox, asked)
        return await _unless_gone(asyncio.create_task(answer(self._sandbox, asked)), receive)

    def _refused(self, refusal: Refused) -> Answer:
        return refusal_answer(self._sandbox, refusal)


class BotFiles:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        path = scope["path_params"]
        await _send(send, file_answer(self._sandbox, path["token"], path["path"]))


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode() for key, value in scope["headers"] if key == name), None)


def file_answer(sandbox: Sandbox, token: str, path: str) -> Answer:
    try:
        check_token(sandbox, token)
        content = _content(sandbox, path)
    except Refused as refusal:
        return refusal_answer(sandbox, refusal)
    return Answer(200, content, {"X-Sandbox-Now": iso(sandbox.clock.now())}, "application/octet-stream")


def _content(sandbox: Sandbox, path: str) -> bytes:
    for file in sandbox.state.files.values():
        if file["path"] == path:
            content = sandbox.files.get(file["shown"]["file_unique_id"])
            if content is not None:
                return content
    raise Refused(*NOT_FOUND)


def refusal_answer(sandbox: Sandbox, refusal: Refused) -> Answer:
    body = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    return Answer(refusal.status, to_bytes(body), {"X-Sandbox-Now": iso(sandbox.clock.now())})


async def _asked(scope: Scope, receive: Receive) -> tuple[Json, dict[str, Upload]]:
    body = await _body(receive)
    query = _form(scope["query_string"]) if scope["query_string"] else {}
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"").decode("latin-1")
    params, files = await _parsed(kind, body) if body else ({}, {})
    return query | params, files


async def _body(receive: Receive) -> bytes:
    chunks, size = [], 0
    while True:
        event = await receive()
        chunk = event.get("body", b"")
        size += len(chunk)
        if size > BODY_LIMIT:
            raise Refused(*TOO_LARGE)
        chunks.append(chunk)
        if not event.get("more_body"):
            return b"".join(chunks)


async def _parsed(kind: str, body: bytes) -> tuple[Json, dict[str, Upload]]:
    media_type = kind.partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        return await parts(kind, body)
    if media_type == JSON_TYPE:
        return _json(body), {}
    return _form(body), {}


def _form(body: bytes) -> Json:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _json(body: bytes) -> Json:
    try:
        value: Any = decode(body)
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object")
    return value


async def _unless_gone(work: asyncio.Task[Answer | Silence], receive: Receive) -> Answer | Silence:
    """Wait for the answer, or stop when the client disconnects: a dead poller must not look alive."""
    gone = asyncio.create_task(_disconnected(receive))
    try:
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            return Silence.DROP
        return work.result()
    finally:
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _be_silent(silence: Silence, scope: Scope, receive: Receive) -> None:
    """Leave the client without an answer: until it gives up, or at once by breaking the connection."""
    if silence is Silence.DROP:
        scope["sandbox.break"]()
    await _disconnected(receive)


async def _send(send: Send, said: Answer) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in said.headers.items()]
    headers += [(b"content-type", said.media_type.encode()), (b"content-length", str(len(said.body)).encode())]
    await send({"type": "http.response.start", "status": said.status, "headers": headers})
    await send({"type": "http.response.body", "body": said.body})
