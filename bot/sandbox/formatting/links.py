"""The links that Telegram accepts, and how it stores them."""

import re
from urllib.parse import urlsplit

from bot.sandbox.jsons import Json

USER = re.compile(r"tg://user\?id=(\d+)")
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
HOST = re.compile(
    r"^(?:[^\s./:@]+\.)+[^\s./:@0-9][^\s./:@]*$|^\d{1,3}(?:\.\d{1,3}){3}$|^\[[0-9a-f:]+\]$", re.IGNORECASE
)


class WrongLinkError(ValueError):
    """Telegram does not accept this link; the message is Telegram's."""


def normal(url: str) -> str:
    """Return the link as Telegram stores it: with a scheme, and a path of at least "/"."""
    url = url.strip()
    if url.lower().startswith(("tg:", "ton:", "tonsite:")):
        return url
    if any(character.isspace() for character in url) or not url:
        raise WrongLinkError("Wrong HTTP URL")
    return _web_link(url if "://" in url else f"http://{url}")


def _web_link(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as error:
        raise WrongLinkError("Wrong HTTP URL") from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise WrongLinkError("Unsupported URL protocol")
    if not HOST.match(host):
        raise WrongLinkError("Wrong HTTP URL")
    return parts._replace(scheme=parts.scheme.lower(), path=parts.path or "/").geturl()


def entity_of_link(url: str) -> Json | None:
    """A text link, a mention of a person, or nothing: a wrong link in marked-up text is dropped silently."""
    person = USER.fullmatch(url.strip())
    if person:
        return {"type": "text_mention", "user": {"id": int(person[1])}}
    try:
        return {"type": "text_link", "url": normal(url)}
    except WrongLinkError:
        return None
