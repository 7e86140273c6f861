"""A new time for a lesson, typed instead of tapped: "tomorrow 17:30", or "17:30" of the day that is shown."""

from datetime import date, datetime

from bot.conversations.shared import new_time
from bot.conversations.shared.new_time import Search
from bot.talk.context import Context
from bot.words.typed import moment
from core.pure.planning.local_time import local_instant


async def hear(context: Context, search: Search, *, on: date | None, now: datetime) -> datetime | None:
    """Return the instant that was typed; show how to type one and return None if it can't be read."""
    today = context.voice.local(now).date()
    typed = moment.parse(context.words, today=today, earliest=search.first_on, on=on)
    if typed is None:
        await context.show(new_time.not_understood(context.voice, search))
        return None
    return local_instant(context.voice.timezone, *typed)
