"""The screen that a person comes to: home, or the next step of a new person."""

from bot.conversations.shared import home as screens
from bot.conversations.shared import tutor_card, weekly_hours
from bot.conversations.shared.questions import WhichHours, WhichZone
from bot.talk.context import Context
from bot.talk.screen import Screen
from core.hours import availability
from core.lessons import lessons, trials
from core.people import tutors
from core.work import Work


async def home(context: Context, work: Work) -> Screen:
    summary = await lessons.summary(work, person_id=context.actor.id)
    both, is_tutor = await is_both(context, work), context.actor.is_tutor
    return screens.home(context.voice, summary, name=context.actor.name, is_tutor=is_tutor, both=both, now=work.now)


async def is_both(context: Context, work: Work) -> bool:
    """Whether the person is a tutor and also a student of another tutor, or has opened another tutor's link."""
    return context.actor.is_tutor and bool(await tutors.of_student(work, context.actor.id, limit=1))


async def next_step(context: Context, work: Work) -> Screen:
    """Ask a new person for their time zone, then a tutor for their availability; show an invited student the tutor."""
    if context.actor.timezone is None:
        await context.ask(work, WhichZone())
        return screens.zone_question(context.voice, is_new=True)
    if context.actor.is_tutor:
        hours = await availability.card(work, tutor_id=context.actor.id)
        if hours.windows:
            return await home(context, work)
        await context.ask(work, WhichHours())
        return weekly_hours.availability(context.voice, hours, free_times=0)
    invited = await tutors.of_student(work, context.actor.id, limit=1)
    if not invited:
        return await home(context, work)
    has_trial = await trials.is_offered(work, tutor_id=invited[0].id, student_id=context.actor.id)
    return tutor_card.invitation(context.voice, invited[0], has_trial=has_trial)
