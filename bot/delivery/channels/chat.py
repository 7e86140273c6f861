"""
The chat with the bot.

Telegram's answer decides the outcome:

    done                              sent; if it shows a lesson, it is updated with the lesson from now on
    429                               retried exactly when it says; the whole channel pauses until then
    403, chat gone                    the person is unreachable
    400 and the like                  failed, with the reason
    no connection, token refused      retried; the whole channel pauses, and no attempt is counted
    5xx                               retried; on its first day no attempt is counted
    no answer, 504                    retried
    not sent, the chat is busy        as 5xx: a flooded chat delays no other

In a person's quiet hours notices make no sound, nor do late reminders; other reminders have found no better time.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.delivery import notices
from bot.edge.http_client import Broken, NotSent, hide_token, told_to_wait
from bot.edge.pace import ChatBusy, Priority
from bot.talk import messages
from core.delivery.queue import Claimed, Correction, QueueMessage
from core.delivery.results import Again, Corrected, Failed, Halt, Result, Sent, Unreachable
from core.enums import ChannelKind
from core.pure import reminder_plan

logger = logging.getLogger(__name__)

TOKEN_REFUSED: Final = timedelta(minutes=1)
CHAT_GONE: Final = ("chat not found", "user is deactivated")


class ChatChannel:
    kind = ChannelKind.PUSH
    batch = 100  # between two batches nothing goes out for a moment
    at_once = 16

    def __init__(self, bot: ExtBot[Priority]) -> None:
        self._bot = bot

    async def deliver(self, queued: QueueMessage, claimed: Claimed, *, now: datetime) -> Result:
        try:
            if isinstance(queued, Correction):
                return await self._correct(queued, now)
            screen = notices.compose(queued, now=now)
            silently = queued.to.is_quiet and (queued.event is not None or _is_late(claimed, now))
            chat_id = queued.to.address
            message = await messages.send(
                self._bot, screen, chat_id=chat_id, priority=Priority.QUEUE, silently=silently
            )
        except TelegramError as error:
            return self._told(error, claimed)
        return Sent(message.message_id, screen.lesson)

    async def _correct(self, queued: Correction, now: datetime) -> Corrected:
        """Update the outdated messages, one after the other."""
        chat, gone = queued.to.address, []
        for message_id in queued.message_ids:
            screen = notices.corrected(queued, message_id, now=now)
            if not await messages.edit(self._bot, screen, chat_id=chat, message_id=message_id, priority=Priority.QUEUE):
                gone.append(message_id)
        return Corrected(queued.shown, queued.message_ids, tuple(gone))

    def _told(self, error: TelegramError, claimed: Claimed) -> Result:
        """In PTB BadRequest and TimedOut are NetworkErrors: the order of the cases matters."""
        reason = hide_token(f"{type(error).__name__}: {error.message}", self._bot.token)
        match error:
            case ChatBusy():
                return Again(reason, is_refused=True)
            case RetryAfter():
                return Halt(reason, timedelta(seconds=told_to_wait(error)))
            case InvalidToken():
                logger.error("Telegram refuses the token: nothing is delivered", extra={"kind": claimed.kind})
                return Halt("InvalidToken: refused", TOKEN_REFUSED)
            case Forbidden():
                return Unreachable(reason)
            case BadRequest() if any(gone in error.message.lower() for gone in CHAT_GONE):
                return Unreachable(reason)
            case BadRequest() | ChatMigrated() | Conflict():
                return Failed(reason)
            case NotSent():
                return Halt(reason)
            case Broken():
                return Again(reason, is_refused=True)
            case _:
                return Again(reason)


def _is_late(claimed: Claimed, now: datetime) -> bool:
    minutes = claimed.minutes_before
    return minutes is not None and reminder_plan.is_too_late(now=now, due_at=claimed.due_at, minutes_before=minutes)
