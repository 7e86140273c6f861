"""What a step holds in its hands: who taps or writes, in which words to answer, and the way to the core."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar, cast

from telegram import CallbackQuery, LinkPreviewOptions, Message, Update, User
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import CallbackContext, ExtBot

from bot.house import House
from bot.pace import Lane
from bot.questions import Question
from bot.screen import Screen, markup
from bot.taps import Tap
from bot.voice import Voice, escape
from core import people, talks
from core.enums import Language
from core.people import Actor, Profile
from core.work import Work

logger = logging.getLogger(__name__)

HOUSE = "house"
LONGEST_TOAST = 200
FALLBACK_ZONE = "UTC"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
CANNOT_EDIT = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "message_id_invalid",
)

T = TypeVar("T", bound=Tap)
Anything = dict[Any, Any]


class Context(CallbackContext[ExtBot[Lane], Anything, Anything, Anything]):
    """`meet` first; all the rest needs to know the person."""

    incoming: Update
    actor: Actor
    voice: Voice
    tapped: Tap | None = None
    is_answered: bool = False

    @property
    def house(self) -> House:
        return cast("House", self.bot_data[HOUSE])

    @property
    def words(self) -> str:
        """What the person wrote; empty for a sticker."""
        message = self.incoming.effective_message
        return (message.text or "").strip() if message else ""

    def tap(self, kind: type[T]) -> T:
        assert isinstance(self.tapped, kind), "routing calls a step with the tap it is registered for"
        return self.tapped

    def begin(self) -> AbstractAsyncContextManager[Work]:
        """Open a unit of work that writes. Speak to Telegram after it, never in it."""
        return self.house.core.begin()

    def read(self) -> AbstractAsyncContextManager[Work]:
        return self.house.core.read()

    async def meet(self, update: Update, user: User) -> None:
        """Know whom the update comes from; a stranger is welcome."""
        self.incoming = update
        self.become(await self._known(user))

    def become(self, actor: Actor) -> None:
        """Speak in this person's language and zone from now on."""
        self.actor = actor
        self.voice = Voice(actor.language, actor.timezone or FALLBACK_ZONE)

    async def refresh(self, work: Work) -> None:
        """Read the person again after having changed them."""
        actor = await people.find(work, self.actor.profile.telegram_id)
        assert actor, "people are not forgotten while they talk"
        self.become(actor)

    async def ask(self, work: Work, question: Question, **draft: Any) -> None:
        """Take the next words as the answer to this question; commit it with what led to it."""
        await talks.ask(work, person_id=self.actor.id, question=question, draft=draft)

    async def answered(self, work: Work) -> None:
        """Ask no more; committed with what the answer led to."""
        await talks.withdraw(work, self.actor.id)

    async def withdraw_question(self) -> None:
        if self.actor.question is not None:
            async with self.begin() as work:
                await talks.withdraw(work, self.actor.id)

    async def show(self, screen: Screen) -> None:
        """Show it in place of the message that was tapped, or below what was written."""
        query = self.incoming.callback_query
        if query is None or query.message is None:
            await self._send(screen)
        else:
            await asyncio.gather(self.answer(screen.toast), self._edit(query, screen))

    async def tell(self, words: str) -> None:
        """Say a short word and leave the screen as it is."""
        if self.incoming.callback_query:
            await self.answer(words)
        else:
            await self._send(Screen(escape(words)))

    async def answer(self, toast: str | None = None) -> None:
        """Stop the button's clock, once. A tap too old to be answered was heard all the same."""
        query = self.incoming.callback_query
        if query is None or self.is_answered:
            return
        self.is_answered = True
        try:
            await query.answer(toast[:LONGEST_TOAST] if toast else None)
        except BadRequest as error:
            if "query is too old" not in error.message.lower():
                raise

    async def _known(self, user: User) -> Actor:
        profile = Profile(user.id, user.first_name, user.last_name, user.username)
        async with self.read() as work:
            actor = await people.find(work, user.id)
        if actor and actor.profile == profile and not actor.is_unreachable:
            return actor
        async with self.begin() as work:
            language = Voice.for_(user.language_code, FALLBACK_ZONE).language
            return await people.arrive(work, profile, language=Language(language))

    async def _edit(self, query: CallbackQuery, screen: Screen) -> None:
        message = query.message
        assert message, "checked by show"
        try:
            await self.bot.edit_message_text(
                screen.text,
                chat_id=message.chat.id,
                message_id=message.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=markup(screen),
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            told = error.message.lower()
            if "not modified" in told:
                return
            if not any(reason in told for reason in CANNOT_EDIT):
                raise
            await self._send(screen)

    async def _send(self, screen: Screen) -> Message:
        return await self.bot.send_message(
            self.actor.profile.telegram_id,
            screen.text,
            parse_mode=ParseMode.HTML,
            reply_markup=markup(screen),
            link_preview_options=NO_PREVIEW,
        )
