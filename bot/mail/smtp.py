"""
Send mail through the configured SMTP server.

The server's reply decides what happens to a mail (RFC 5321, RFC 3463):

    2xx                                     sent
    4xx                                     tried again, with growing delays
    5xx of the recipient, nobody is there   the address does not work
    5xx                                     failed, with the reason
    no connection, no login                 the whole channel pauses; no attempt is counted
    no answer once the mail is handed over  it may have arrived: tried again, a few times at most, under the same
                                            Message-ID, by which mailboxes know what they have
"""

import asyncio
import logging
import re
import ssl
from contextlib import suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from bot.settings import SmtpSettings
from core.delivery.results import Again, Failed, Halt, Result, Sent, Unreachable
from core.people.emails import CODES_AN_HOUR, HOUR

logger = logging.getLogger(__name__)

CONNECTS_WITHIN: Final = 10.0
HANDED_OVER_WITHIN: Final = 15.0
LEAVES_WITHIN: Final = 2.0
REFUSED: Final = timedelta(minutes=1)
MOST_UNKNOWN: Final = 3
REFUSES_FROM: Final = 400  # an unexpected reply below this says nothing about the mail
# Nobody is there, for good (RFC 3463). 5.7.1 and the like concern us, not the address
NOBODY_THERE: Final = re.compile(r"\b5\.(1\.(1|2|3|6|10)|2\.1)\b")


def mailer(settings: SmtpSettings) -> "Mailer | None":
    """Return the mailer, or None if no server is configured."""
    return Mailer(settings) if settings.host else None


class Turns:
    """
    At most so many mails an hour to each name.

    Counted in memory, not in the database: otherwise a person could delete the account, and the count with it, and
    start again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[str, list[datetime]] = {}

    def take(self, *whose: str, now: datetime) -> bool:
        """Take one turn of each name; return False if one of them has none left."""
        lately = {name: [at for at in ats if now - at < HOUR] for name, ats in self._taken.items()}
        self._taken = {name: ats for name, ats in lately.items() if ats}
        if any(len(self._taken.get(name, ())) >= self._most for name in whose):
            return False
        for name in whose:
            self._taken.setdefault(name, []).append(now)
        return True


class Mailer:
    """Sends mail; `codes` limits how many codes are mailed."""

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        connects_within: float = CONNECTS_WITHIN,
        handed_over_within: float = HANDED_OVER_WITHIN,
    ) -> None:
        self.sender = settings.sender
        self.codes = Turns(CODES_AN_HOUR)
        self._settings = settings
        self._connects_within = connects_within
        self._handed_over_within = handed_over_within

    async def send(self, message: EmailMessage, *, to: str, attempt: int = 1) -> Result:
        client = self._client()
        try:
            async with asyncio.timeout(self._connects_within):
                await client.connect()
        except (SMTPAuthenticationError, SMTPNotSupported) as error:
            logger.error("the mail server refuses us: no mail goes out: %s", type(error).__name__)
            client.close()
            return Halt(_reason(error), REFUSED)
        except (SMTPException, OSError, ValueError) as error:
            client.close()
            return Halt(_reason(error))
        try:
            return await self._hand_over(client, message, to, attempt)
        finally:
            await _leave(client)

    def _client(self) -> SMTP:
        """Make a new connection for each mail: mails are few, and a broken connection then affects only one."""
        password = self._settings.password
        return SMTP(
            hostname=self._settings.host,
            port=self._settings.port,
            username=self._settings.user,
            password=password.get_secret_value() if password else None,
            use_tls=self._settings.security == "tls",
            start_tls=self._settings.security == "starttls",
            tls_context=ssl.create_default_context() if self._settings.security != "none" else None,
            timeout=self._connects_within,
        )

    async def _hand_over(self, client: SMTP, message: EmailMessage, to: str, attempt: int) -> Result:
        is_on_its_way = False
        try:
            async with asyncio.timeout(self._handed_over_within):
                await client.mail(parseaddr(self.sender)[1])
                await client.rcpt(to)
                is_on_its_way = True
                await client.data(message.as_bytes())
        except (SMTPException, OSError) as error:
            if isinstance(error, SMTPResponseException) and error.code >= REFUSES_FROM:
                return _refused(error)
            client.close()  # the server would not answer QUIT either
            reason = f"{type(error).__name__}: no answer"
            return Failed(reason) if is_on_its_way and attempt >= MOST_UNKNOWN else Again(reason)
        return Sent()


def _refused(error: SMTPResponseException) -> Result:
    reason = _reason(error)
    match error:
        case SMTPResponseException(code=code) if code < 500:
            return Again(reason, is_refused=True)
        case SMTPRecipientRefused() if NOBODY_THERE.search(error.message):
            return Unreachable(reason)
        case SMTPRecipientRefused() | SMTPDataError():
            return Failed(reason)
        case _:
            logger.error("the mail server refuses the sender: no mail goes out")
            return Halt(reason, REFUSED)


def _reason(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{type(error).__name__}: {error.code} {error.message}"
    return f"{type(error).__name__}: {error}"


async def _leave(client: SMTP) -> None:
    """Close the connection; a failure does not change the outcome."""
    with suppress(SMTPException, OSError):
        async with asyncio.timeout(LEAVES_WITHIN):
            await client.quit()
    client.close()
