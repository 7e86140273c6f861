"""
HTTP to the Bot API, on aiohttp.

What a failure says about the call:

    NotSent      Telegram did not get the call: a retry can't do it twice
    Unanswered   the call was sent and no answer came: it may have been done
    Broken       Telegram or a proxy failed: nothing was done. Not a 504: then a proxy got no answer from Telegram

PTB knows them as NetworkError and TimedOut.
"""

import asyncio
import io
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest, RequestData

logger = logging.getLogger(__name__)

KEEP_ALIVE = 60.0
ADDRESSES_KEPT = 300  # seconds
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HIDDEN = "<token>"
TOKEN_IN_URL = re.compile(r"(?<=/bot)\d[^/\s'\"]*")
TOKEN_ANYWHERE = re.compile(r"\b\d{5,}(?::|%3A)[\w-]{30,}")

BEFORE_IT_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


class NotSent(NetworkError):
    """The call was not sent."""


class Unanswered(TimedOut):
    """The call was sent, and no answer came."""


class Broken(NetworkError):
    """A status of 500 or more: the call is not to blame, and a retry may succeed."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Timeouts in seconds; None means no limit."""

    connect: float | None = 5.0
    read: float | None = 5.0
    write: float | None = 5.0
    pool: float | None = 1.0
    upload: float | None = 20.0


class AiohttpRequest(BaseRequest):
    def __init__(
        self,
        *,
        connections: int = 256,
        timeouts: Timeouts | None = None,
        proxy: str | None = None,
        on_headers: Callable[[Mapping[str, str]], None] | None = None,
        more_headers: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        self._connections = connections
        self._timeouts = timeouts or Timeouts()
        self._proxy = proxy
        self._on_headers = on_headers
        self._more_headers = more_headers
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._timeouts.read

    async def initialize(self) -> None:
        if self._session is None:
            self._places = asyncio.Semaphore(self._connections)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=ADDRESSES_KEPT),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        usual = self._timeouts
        uploads = request_data is not None and request_data.contains_files
        limits = _client_timeout(
            connect=_chosen(connect_timeout, usual.connect),
            write=_chosen(write_timeout, usual.upload if uploads else usual.write),
            read=_chosen(read_timeout, usual.read),
            sends=request_data is not None,
        )
        async with self._place(_chosen(pool_timeout, usual.pool)):
            return await self._exchange(method, url, request_data, limits)

    @asynccontextmanager
    async def _place(self, patience: float | None) -> AsyncIterator[None]:
        if self._session is None:
            raise RuntimeError("AiohttpRequest is not initialized")
        try:
            async with asyncio.timeout(patience):
                await self._places.acquire()
        except TimeoutError:
            raise NotSent(f"all {self._connections} connections were busy for {patience} s") from None
        try:
            yield
        finally:
            self._places.release()

    async def _exchange(
        self, method: str, url: str, content: RequestData | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        assert self._session is not None
        body, headers = _body(content)
        if self._more_headers is not None:
            headers = {**headers, **self._more_headers()}
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=limits, proxy=self._proxy, allow_redirects=False
            ) as answer:
                payload = await answer.read()
        # "from None": aiohttp's own words hold the URL, and that holds the token
        except BEFORE_IT_LEFT as error:
            raise NotSent(_told(error)) from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unanswered(_told(error)) from None
        self._tell(answer.headers)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            fault = Unanswered if answer.status == HTTPStatus.GATEWAY_TIMEOUT else Broken
            raise fault(hide_token(f"{answer.status} {_description(payload)}"))
        return answer.status, payload

    def _tell(self, headers: Mapping[str, str]) -> None:
        if self._on_headers is None:
            return
        try:
            self._on_headers(headers)
        except Exception:
            # Passed on, this error would look like a failed call, and the call would be made a second time
            logger.exception("the headers of an answer were not understood")


def _chosen(given: Any, usual: float | None) -> float | None:
    return usual if isinstance(given, type(BaseRequest.DEFAULT_NONE)) else given


def _client_timeout(
    *, connect: float | None, write: float | None, read: float | None, sends: bool
) -> aiohttp.ClientTimeout:
    """aiohttp can't time a write: for calls that send, the sum of all three bounds the whole."""
    bounded = sends and connect is not None and write is not None and read is not None
    total = (connect or 0) + (write or 0) + (read or 0) if bounded else None
    return aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=connect, sock_read=read)


def _body(content: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str]]:
    if content is None:
        return None, {}
    if not content.contains_files:
        return content.url_encoded_parameters().encode(), FORM
    form = aiohttp.FormData(
        content.json_parameters, quote_fields=False
    )  # quoted, Telegram shows "%D1%83..." as the name
    for name, (filename, file, kind) in content.multipart_data.items():
        stream = io.BytesIO(file) if isinstance(file, bytes) else file  # aiohttp writes bare bytes in one piece
        form.add_field(name, stream, filename=filename, content_type=kind)
    return form, {}


def _description(payload: bytes) -> str:
    """Return Telegram's description of an error; proxies answer with HTML pages instead."""
    try:
        return str(json.loads(payload)["description"])
    except (ValueError, LookupError, TypeError):
        return "without words"


def _told(error: Exception) -> str:
    return hide_token(f"{type(error).__name__}: {error}")


def told_to_wait(error: RetryAfter) -> float:
    """Return the seconds of a 429; PTB gives them as a number or as a timedelta."""
    told = error.retry_after
    return told.total_seconds() if isinstance(told, timedelta) else told


def hide_token(text: str, token: str = "") -> str:
    """Replace `token`, and everything that looks like a token."""
    if token:
        text = text.replace(token, HIDDEN).replace(quote(token), HIDDEN)
    return TOKEN_ANYWHERE.sub(HIDDEN, TOKEN_IN_URL.sub(HIDDEN, text))


class TokenFilter(logging.Filter):
    """
    Keep tokens out of a log: message, arguments, tracebacks and extra fields.

    Add it to handlers, not to a logger: a logger's filters don't see the records of its child loggers.
    """

    def __init__(self, token: str = "") -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        self._hide_message(record)
        self._hide_traceback(record)
        for name, value in vars(record).items():
            if isinstance(value, str):
                setattr(record, name, hide_token(value, self._token))
        return True

    def _hide_message(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # wrong arguments: logging tells of those when it writes
            message = f"{record.msg} {record.args}"
        hidden = hide_token(message, self._token)
        if hidden != message:
            record.msg, record.args = hidden, ()

    def _hide_traceback(self, record: logging.LogRecord) -> None:
        if not record.exc_info or record.exc_text:
            return
        text = logging.Formatter().formatException(record.exc_info)
        hidden = hide_token(text, self._token)
        if hidden != text:
            record.exc_text, record.exc_info = hidden, None
