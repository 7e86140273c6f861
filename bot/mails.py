"""What is mailed: the words of the chat, as a mail. Pure: nothing is sent here."""

import html
import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from bot import notices
from bot.context import FALLBACK_ZONE
from bot.screen import Attachment
from bot.screens import calendar_file
from bot.voice import Html, Voice, lines
from core.enums import Event
from core.outbox import Letter

SEVEN_BIT: Final = SMTP.clone(cte_type="7bit")  # every server takes it
LONGEST_SUBJECT: Final = 150
TAG: Final = re.compile(r"<[^>]*>")
WITH_FILE: Final = frozenset({Event.BOOKING_CONFIRMED, Event.BOOKING_RESCHEDULED, Event.BOOKING_CANCELLED})
FILE_FROM: Final = timedelta(hours=24)
MINUTE: Final = timedelta(minutes=1)


def letter(letter: Letter, *, sender: str, to: str, link: str, key: str, now: datetime) -> EmailMessage:
    """`link` leads to the bot. The same `key` is the same mail, however often it goes out."""
    voice = Voice(letter.to.language, letter.to.timezone or FALLBACK_ZONE)
    said = notices.compose(letter, now=now).text
    subject = said.partition("\n")[0]
    text = lines(said, _footer(voice, link), between="\n\n")
    file = calendar_file.file(voice, letter.lesson, link=link, now=now).document if _has_file(letter) else None
    return _mail(voice, subject, text, sender=sender, to=to, key=key, now=now, file=file)


def code(voice: Voice, code: str, *, sender: str, to: str, link: str, key: str, now: datetime) -> EmailMessage:
    subject = voice.label("{code} is your code", code=code)
    text = voice.say(
        "<b>{code}</b> is the code that confirms your address. It holds for 15 minutes: type it in the chat, {link}\n\n"
        "If you did not ask for it, do nothing: nothing will be mailed to you.",
        code=code,
        link=link,
    )
    return _mail(voice, subject, text, sender=sender, to=to, key=key, now=now)


def plain(text: str) -> str:
    return html.unescape(TAG.sub("", text))


def _footer(voice: Voice, link: str) -> Html:
    return voice.say(
        "Answer in the chat: {link}\nTo get no more mails, tap there: /settings, Reminders, E-mail, Switch off.",
        link=link,
    )


def _has_file(letter: Letter) -> bool:
    if letter.event is None:
        return letter.minutes_before is not None and letter.minutes_before * MINUTE >= FILE_FROM
    return letter.event in WITH_FILE


def _mail(
    voice: Voice,
    subject: str,
    text: Html,
    *,
    sender: str,
    to: str,
    key: str,
    now: datetime,
    file: Attachment | None = None,
) -> EmailMessage:
    """What people typed stands in the body and, in one line, in the subject: in no other header."""
    message = EmailMessage(policy=SEVEN_BIT)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = " ".join(plain(subject).split())[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{key}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers us
    message.set_content(plain(text))
    message.add_alternative(_page(voice, text), subtype="html")
    if file is not None:
        message.add_attachment(
            file.content,
            maintype="text",
            subtype="calendar",
            filename=file.name,
            params={"method": "PUBLISH", "charset": "utf-8"},
        )
    return message


def _page(voice: Voice, text: str) -> str:
    """Telegram's HTML is HTML: only its lines have to be told."""
    inner = text.replace("\n\n", "</p>\n<p>").replace("\n", "<br>\n")
    return f'<!doctype html>\n<html lang="{voice.language}"><body><p>{inner}</p></body></html>\n'
