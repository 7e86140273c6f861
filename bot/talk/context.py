"""What a step uses: the person with their language, zone and open question, the core, and the chat."""

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
from bot.talk import messages, questions
from bot.talk.questions import Q, Question, StaleQuestion
from bot.talk.resources import Resources
from bot.talk.screen import Screen, home_button
from bot.talk.taps import Tap
from bot.words.voice import FALLBACK_ZONE, Voice, escape
from core.enums import Language
from core.lessons import lesson_messages
from core.lessons.lesson_messages import LessonVersion
from core.people import people, talks
from core.people.people import Actor, Profile
from core.work import Work

logger = logging.getLogger(__name__)

RESOURCES = "resources"
LONGEST_TOAST = 200
MOST_UNCONFIRMED = 1_000  # at the same time; after a week without updates Telegram's ids may restart anywhere

T = TypeVar("T", bound=Tap)
Anything = dict[Any, Any]


class Context(CallbackContext[ExtBot[Priority], Anything, Anything, Anything]):
    """What a step needs to handle one update. Call `meet` first."""

    incoming: Update
    actor: Actor
    voice: Voice
    question: Question | None = None
    tapped: Tap | None = None
    is_answered: bool = False
    is_hearing: bool = False

    @property
    def resources(self) -> Resources:
        return cast("Resources", self.bot_data[RESOURCES])

    @property
    def words(self) -> str:
        """The text of the message; empty for a sticker."""
        message = self.incoming.effective_message
        return (message.text or "").strip() if message else ""

    def tap(self, kind: type[T]) -> T:
        assert isinstance(self.tapped, kind), "routing calls a step with the tap it is registered for"
        return self.tapped

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Open a unit of work that writes. Call Telegram after it, never inside."""
        async with self.resources.core.begin() as work:
            yield work
            if self.is_hearing:
                await people.heard(work, person_id=self.actor.id, update_id=self.incoming.update_id)

    def read(self) -> AbstractAsyncContextManager[Work]:
        return self.resources.core.read()

    async def meet(self, update: Update, user: User) -> None:
        """Read the person the update comes from; store a new one."""
        self.incoming = update
        self.become(await self._known(user))

    def become(self, actor: Actor) -> None:
        """Answer this person from now on, in their language and zone."""
        self.actor = actor
        self.question = _question_of(actor)
        self.voice = Voice(actor.language, actor.timezone or FALLBACK_ZONE)

    async def refresh(self, work: Work) -> None:
        """Read the person again after a change of their row."""
        actor = await people.find(work, self.actor.profile.telegram_id)
        assert actor, "people are not forgotten while they talk"
        self.become(actor)

    @property
    def tapped_message_id(self) -> int | None:
        query = self.incoming.callback_query
        return query.message.message_id if query and query.message else None

    async def ask(self, work: Work, question: Question) -> None:
        """Store the question in this transaction: the next text message is its answer."""
        name, draft = questions.NAMES[type(question)], questions.pack(question)
        await talks.ask(work, person_id=self.actor.id, question=name, draft=draft)

    def asked(self, kind: type[Q]) -> Q:
        assert isinstance(self.question, kind), "routing calls a step with the question it is registered for"
        return self.question

    async def answered(self, work: Work) -> None:
        """Close the open question in this transaction."""
        await talks.withdraw(work, self.actor.id)

    async def withdraw_question(self) -> None:
        if self.actor.question is not None:
            async with self.begin() as work:
                await talks.withdraw(work, self.actor.id)

    async def drop_stale_question(self) -> None:
        """Withdraw the question if it can't be read, or was asked too long ago."""
        is_readable = self.question is not None or self.actor.question is None
        if not is_readable or self._has_lapsed():
            await self.withdraw_question()
            self.become(replace(self.actor, question=None, draft={}, asked_at=None))

    def _has_lapsed(self) -> bool:
        asked_at = self.actor.asked_at
        return bool(self.question and asked_at and self.question.has_lapsed(asked_at, now=self.resources.clock()))

    @property
    def was_heard(self) -> bool:
        """Whether this message was handled before: Telegram sends it again if the bot died before confirming it."""
        heard = self.actor.heard_update_id
        return heard is not None and 0 <= heard - self.incoming.update_id < MOST_UNCONFIRMED

    @property
    def was_overtaken(self) -> bool:
        """Whether a later update was handled already: then this tap could undo what the later one did."""
        heard = self.actor.heard_update_id
        return heard is not None and 0 < heard - self.incoming.update_id < MOST_UNCONFIRMED

    async def show(self, screen: Screen) -> None:
        """Edit the message that was tapped, or send a new one after text; a file is always a new message."""
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
        """Send a file as a new message; the tapped message does not change."""
        await messages.send_file(self.bot, name, content, caption, chat_id=self.actor.profile.telegram_id)

    async def _turn(self, message: MaybeInaccessibleMessage, screen: Screen) -> None:
        """Edit the message and answer the tap; store which lesson the message shows even if the answer fails."""
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
        """Show a short text as a pop-up, or as a message if there was no tap. The screen does not change."""
        if self.incoming.callback_query:
            await self.answer(words)
        else:
            await self._send(Screen(escape(words), ((home_button(self.voice),),)))

    async def answer(self, toast: str | None = None) -> None:
        """Answer the tap, once. Telegram refuses an old one, but the tap was handled all the same."""
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
        """Stop tracking the message before it is edited; else a change of the lesson could overwrite the new screen."""
        async with self.read() as work:
            is_known = await lesson_messages.is_known(work, person_id=self.actor.id, message_id=message_id)
        if is_known:
            async with self.begin() as work:
                await lesson_messages.forget(work, person_id=self.actor.id, message_id=message_id)

    async def _remember_lesson(self, message_id: int, shown: LessonVersion) -> None:
        async with self.begin() as work:
            await lesson_messages.remember(work, person_id=self.actor.id, message_id=message_id, shown=shown)

    async def _edit(self, message: MaybeInaccessibleMessage, screen: Screen) -> int:
        """
        Return the id of the message that shows the screen: a new one if the old one can't be edited.

        Telegram can't edit a text into a photo or a photo into a text, and an old message does not say which it is.
        """
        can_turn = screen.photo is None or bool(getattr(message, "photo", ()))
        if can_turn and await messages.edit(self.bot, screen, chat_id=message.chat.id, message_id=message.message_id):
            return message.message_id
        return await self._send(screen)

    async def _send(self, screen: Screen) -> int:
        sent = await messages.send(self.bot, screen, chat_id=self.actor.profile.telegram_id)
        return sent.message_id


def _question_of(actor: Actor) -> Question | None:
    """Return the person's open question; None if this version of the bot can't read it."""
    if actor.question is None:
        return None
    try:
        return questions.unpack(actor.question, actor.draft)
    except StaleQuestion:
        logger.info("a question can't be read: %s", actor.question)
        return None


def told_by_telegram(user: User) -> Profile:
    return Profile(user.id, user.first_name, user.last_name, user.username)
