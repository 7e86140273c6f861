"""Where a person finds themselves when nothing more particular was asked for."""

from bot.conversations.availability import screens as availability_screens
from bot.conversations.booking import screens as booking_screens
from bot.conversations.settings import screens as settings_screens
from bot.conversations.settings.tutor import screens as setting_screens
from bot.conversations.shared import home as screens
from bot.talk.context import Context
from bot.talk.questions import Question
from bot.talk.screen import Screen
from core.hours import availability, tutor_settings
from core.lessons import bookings, trials
from core.people import tutors
from core.work import Work


async def home(context: Context, work: Work) -> Screen:
    desk = await bookings.desk(work, person_id=context.actor.id)
    both, is_tutor = await is_both(context, work), context.actor.is_tutor
    return screens.home(context.voice, desk, name=own_name(context), is_tutor=is_tutor, both=both, now=work.now)


async def is_both(context: Context, work: Work) -> bool:
    """Whether a tutor learns somewhere, too, or is about to."""
    return context.actor.is_tutor and bool(await tutors.of_student(work, context.actor.id, limit=1))


async def settings(context: Context, work: Work) -> Screen:
    if context.actor.is_tutor:
        card = await tutor_settings.card(work, tutor_id=context.actor.id)
        return setting_screens.settings(context.voice, card, context.actor)
    return settings_screens.settings(context.voice, context.actor)


async def next_step(context: Context, work: Work) -> Screen:
    """A newcomer tells their zone, then a tutor their hours; an invited student goes on to the tutor."""
    if context.actor.timezone is None:
        await context.ask(work, Question.ZONE)
        return screens.zone_question(context.voice, is_new=True)
    if context.actor.is_tutor:
        hours = await availability.card(work, tutor_id=context.actor.id)
        if hours.windows:
            return await home(context, work)
        await context.ask(work, Question.WEEK)
        return availability_screens.availability(context.voice, hours, free_times=0)
    invited = await tutors.of_student(work, context.actor.id, limit=1)
    if not invited:
        return await home(context, work)
    has_trial = await trials.is_offered(work, tutor_id=invited[0].id, student_id=context.actor.id)
    return booking_screens.invitation(context.voice, invited[0], has_trial=has_trial)


def own_name(context: Context) -> str:
    return context.actor.name
