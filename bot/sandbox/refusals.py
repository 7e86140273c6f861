"""The sandbox's error answers, in Telegram's words."""

from typing import Any


class Refused(Exception):
    """The call is answered with `status`, `description` and, for floods, `parameters`."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class PersonRefused(Exception):
    """A person can't do this; the page shows why."""


def bad_request(reason: str) -> Refused:
    return Refused(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    return Refused(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refused:
    return Refused(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


UNAUTHORIZED = (401, "Unauthorized")
MALFORMED_TOKEN = (401, "Unauthorized: invalid token specified")
NO_SUCH_METHOD = (404, "Not Found: method not found")
NOT_FOUND = (404, "Not Found")
TOO_LARGE = (413, "Request Entity Too Large")

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
