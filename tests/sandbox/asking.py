"""Calls of the Bot API as a bot makes them, and what they are made of."""

import json
import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.api.dispatch import Answer, Asked, answer
from bot.sandbox.sandbox import Sandbox

Ask = Callable[..., Awaitable[Any]]


def asking(sandbox: Sandbox) -> Ask:
    async def ask(
        method: str, *, files: dict[str, Any] | None = None, token: str = sandbox.token, **params: Any
    ) -> Any:
        sent = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
        said = await answer(sandbox, Asked(token, method, sent, files or {}))
        assert isinstance(said, Answer), said
        body = json.loads(said.body)
        return body["result"] if body["ok"] else f"{body['error_code']} {body['description']}"

    return ask


def buttons(*rows: list[str]) -> dict[str, Any]:
    """An inline keyboard whose buttons send their own label."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label} for label in row] for row in rows]}


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * height * (width + 1))) + chunk(b"IEND", b"")
    )
