"""
Find the step for an update.

    /command       ->  the step of that command
    a tap          ->  the step of that kind of tap
    a file         ->  the step for files of that ending, whether or not a question is open
    text           ->  the step that hears the answer to the open question (the person's Talk row)

A command or a tap closes the open question. If a step raises a core error, it is put into words here, for all stories.
"""

import logging
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, TypeVar

from telegram import Message, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.talk.context import Context
from bot.talk.questions import Question
from bot.talk.taps import StaleTap, Tap, unpack
from bot.words import refusals
from core.errors import AlreadySettled, CoreError, LessonBegun, NotFound

logger = logging.getLogger(__name__)

K = TypeVar("K")
V = TypeVar("V")
Step = Callable[[Update, Context], Coroutine[Any, Any, None]]

ENDINGS = {"text/calendar": ".ics"}  # such a file's name may have no ending
PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE

# The question is about something that is gone or settled: another answer would not help
OVER = (NotFound, AlreadySettled, LessonBegun)


@dataclass(frozen=True)
class Conversation:
    """
    The updates that one story takes.

    - `words` and `places`: the step that hears a text or a location as the answer to a question
    - `files`: the step that takes a file with this ending, whether or not a question is open
    - `keeps`: for a question, the taps that leave it open; any other tap closes it
    - `welcomes_strangers`: open to people who have not chosen a time zone yet
    """

    commands: Mapping[str, Step] = field(default_factory=dict)
    taps: Mapping[type[Tap], Step] = field(default_factory=dict)
    words: Mapping[type[Question], Step] = field(default_factory=dict)
    places: Mapping[type[Question], Step] = field(default_factory=dict)
    files: Mapping[str, Step] = field(default_factory=dict)
    keeps: Mapping[type[Question], Collection[type[Tap]]] = field(default_factory=dict)
    welcomes_strangers: bool = False


@dataclass(frozen=True)
class Fallbacks:
    """
    Steps for updates that no story takes.

    - `welcome`: from people who have not chosen a time zone yet
    - `home`: for an update that was already handled, or that comes after later ones were handled
    - `unknown_command`, and `not_understood` for text without an open question
    """

    welcome: Step
    home: Step
    unknown_command: Step
    not_understood: Step


class Routes:
    """The entries of all stories; `otherwise` has the steps for updates that no story takes."""

    def __init__(self, conversations: Sequence[Conversation], *, otherwise: Fallbacks) -> None:
        self._otherwise = otherwise
        self.commands = _joined([each.commands for each in conversations])
        self.taps = _joined([each.taps for each in conversations])
        self.words = _joined([each.words for each in conversations])
        self.places = _joined([each.places for each in conversations])
        self.files = _joined([each.files for each in conversations])
        self.keeps = _joined([each.keeps for each in conversations])
        self._open_to_strangers = {
            step
            for each in conversations
            if each.welcomes_strangers
            for entries in (each.commands, each.taps, each.words, each.places, each.files)
            for step in entries.values()
        }

    def install(self, application: Application) -> None:  # type: ignore[type-arg]
        for command, step in self.commands.items():
            application.add_handler(CommandHandler(command, self._on_command(step), filters=PRIVATE))
        application.add_handler(CallbackQueryHandler(self.on_tap))
        application.add_handler(MessageHandler(PRIVATE, self.on_message))
        application.add_error_handler(self.on_error)

    def _on_command(self, step: Step) -> Step:
        async def on_command(update: Update, context: Context) -> None:
            assert update.effective_user, "a private message has a sender"
            await context.meet(update, update.effective_user)
            await context.withdraw_question()
            await self._take(step, update, context)

        return on_command

    async def on_tap(self, update: Update, context: Context) -> None:
        query = update.callback_query
        assert query, "only taps come here"
        await context.meet(update, query.from_user)
        try:
            context.tapped = unpack(query.data or "")
        except StaleTap:
            await context.withdraw_question()
            await context.tell(refusals.stale(context.voice))
            return
        kept = self.keeps.get(type(context.question), ()) if context.question else ()
        if type(context.tapped) not in kept:
            await context.withdraw_question()
        context.is_hearing = not context.was_overtaken
        await self._take(
            self.taps[type(context.tapped)] if context.is_hearing else self._otherwise.home, update, context
        )

    async def on_message(self, update: Update, context: Context) -> None:
        message = update.effective_message
        assert message, "only messages come here"
        assert update.effective_user, "a private message has a sender"
        await context.meet(update, update.effective_user)
        await context.drop_stale_question()
        step = self.files.get(_ending(message)) or self._hearing(message, context.question)
        if context.words.startswith("/"):
            await context.withdraw_question()
            await self._otherwise.unknown_command(update, context)
        elif context.was_heard:
            await self._take(self._otherwise.home, update, context)
        else:
            context.is_hearing = step is not None
            await self._take(step or self._otherwise.not_understood, update, context)

    def _hearing(self, message: Message, question: Question | None) -> Step | None:
        answers = self.places if message.location else self.words if message.text else {}
        return answers.get(type(question)) if question else None

    async def on_error(self, update: object, context: Context) -> None:
        """Log an unexpected error and tell the person; the context of the failed step is not available here."""
        if isinstance(context.error, Forbidden):
            logger.info("answer not delivered: %s", context.error)
            return
        logger.error("a step failed", exc_info=context.error)
        if isinstance(update, Update) and update.effective_user and not isinstance(context.error, TelegramError):
            await context.meet(update, update.effective_user)
            await context.tell(refusals.our_fault(context.voice))

    async def _take(self, step: Step, update: Update, context: Context) -> None:
        if context.actor.timezone is None and not self._is_for_strangers(step, context):
            step = self._otherwise.welcome
        try:
            await step(update, context)
        except CoreError as refusal:
            if isinstance(refusal, OVER):
                await context.withdraw_question()
            await context.tell(refusals.words(context.voice, refusal))
        await context.answer()

    def _is_for_strangers(self, step: Step, context: Context) -> bool:
        """
        Whether this step is open to people who have no time zone yet; `not_understood` only while a question is open.
        """
        is_asked = context.question is not None
        return step in self._open_to_strangers or (step is self._otherwise.not_understood and is_asked)


def _ending(message: Message) -> str:
    document = message.document
    if document is None:
        return ""
    return ENDINGS.get(document.mime_type or "") or PurePath(document.file_name or "").suffix.lower()


def _joined(entries: Sequence[Mapping[K, V]]) -> dict[K, V]:
    joined: dict[K, V] = {}
    for each in entries:
        assert not joined.keys() & each.keys(), f"two stories hear {joined.keys() & each.keys()}"
        joined |= each
    return joined
