"""Addresses that can be shown to an operator: without tokens, passwords and logins."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.edge.http_client import hide_token
from bot.settings import Settings


def database_address(settings: Settings) -> str:
    """The database's address without its password, which may also be among the options."""
    scheme, found, rest = settings.database.url.partition("://")
    return f"{scheme}{found}{rest.rpartition('@')[2].partition('?')[0]}"


def host_of(url: str) -> str:
    """The host and the port of a URL, without the login."""
    return urlsplit(url).netloc.rpartition("@")[2]


def is_local(url: str) -> bool:
    """Whether the URL is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reason_of(error: Exception) -> str:
    return hide_token((str(error).splitlines() or [type(error).__name__])[0])
