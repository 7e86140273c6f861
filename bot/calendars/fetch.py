"""
Fetch a calendar from an address that a person typed.

    webcal, http, https  ->  look up the host  ->  check every IP address before connecting  ->  read at most 5 MB

The address is the person's secret: it appears in no log and no error, and only the calendar of the server's answer is
read. Every IP address is checked before connecting, after DNS and after each redirect: it must be public.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from yarl import URL

from core.calendars.feed_reading.expand import LARGEST
from core.calendars.feeds import MAX_ADDRESS
from core.errors import AddressForbidden, AddressRefuses, AddressSilent, BadAddress, CalendarTooLarge

SECONDS: Final = 10.0
MOST_REDIRECTS: Final = 3
CHUNK: Final = 64 * 1024
NOT_MODIFIED: Final = 304
REDIRECTS: Final = (301, 302, 303, 307, 308)
ASKED_FOR: Final = {"User-Agent": "tutorbot", "Accept": "text/calendar, */*;q=0.5", "Accept-Encoding": "gzip, deflate"}
# A public IP address, but inside a cloud
INSIDE: Final = (ipaddress.ip_network("168.63.129.16/32"),)
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched calendar. Send `etag` and `last_modified` with the next request."""

    content: bytes
    etag: str | None
    last_modified: str | None


def is_public(host: str) -> bool:
    """Whether an IP address is public; an address that embeds another one is as public as the embedded one."""
    address = _carried(ipaddress.ip_address(host.partition("%")[0]))
    return address.is_global and not address.is_multicast and not any(address in inside for inside in INSIDE)


def is_anywhere(_: str) -> bool:
    """Allow every address: for a sandbox and for tests."""
    return True


class Fetcher:
    """Fetches calendars; `may_go` decides about each IP address before a connection is opened to it."""

    def __init__(self, *, may_go: Callable[[str], bool] = is_public, seconds: float = SECONDS) -> None:
        self._may_go = may_go
        self._seconds = seconds

    async def fetch(self, address: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched | None:
        """
        Return the calendar, or None if it has not changed.

        - raises BadAddress, AddressForbidden, AddressSilent, AddressRefuses, CalendarTooLarge
        """
        known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {**ASKED_FOR, **{name: told for name, told in known.items() if told}}
        door = Door(self._may_go)
        try:
            async with asyncio.timeout(self._seconds), _session(door) as session:
                return await _follow(session, url_of(address), headers)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):  # "from None": their words hold the address
            raise (AddressForbidden if door.was_shut else AddressSilent) from None


class Door:
    """Opens the sockets, so that it checks the IP address that is really used, whatever DNS said before."""

    def __init__(self, may_go: Callable[[str], bool]) -> None:
        self._may_go = may_go
        self.was_shut = False

    def open(self, where: Any) -> socket.socket:
        family, kind, protocol, _, (host, *_) = where
        if not self._may_go(host):
            self.was_shut = True
            raise OSError("no public address")
        return socket.socket(family, kind, protocol)


def url_of(address: str) -> URL:
    """Read a typed text as a web address; raises BadAddress."""
    scheme, found, rest = address.strip().partition("://")
    scheme = {"webcal": "https", "webcals": "https"}.get(scheme.lower(), scheme.lower())
    if not found or scheme not in ("http", "https") or len(address) > MAX_ADDRESS or len(address.split()) != 1:
        raise BadAddress
    try:
        url = URL(f"{scheme}://{rest}").with_fragment(None)
    except ValueError:
        raise BadAddress from None
    if not url.host:
        raise BadAddress
    return url


def _carried(address: Ip) -> Ip:
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or (address.teredo or (0, address))[1]
    return address


@asynccontextmanager
async def _session(door: Door) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(socket_factory=door.open, use_dns_cache=False, force_close=True)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def _follow(session: aiohttp.ClientSession, url: URL, headers: dict[str, str]) -> Fetched | None:
    for _ in range(MOST_REDIRECTS + 1):
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status in REDIRECTS:
                url = url_of(str(url.join(URL(answer.headers.get("Location", "")))))
                continue
            return await _taken(answer)
    raise AddressRefuses(REDIRECTS[0])


async def _taken(answer: aiohttp.ClientResponse) -> Fetched | None:
    if answer.status == NOT_MODIFIED:
        return None
    if answer.status != 200:
        raise AddressRefuses(answer.status)
    if (answer.content_length or 0) > LARGEST:
        raise CalendarTooLarge(LARGEST)
    content = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise CalendarTooLarge(LARGEST)
    return Fetched(bytes(content), answer.headers.get("ETag"), answer.headers.get("Last-Modified"))
