"""
A tutor or a student moves a lesson to another time.

    [Move] [Another time]  ->  a month; a tutor may type "tomorrow 17:30" as well
    [a day] [a time]       ->  "Move it?"
    [Move it] [Ask]        ->  moved, or asked for; the other person is told
                               (taken: the day again, with the reason)
    after the tutor's move, the student:
    [That suits me]        ->  the lesson
    [It does not suit me]  ->  "Cancel this lesson, then?"
    [Yes, cancel it]       ->  cancelled free of charge; the tutor is told
"""

from datetime import date, datetime

from telegram import Update

from bot.conversations.lessons.moves import screens
from bot.conversations.lessons.moves.questions import MoveTo
from bot.conversations.lessons.moves.taps import (
    AcceptMove,
    MoveSurely,
    OpenMove,
    OpenMoveDay,
    OpenMoveMonth,
    PickMove,
    RefuseMove,
    RefuseMoveSurely,
)
from bot.conversations.shared import lesson_screen, new_time, typed_time
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words import refusals
from core.errors import BookingRefused
from core.lessons import answers, lesson_offers, lessons, moves
from core.lessons.lessons import LessonCard
from core.people import tutors
from core.work import Work


async def open_move(_: Update, context: Context) -> None:
    await show_month(context, context.tap(OpenMove).booking_id, None)


async def open_month(_: Update, context: Context) -> None:
    tap = context.tap(OpenMoveMonth)
    await show_month(context, tap.booking_id, tap.month)


async def open_day(_: Update, context: Context) -> None:
    tap = context.tap(OpenMoveDay)
    await show_day(context, tap.booking_id, tap.on)


async def pick_time(_: Update, context: Context) -> None:
    tap = context.tap(PickMove)
    await ask_surely(context, tap.booking_id, tap.starts_at)


async def hear_time(_: Update, context: Context) -> None:
    """A tutor may type any time, also outside their availability."""
    asked = context.asked(MoveTo)
    async with context.read() as work:
        lesson = await lessons.card(work, booking_id=asked.booking_id, viewer_id=context.actor.id)
    search = screens.search(context.voice, lesson, today=context.voice.local(work.now).date())
    starts_at = await typed_time.hear(context, search, on=asked.on, now=work.now)
    if starts_at is not None:
        await ask_surely(context, lesson.id, starts_at)


async def ask_surely(context: Context, booking_id: int, starts_at: datetime) -> None:
    """Ask to confirm the move; meanwhile the time is held for a student."""
    held_until = None
    try:
        async with context.begin() as work:
            lesson = await movable(context, work, booking_id)
            tutor = await tutors.card(work, lesson.tutor_id)
            if not lesson.viewer_is_tutor:
                moved = {"booking_id": booking_id, "student_id": context.actor.id}
                held_until = await moves.hold(work, **moved, starts_at=starts_at)
    except BookingRefused as refusal:
        await show_day_again(context, booking_id, starts_at, refusal)
        return
    needs_yes = not lesson.viewer_is_tutor and not tutor.auto_accept
    await context.show(screens.confirm(context.voice, lesson, starts_at, needs_yes=needs_yes, held_until=held_until))


async def move_surely(_: Update, context: Context) -> None:
    tap = context.tap(MoveSurely)
    try:
        async with context.begin() as work:
            lesson = await moves.move(
                work, booking_id=tap.booking_id, actor_id=context.actor.id, starts_at=tap.starts_at
            )
    except BookingRefused as refusal:
        await show_day_again(context, tap.booking_id, tap.starts_at, refusal)
    else:
        await context.show(screens.moved(context.voice, lesson))


async def show_day_again(context: Context, booking_id: int, starts_at: datetime, refusal: BookingRefused) -> None:
    on = context.voice.local(starts_at).date()
    await show_day(context, booking_id, on, toast=refusals.words(context.voice, refusal))


async def accept(_: Update, context: Context) -> None:
    async with context.begin() as work:
        lesson = await answers.accept(work, booking_id=context.tap(AcceptMove).booking_id, student_id=context.actor.id)
    toast = context.voice.label("See you then")
    await context.show(lesson_screen.one_lesson(context.voice, lesson, now=work.now, toast=toast))


async def ask_to_refuse(_: Update, context: Context) -> None:
    async with context.read() as work:
        lesson = await answers.refusable(
            work, booking_id=context.tap(RefuseMove).booking_id, student_id=context.actor.id
        )
    await context.show(screens.ask_to_refuse(context.voice, lesson, now=work.now))


async def refuse(_: Update, context: Context) -> None:
    booking_id = context.tap(RefuseMoveSurely).booking_id
    async with context.begin() as work:
        lesson = await answers.refuse(work, booking_id=booking_id, student_id=context.actor.id)
    toast = context.voice.label("Cancelled")
    await context.show(lesson_screen.one_lesson(context.voice, lesson, now=work.now, toast=toast))


async def show_month(context: Context, booking_id: int, month: date | None) -> None:
    zone = context.voice.timezone
    async with context.begin() as work:
        lesson = await movable(context, work, booking_id)
        today = context.voice.local(work.now).date()
        shown = None if month and month < today.replace(day=1) else month
        await lesson_offers.release_hold(work, student_id=context.actor.id)
        offer = await moves.month(work, booking_id=booking_id, actor_id=context.actor.id, month=shown, timezone=zone)
        await listen(context, work, lesson, on=None)
    await context.show(new_time.month(context.voice, screens.search(context.voice, lesson, today=today), offer))


async def show_day(context: Context, booking_id: int, on: date, toast: str | None = None) -> None:
    zone = context.voice.timezone
    async with context.begin() as work:
        lesson = await movable(context, work, booking_id)
        offer = await moves.day(work, booking_id=booking_id, actor_id=context.actor.id, on=on, timezone=zone)
        await listen(context, work, lesson, on=on)
    search = screens.search(context.voice, lesson, today=context.voice.local(work.now).date())
    await context.show(new_time.day(context.voice, search, offer, toast=toast))


async def movable(context: Context, work: Work, booking_id: int) -> LessonCard:
    """Return the lesson; raises before a time is picked if it can't be moved any more."""
    return await moves.movable(work, booking_id=booking_id, actor_id=context.actor.id)


async def listen(context: Context, work: Work, lesson: LessonCard, *, on: date | None) -> None:
    if lesson.viewer_is_tutor:
        await context.ask(work, MoveTo(lesson.id, on))


CONVERSATION = Conversation(
    taps={
        OpenMove: open_move,
        OpenMoveMonth: open_month,
        OpenMoveDay: open_day,
        PickMove: pick_time,
        MoveSurely: move_surely,
        AcceptMove: accept,
        RefuseMove: ask_to_refuse,
        RefuseMoveSurely: refuse,
    },
    words={MoveTo: hear_time},
)
