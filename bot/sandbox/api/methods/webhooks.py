"""Set, delete and show the webhook."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bot.sandbox.api.methods.call import Call
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import bad_request
from bot.sandbox.updates.polling import remember_allowed

PORTS: Final = {443, 80, 88, 8443}
LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
SECRET = re.compile(r"[A-Za-z0-9_-]*")
MOST_CONNECTIONS: Final = 100
USUAL_CONNECTIONS: Final = 40


@dataclass(frozen=True, slots=True)
class Described:
    """A result whose answer also carries a description."""

    result: object
    description: str


def set_webhook(call: Call) -> Described:
    url = call.get("url", "")
    if not url:
        return delete_webhook(call)
    _check_url(url)
    webhook = {"url": url, "secret_token": _secret(call), "max_connections": _connections(call)}
    remember_allowed(call.world, call.params)
    _drop_pending(call)
    if call.world.state.webhook == webhook:
        return Described(result=True, description="Webhook is already set")
    call.world.record("webhook", webhook=webhook)
    return Described(result=True, description="Webhook was set")


def _connections(call: Call) -> int:
    wanted: int = call.get("max_connections", USUAL_CONNECTIONS)
    return min(max(wanted, 1), MOST_CONNECTIONS)


def delete_webhook(call: Call) -> Described:
    _drop_pending(call)
    if call.world.state.webhook is None:
        return Described(result=True, description="Webhook is already deleted")
    call.world.record("webhook", webhook=None)
    return Described(result=True, description="Webhook was deleted")


def get_webhook_info(call: Call) -> Json:
    state = call.world.state
    webhook = state.webhook or {"url": ""}
    shown = {key: value for key, value in webhook.items() if key != "secret_token"}
    allowed = {"allowed_updates": state.allowed_updates} if state.allowed_updates else {}
    failure = call.world.webhook_failure if state.webhook else {}
    return shown | {"has_custom_certificate": False, "pending_update_count": len(state.updates)} | allowed | failure


def _check_url(url: str) -> None:
    """Check what Telegram demands of a URL; addresses on this machine are exempt."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise bad_request("invalid webhook URL specified") from error
    if parts.hostname in LOOPBACK and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _secret(call: Call) -> str:
    secret: str = call.get("secret_token", "")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return secret


def _drop_pending(call: Call) -> None:
    if call.get("drop_pending_updates") and call.world.state.updates:
        call.world.record("confirmed", ids=list(call.world.state.updates))
