"""E-mail, for people who have confirmed an address. bot.mail.smtp explains what a server's answers mean."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final

from bot.conversations.export.lesson_file import screens as lesson_file
from bot.delivery import notices
from bot.mail import message
from bot.mail.smtp import Mailer
from bot.words.voice import FALLBACK_ZONE, Html, Voice, lines
from core.delivery.queue import Claimed, LessonNotice, QueueMessage
from core.delivery.results import Result, Skipped
from core.enums import ChannelKind, Event

WITH_FILE: Final = frozenset({Event.BOOKING_CONFIRMED, Event.BOOKING_RESCHEDULED, Event.BOOKING_CANCELLED})
FILE_FROM: Final = timedelta(hours=24)
MINUTE: Final = timedelta(minutes=1)


class EmailChannel:
    """Sends four mails at once, at most half a minute each, so that a batch is done before its lease is over."""

    kind = ChannelKind.EMAIL
    batch = 6
    at_once = 4

    def __init__(self, mailer: Mailer, *, link: Callable[[], str]) -> None:
        self._mailer = mailer
        self._link = link

    async def deliver(self, queued: QueueMessage, claimed: Claimed, *, now: datetime) -> Result:
        if not isinstance(queued, LessonNotice):
            return Skipped()
        to: str = queued.to.address
        mail = mail_of(queued, sender=self._mailer.sender, to=to, link=self._link(), key=_key(claimed), now=now)
        return await self._mailer.send(mail, to=to, attempt=claimed.counted)


def _key(claimed: Claimed) -> str:
    kind = "reminder" if claimed.event is None else "notice"
    return f"{kind}-{claimed.id}-{claimed.due_at:%Y%m%d%H%M%S}"


def mail_of(queued: LessonNotice, *, sender: str, to: str, link: str, key: str, now: datetime) -> EmailMessage:
    """Return a mail with the same text as in the chat; `link` leads to the chat."""
    voice = Voice(queued.to.language, queued.to.timezone or FALLBACK_ZONE)
    said = notices.compose(queued, now=now).text
    subject = said.partition("\n")[0]
    text = lines(said, _footer(voice, link), between="\n\n")
    document = lesson_file.file(voice, queued.lesson, link=link, now=now).document if _has_file(queued) else None
    file = (document.name, document.content) if document else None
    return message.written(voice, subject, text, sender=sender, to=to, key=key, now=now, file=file)


def _footer(voice: Voice, link: str) -> Html:
    return voice.say(
        "Answer in the chat: {link}\nTo get no more mails, tap there: /settings, Reminders, E-mail, Switch off.",
        link=link,
    )


def _has_file(queued: LessonNotice) -> bool:
    if queued.event is None:
        return queued.minutes_before is not None and queued.minutes_before * MINUTE >= FILE_FROM
    return queued.event in WITH_FILE
