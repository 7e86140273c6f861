"""
Whether a lesson took place, its charge, notes and history.

    [Held] [Did not come]   ->  the card, with [Undo]
    [Waive the charge]      ->  the card; the student is told
    [Note]                  ->  "What shall I note?"; after typing: the card with the note
    [History]               ->  every change to it: who made it, and when
"""

from collections.abc import Awaitable, Callable

from telegram import Update

from bot.conversations.lessons import history_screen, screens
from bot.conversations.lessons.outcomes.questions import LessonNote
from bot.conversations.lessons.outcomes.taps import (
    EditNote,
    OpenHistory,
    RemoveNote,
    SayHeld,
    SayMissed,
    UndoOutcome,
    WaiveCharge,
)
from bot.conversations.shared import lesson_screen
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.lessons import history, lessons, outcomes
from core.lessons.lessons import LessonCard
from core.work import Work


async def say_held(_: Update, context: Context) -> None:
    booking_id = context.tap(SayHeld).booking_id
    await change(context, lambda work: outcomes.complete(work, booking_id=booking_id, actor_id=context.actor.id))


async def say_missed(_: Update, context: Context) -> None:
    booking_id = context.tap(SayMissed).booking_id
    await change(context, lambda work: outcomes.no_show(work, booking_id=booking_id, tutor_id=context.actor.id))


async def undo(_: Update, context: Context) -> None:
    booking_id = context.tap(UndoOutcome).booking_id
    await change(context, lambda work: outcomes.undo(work, booking_id=booking_id, tutor_id=context.actor.id))


async def waive(_: Update, context: Context) -> None:
    booking_id = context.tap(WaiveCharge).booking_id
    await change(context, lambda work: outcomes.waive(work, booking_id=booking_id, tutor_id=context.actor.id))


async def ask_for_note(_: Update, context: Context) -> None:
    booking_id = context.tap(EditNote).booking_id
    async with context.begin() as work:
        lesson = await lessons.card(work, booking_id=booking_id, viewer_id=context.actor.id)
        await context.ask(work, LessonNote(booking_id))
    await context.show(screens.ask_for_note(context.voice, lesson))


async def hear_note(_: Update, context: Context) -> None:
    await write_note(context, context.asked(LessonNote).booking_id, context.words)


async def remove_note(_: Update, context: Context) -> None:
    await write_note(context, context.tap(RemoveNote).booking_id, "")


async def write_note(context: Context, booking_id: int, text: str) -> None:
    async with context.begin() as work:
        lesson = await outcomes.note(work, booking_id=booking_id, actor_id=context.actor.id, text=text)
        await context.answered(work)
    await context.show(
        lesson_screen.one_lesson(context.voice, lesson, now=work.now, toast=context.voice.label("Saved"))
    )


async def show_history(_: Update, context: Context) -> None:
    booking_id = context.tap(OpenHistory).booking_id
    async with context.read() as work:
        lesson = await lessons.card(work, booking_id=booking_id, viewer_id=context.actor.id)
        deeds = await history.deeds(work, booking_id=booking_id, viewer_id=context.actor.id)
    await context.show(history_screen.history(context.voice, lesson, deeds))


async def change(context: Context, step: Callable[[Work], Awaitable[LessonCard]]) -> None:
    async with context.begin() as work:
        lesson = await step(work)
    await context.show(
        lesson_screen.one_lesson(context.voice, lesson, now=work.now, toast=context.voice.label("Saved"))
    )


CONVERSATION = Conversation(
    taps={
        SayHeld: say_held,
        SayMissed: say_missed,
        UndoOutcome: undo,
        WaiveCharge: waive,
        EditNote: ask_for_note,
        RemoveNote: remove_note,
        OpenHistory: show_history,
    },
    words={LessonNote: hear_note},
)
