"""
A tutor decides about the lessons that conflict with a day off.

    [Lessons]                          ->  the conflicts
    [a lesson]                         ->  keep it, cancel it, or ask the student to move it
    [Cancel the lesson]                ->  cancelled with the day off's words; the student is told
    [Ask to move]                      ->  the student is asked; the lesson stays
    [Cancel all] [Yes, cancel]         ->  the same for all (another one came in meanwhile: asked again)
    [Ask all to move]                  ->  the same for all
"""

from telegram import Update

from bot.conversations.exceptions import screens as exception_screens
from bot.conversations.exceptions.conflicts import screens
from bot.conversations.exceptions.conflicts.taps import (
    AskAllToMove,
    AskToMoveForException,
    CallAllOff,
    CallAllOffSurely,
    CallOffForException,
    OpenConflict,
    OpenConflicts,
)
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.hours import exceptions
from core.lessons import lessons


async def show_lessons(_: Update, context: Context) -> None:
    tap = context.tap(OpenConflicts)
    await show_page(context, tap.exception_id, page=tap.page)


async def show_page(context: Context, exception_id: int, *, page: int = 0, toast: str | None = None) -> None:
    """The conflicts, or the exception itself if none is left."""
    async with context.read() as work:
        card = await exceptions.card(work, tutor_id=context.actor.id, exception_id=exception_id)
        asked = await exceptions.asked_to_move(work, card.conflicts)
    if card.conflicts:
        await context.show(screens.conflicts(context.voice, card, asked=asked, page=page, toast=toast))
    else:
        await context.show(exception_screens.card(context.voice, card, toast=toast))


async def open_one(_: Update, context: Context) -> None:
    tap = context.tap(OpenConflict)
    async with context.read() as work:
        card = await exceptions.card(work, tutor_id=context.actor.id, exception_id=tap.exception_id)
        lesson = await lessons.card(work, booking_id=tap.booking_id, viewer_id=context.actor.id)
        asked = await exceptions.asked_to_move(work, [lesson])
    if lesson.id in [each.id for each in card.conflicts]:
        await context.show(screens.one(context.voice, card, lesson, is_asked=lesson.id in asked))
    else:
        await show_page(context, tap.exception_id)


async def call_off(_: Update, context: Context) -> None:
    tap = context.tap(CallOffForException)
    async with context.begin() as work:
        card = await exceptions.card(work, tutor_id=context.actor.id, exception_id=tap.exception_id)
        reason = exception_screens.words(context.voice, card.exception)
        both = {"exception_id": tap.exception_id, "booking_id": tap.booking_id}
        await exceptions.call_off(work, tutor_id=context.actor.id, **both, reason=reason)
    await show_page(context, tap.exception_id, toast=context.voice.label("Cancelled"))


async def ask_to_move(_: Update, context: Context) -> None:
    tap = context.tap(AskToMoveForException)
    async with context.begin() as work:
        await exceptions.ask_to_move(work, tutor_id=context.actor.id, booking_id=tap.booking_id)
    await show_page(context, tap.exception_id, toast=context.voice.label("The student is asked"))


async def ask_all_to_move(_: Update, context: Context) -> None:
    exception_id = context.tap(AskAllToMove).exception_id
    async with context.begin() as work:
        await exceptions.ask_all_to_move(work, tutor_id=context.actor.id, exception_id=exception_id)
    await show_page(context, exception_id, toast=context.voice.label("All students are asked"))


async def ask_to_call_all_off(_: Update, context: Context) -> None:
    await ask_once_more(context, context.tap(CallAllOff).exception_id)


async def ask_once_more(context: Context, exception_id: int) -> None:
    async with context.read() as work:
        card = await exceptions.card(work, tutor_id=context.actor.id, exception_id=exception_id)
    if card.conflicts:
        await context.show(screens.ask_to_call_all_off(context.voice, card))
    else:
        await context.show(exception_screens.card(context.voice, card))


async def call_all_off(_: Update, context: Context) -> None:
    tap = context.tap(CallAllOffSurely)
    async with context.begin() as work:
        card = await exceptions.card(work, tutor_id=context.actor.id, exception_id=tap.exception_id)
        reason = exception_screens.words(context.voice, card.exception)
        done = await exceptions.call_all_off(
            work, tutor_id=context.actor.id, exception_id=tap.exception_id, reason=reason, told=tap.count
        )
    if done:
        await show_page(context, tap.exception_id, toast=context.voice.label("Cancelled"))
    else:
        await ask_once_more(context, tap.exception_id)


CONVERSATION = Conversation(
    taps={
        OpenConflicts: show_lessons,
        OpenConflict: open_one,
        CallOffForException: call_off,
        AskToMoveForException: ask_to_move,
        AskAllToMove: ask_all_to_move,
        CallAllOff: ask_to_call_all_off,
        CallAllOffSurely: call_all_off,
    },
)
