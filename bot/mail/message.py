"""Write a mail with the same text as in the chat. Pure: nothing is sent here."""

import html
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from bot.words.voice import Html, Voice

SEVEN_BIT: Final = SMTP.clone(cte_type="7bit")  # every server takes it
LONGEST_SUBJECT: Final = 150
TAG: Final = re.compile(r"<[^>]*>")


def written(
    voice: Voice,
    subject: str,
    text: Html,
    *,
    sender: str,
    to: str,
    key: str,
    now: datetime,
    file: tuple[str, bytes] | None = None,
) -> EmailMessage:
    """
    Write a mail of this text, with a calendar `file` (its name and content) if there is one.

    The same `key` gives the same Message-ID, so that a mailbox recognises a mail sent twice. Text that people typed is
    only in the body and, on one line, in the subject: in no other header.
    """
    message = EmailMessage(policy=SEVEN_BIT)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = " ".join(plain(subject).split())[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{key}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: so no out-of-office reply is sent
    message.set_content(plain(text))
    message.add_alternative(_page(voice, text), subtype="html")
    if file is not None:
        name, content = file
        message.add_attachment(
            content,
            maintype="text",
            subtype="calendar",
            filename=name,
            params={"method": "PUBLISH", "charset": "utf-8"},
        )
    return message


def plain(text: str) -> str:
    return html.unescape(TAG.sub("", text))


def _page(voice: Voice, text: str) -> str:
    """Return a page of Telegram's HTML, which only needs paragraphs and line breaks."""
    inner = text.replace("\n\n", "</p>\n<p>").replace("\n", "<br>\n")
    return f'<!doctype html>\n<html lang="{voice.language}"><body><p>{inner}</p></body></html>\n'
