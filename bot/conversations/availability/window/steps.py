"""
A tutor changes one window of the week.

    [hours]                        ->  the window: every week, from or until a date, paused
    [Pause] [Resume]               ->  the same, paused or resumed
    [Valid from…] [Valid until…]   ->  a month; [a day]: the window is valid from or until then
"""

from telegram import Update

from bot.conversations.availability.window import screens
from bot.conversations.availability.window.taps import FreeWindow, LimitWindow, OpenWindow, PauseWindow, PickWindowDate
from bot.talk.context import Context
from bot.talk.routing import Conversation
from core.hours import availability
from core.hours.availability import Change
from core.people import tutors
from core.pure.planning.local_time import local_date


async def open_window(_: Update, context: Context) -> None:
    await show_window(context, context.tap(OpenWindow).window_id)


async def pause_or_resume(_: Update, context: Context) -> None:
    tap = context.tap(PauseWindow)
    turn = availability.pause if tap.pause else availability.resume
    async with context.begin() as work:
        change = await turn(work, tutor_id=context.actor.id, window_id=tap.window_id)
    toast = context.voice.label("Paused") if tap.pause else context.voice.label("Resumed")
    await show_window(context, tap.window_id, change, toast=toast)


async def pick_date(_: Update, context: Context) -> None:
    tap = context.tap(PickWindowDate)
    async with context.read() as work:
        window = await availability.window(work, tutor_id=context.actor.id, window_id=tap.window_id)
        zone = await tutors.teaching_timezone(work, context.actor.id)
    today = local_date(zone, work.now)
    screen = screens.pick_date(
        context.voice, tap.window_id, window, is_first=tap.is_first, month=tap.month, today=today
    )
    await context.show(screen)


async def limit(_: Update, context: Context) -> None:
    tap = context.tap(LimitWindow)
    set_date = availability.begin_on if tap.is_first else availability.end_on
    async with context.begin() as work:
        change = await set_date(work, tutor_id=context.actor.id, window_id=tap.window_id, on=tap.on)
    await show_window(context, tap.window_id, change)


async def free(_: Update, context: Context) -> None:
    tap = context.tap(FreeWindow)
    set_date = availability.begin_on if tap.is_first else availability.end_on
    async with context.begin() as work:
        change = await set_date(work, tutor_id=context.actor.id, window_id=tap.window_id, on=None)
    await show_window(context, tap.window_id, change)


async def show_window(context: Context, window_id: int, change: Change | None = None, toast: str | None = None) -> None:
    async with context.read() as work:
        window = await availability.window(work, tutor_id=context.actor.id, window_id=window_id)
        zone = await tutors.teaching_timezone(work, context.actor.id)
    today = local_date(zone, work.now)
    left_outside = change.left_outside if change else 0
    await context.show(
        screens.window(context.voice, window_id, window, today=today, left_outside=left_outside, toast=toast)
    )


CONVERSATION = Conversation(
    taps={
        OpenWindow: open_window,
        PauseWindow: pause_or_resume,
        PickWindowDate: pick_date,
        LimitWindow: limit,
        FreeWindow: free,
    },
)
