"""
When a person is reminded.

    [Reminders]              ->  how long before a lesson: a switch for each
    [1 h]                    ->  on or off, also for upcoming lessons
      "45 min" typed         ->  on; if it can't be read, the reason
    [No reminders] [As usual]
    [Quiet hours]            ->  from when? until when?
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram import Update

from bot.conversations.settings import reminder_screens
from bot.conversations.settings.questions import RemindBefore
from bot.conversations.settings.reminders.taps import (
    BeQuiet,
    NeverBeQuiet,
    OpenReminders,
    PickQuietSince,
    PickQuietUntil,
    RemindAsUsual,
    WantNoReminders,
    WantReminder,
)
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words import refusals
from bot.words.typed import setting_values
from core.errors import BadReminder, BadSetting, TooManyReminders
from core.people import reminders
from core.people.reminders import ReminderPreferences
from core.pure import reminder_plan
from core.work import Work

Change = Callable[[Work], Awaitable[ReminderPreferences]]


async def open_reminders(_: Update, context: Context) -> None:
    async with context.begin() as work:
        preferences = await reminders.preferences(work, person_id=context.actor.id)
        await context.ask(work, RemindBefore())
    await context.show(reminder_screens.reminders(context.voice, preferences, is_tutor=context.actor.is_tutor))


async def switch(_: Update, context: Context) -> None:
    tap, me = context.tap(WantReminder), context.actor.id
    before = min(tap.minutes, setting_values.LARGEST) * setting_values.MINUTE
    decide = reminders.want if tap.is_wanted else reminders.want_no_more
    await change(context, lambda work: decide(work, person_id=me, before=before))


async def want_none(_: Update, context: Context) -> None:
    await change(context, lambda work: reminders.want_none(work, person_id=context.actor.id))


async def want_as_usual(_: Update, context: Context) -> None:
    await change(context, lambda work: reminders.want_as_usual(work, person_id=context.actor.id))


async def hear_distance(_: Update, context: Context) -> None:
    me = context.actor.id
    try:
        before = read_distance(context.words)
        await change(context, lambda work: reminders.want(work, person_id=me, before=before))
    except (BadReminder, TooManyReminders) as refusal:
        async with context.read() as work:
            preferences = await reminders.preferences(work, person_id=me)
        said = refusals.words(context.voice, refusal)
        await context.show(
            reminder_screens.reminders(context.voice, preferences, is_tutor=context.actor.is_tutor, refusal=said)
        )


def read_distance(words: str) -> timedelta:
    try:
        return setting_values.length(words)
    except BadSetting:
        raise BadReminder(reminder_plan.SHORTEST, reminder_plan.LONGEST) from None


async def pick_quiet_since(_: Update, context: Context) -> None:
    async with context.read() as work:
        preferences = await reminders.preferences(work, person_id=context.actor.id)
    await context.show(reminder_screens.quiet_since(context.voice, preferences))


async def pick_quiet_until(_: Update, context: Context) -> None:
    await context.show(reminder_screens.quiet_until(context.voice, context.tap(PickQuietUntil).since))


async def be_quiet(_: Update, context: Context) -> None:
    tap, me = context.tap(BeQuiet), context.actor.id
    await change(context, lambda work: reminders.be_quiet(work, person_id=me, hours=(tap.since, tap.until)))


async def never_be_quiet(_: Update, context: Context) -> None:
    await change(context, lambda work: reminders.be_quiet(work, person_id=context.actor.id, hours=None))


async def change(context: Context, decide: Change) -> None:
    """Change and show it; the question stays open for another reminder."""
    async with context.begin() as work:
        preferences = await decide(work)
        await context.ask(work, RemindBefore())
    await context.show(
        reminder_screens.reminders(context.voice, preferences, is_tutor=context.actor.is_tutor, is_saved=True)
    )


CONVERSATION = Conversation(
    taps={
        OpenReminders: open_reminders,
        WantReminder: switch,
        WantNoReminders: want_none,
        RemindAsUsual: want_as_usual,
        PickQuietSince: pick_quiet_since,
        PickQuietUntil: pick_quiet_until,
        BeQuiet: be_quiet,
        NeverBeQuiet: never_be_quiet,
    },
    words={RemindBefore: hear_distance},
)
