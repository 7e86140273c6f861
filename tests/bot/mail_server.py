"""A mail server in the test's own process: it keeps what it takes, and answers what it is told to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.settings import SmtpSettings

SENDER = "Tutor's desk <desk@tutors.example>"


class MailServer:
    """`answers` are given to RCPT, `after_data` once a mail is taken; a `silence` keeps the client waiting there."""

    def __init__(self, security: str = "none", certificate: trustme.LeafCert | None = None) -> None:
        self.security = security
        self._tls = _context(certificate) if certificate else None
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: list[str] = []
        self.after_data: list[str] = []
        self.silence: asyncio.Event | None = None
        self.knocks = self.passwords = 0
        self.port = 0

    @property
    def settings(self) -> SmtpSettings:
        return SmtpSettings(
            host="localhost", port=self.port, user="desk", password="secret", sender=SENDER, security=self.security
        )

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        if self.silence:
            await self.silence.wait()
        return self.after_data.pop(0) if self.after_data else "250 OK"

    def login(self, _: Any, __: Any, ___: Any, ____: Any, known: LoginPassword) -> AuthResult:
        self.passwords += 1
        return AuthResult(success=(known.login, known.password) == (b"desk", b"secret"), handled=False)

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]

    async def listen(self) -> asyncio.Server:
        at_once = self._tls if self.security == "tls" else None
        listener = await asyncio.get_running_loop().create_server(self._connection, "localhost", 0, ssl=at_once)
        self.port = listener.sockets[0].getsockname()[1]
        return listener

    def _connection(self) -> SMTP:
        self.knocks += 1
        later = self._tls if self.security == "starttls" else None
        return SMTP(self, authenticator=self.login, auth_require_tls=False, hostname="mail.test", tls_context=later)


@asynccontextmanager
async def listening(
    security: str = "none", *, certificate: trustme.LeafCert | None = None
) -> AsyncIterator[MailServer]:
    server = MailServer(security, certificate)
    listener = await server.listen()
    try:
        yield server
    finally:
        listener.close()


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


def text(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part
    return str(part.get_content())
