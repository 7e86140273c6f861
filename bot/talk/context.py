"""What a step holds in its hands: who taps or writes, in which words to answer, and the way to the core."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar, cast

from telegram import MaybeInaccessibleMessage, Update, User
from telegram.error import BadRequest
from telegram.ext import CallbackContext, ExtBot

from bot.edge.pace import Priority
from bot.talk import messages
from bot.talk.questions import Question, has_lapsed
from bot.talk.resources import Resources
from bot.talk.screen import Screen, home_button
from bot.talk.taps import Tap
from bot.words.voice import FALLBACK_ZONE, Voice, escape
from core.enums import Language
from core.lessons import lesson_messages
from core.lessons.lesson_messages import Shown
from core.people import people, talks
from core.people.people import Actor, Profile
from core.work import Work

logger = logging.getLogger(__name__)

RESOURCES = "resources"
LONGEST_TOAST = 200
MOST_UNCONFIRMED = 1_000  # updates on their way at once; ids may begin anew, anywhere, after a quiet week

T = TypeVar("T", bound=Tap)
Anything = dict[Any, Any]


class Context(CallbackContext[ExtBot[Priority], Anything, Anything, Anything]):
    """`meet` first; all the rest needs to know the person."""

    incoming: Update
    actor: Actor
    voice: Voice
    tapped: Tap | None = None
    is_answered: bool = False
    is_hearing: bool = False

    @property
    def resources(self) -> Resources:
        return cast("Resources", self.bot_data[RESOURCES])

    @property
    def words(self) -> str:
        """What the person wrote; empty for a sticker."""
        message = self.incoming.effective_message
        return (message.text or "").strip() if message else ""

    def tap(self, kind: type[T]) -> T:
        assert isinstance(self.tapped, kind), "routing calls a step with the tap it is registered for"
        return self.tapped

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Open a unit of work that writes. Speak to Telegram after it, never in it."""
        async with self.resources.core.begin() as work:
            yield work
            if self.is_hearing:
                await people.heard(work, person_id=self.actor.id, update_id=self.incoming.update_id)

    def read(self) -> AbstractAsyncContextManager[Work]:
        return self.resources.core.read()

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

    async def ask_about(self, work: Work, question: Question, booking_id: int) -> None:
        """Ask about a lesson in the message that was tapped."""
        query = self.incoming.callback_query
        asked_in = query.message.message_id if query and query.message else None
        await self.ask(work, question, booking_id=booking_id, asked_in=asked_in)

    async def about_to_answer(self, work: Work) -> int:
        """Return the lesson that was asked about: what the words do to it shows where it was asked, too."""
        booking_id: int = self.actor.draft["booking_id"]
        if message_id := self.actor.draft.get("asked_in"):
            shown = await lesson_messages.standing(work, booking_id)
            await lesson_messages.remember(work, person_id=self.actor.id, message_id=message_id, shown=shown)
        return booking_id

    async def answered(self, work: Work) -> None:
        """Ask no more; committed with what the answer led to."""
        await talks.withdraw(work, self.actor.id)

    async def withdraw_question(self) -> None:
        if self.actor.question is not None:
            async with self.begin() as work:
                await talks.withdraw(work, self.actor.id)

    async def let_lapse(self) -> None:
        """Withdraw a question that was left open too long for its answer to be meant."""
        if has_lapsed(self.actor.question, self.actor.asked_at, now=self.resources.clock()):
            await self.withdraw_question()
            self.become(replace(self.actor, question=None, draft={}, asked_at=None))

    @property
    def was_heard(self) -> bool:
        """Whether this message led to something before and comes again: we died before Telegram knew."""
        heard = self.actor.heard_update_id
        return heard is not None and 0 <= heard - self.incoming.update_id < MOST_UNCONFIRMED

    @property
    def was_overtaken(self) -> bool:
        """Whether something later than this tap has been heard: done once more now, it could undo that."""
        heard = self.actor.heard_update_id
        return heard is not None and 0 < heard - self.incoming.update_id < MOST_UNCONFIRMED

    async def show(self, screen: Screen) -> None:
        """Show it in place of the message that was tapped, or below what was written; a file always below."""
        query = self.incoming.callback_query
        if screen.document is not None:
            await asyncio.gather(self._send(screen), self.answer(screen.toast))
            return
        if query is not None and query.message is not None:
            await self._turn(query.message, screen)
            return
        message_id = await self._send(screen)
        if screen.lesson is not None:
            await self._remember_lesson(message_id, screen.lesson)

    async def send_file(self, name: str, content: bytes, caption: Screen) -> None:
        """Send it below, and leave what was tapped as it is."""
        await messages.send_file(self.bot, name, content, caption, chat_id=self.actor.profile.telegram_id)

    async def _turn(self, message: MaybeInaccessibleMessage, screen: Screen) -> None:
        """What the message shows now is remembered even where the tap could not be answered."""
        if screen.lesson is None:
            await self._forget_lesson(message.message_id)
        editing = self._edit_and_remember(message, screen)
        for failed in await asyncio.gather(editing, self.answer(screen.toast), return_exceptions=True):
            if failed is not None:
                raise failed

    async def _edit_and_remember(self, message: MaybeInaccessibleMessage, screen: Screen) -> None:
        message_id = await self._edit(message, screen)
        if screen.lesson is not None:
            await self._remember_lesson(message_id, screen.lesson)

    async def tell(self, words: str) -> None:
        """Say a short word and leave the screen as it is."""
        if self.incoming.callback_query:
            await self.answer(words)
        else:
            await self._send(Screen(escape(words), ((home_button(self.voice),),)))

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
        profile = told_by_telegram(user)
        async with self.read() as work:
            actor = await people.find(work, user.id)
        if actor and actor.is_as_told(profile) and not actor.is_unreachable:
            return actor
        async with self.begin() as work:
            language = Voice.for_(user.language_code, FALLBACK_ZONE).language
            return await people.arrive(work, profile, language=Language(language))

    async def _forget_lesson(self, message_id: int) -> None:
        """The message is about to show something else: a change of the lesson must not come in between."""
        async with self.read() as work:
            is_known = await lesson_messages.is_known(work, person_id=self.actor.id, message_id=message_id)
        if is_known:
            async with self.begin() as work:
                await lesson_messages.forget(work, person_id=self.actor.id, message_id=message_id)

    async def _remember_lesson(self, message_id: int, shown: Shown) -> None:
        async with self.begin() as work:
            await lesson_messages.remember(work, person_id=self.actor.id, message_id=message_id, shown=shown)

    async def _edit(self, message: MaybeInaccessibleMessage, screen: Screen) -> int:
        """
        Return the message in which the screen is now: a new one where the old one is gone.

        A text never turns into a photo nor a photo into a text; an old message does not tell which it is.
        """
        can_turn = screen.photo is None or bool(getattr(message, "photo", ()))
        if can_turn and await messages.edit(self.bot, screen, chat_id=message.chat.id, message_id=message.message_id):
            return message.message_id
        return await self._send(screen)

    async def _send(self, screen: Screen) -> int:
        sent = await messages.send(self.bot, screen, chat_id=self.actor.profile.telegram_id)
        return sent.message_id


def told_by_telegram(user: User) -> Profile:
    return Profile(user.id, user.first_name, user.last_name, user.username)
