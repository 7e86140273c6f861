"""E-mail, for those who have proved an address: see bot.smtp for what a server's answers mean."""

from collections.abc import Callable
from datetime import datetime

from bot import mails
from bot.channels.channel import Answer, Skipped
from bot.smtp import Mailer
from core.enums import ReminderType
from core.outbox import AnyLetter, Claimed, Letter


class Email:
    """Four at once, half a minute each at worst: a batch is gone before its lease is over."""

    kind = ReminderType.EMAIL
    batch = 6
    at_once = 4

    def __init__(self, mailer: Mailer, *, link: Callable[[], str]) -> None:
        self._mailer = mailer
        self._link = link

    async def deliver(self, letter: AnyLetter, claimed: Claimed, *, now: datetime) -> Answer:
        to = letter.to.email
        if not isinstance(letter, Letter) or to is None:
            return Skipped()
        message = mails.letter(letter, sender=self._mailer.sender, to=to, link=self._link(), key=_key(claimed), now=now)
        return await self._mailer.send(message, to=to, attempt=claimed.counted)


def _key(claimed: Claimed) -> str:
    kind = "reminder" if claimed.event is None else "notice"
    return f"{kind}-{claimed.id}-{claimed.due_at:%Y%m%d%H%M%S}"
