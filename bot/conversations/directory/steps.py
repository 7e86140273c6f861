"""
A student looks for a tutor.

    [Tutors]                ->  the tutors this student knows, each with the next free time
    [Find a tutor]          ->  subjects; typed text searches subjects and names
    [a subject]             ->  its tutors, ordered by their next free time, page by page
    [a tutor]               ->  the card, with buttons that lead to a time
    [Who is free when?]     ->  days; "Tuesday evening" typed is understood
    [a day] [Evening]       ->  who is free then, with the first times; a tap on a time books it
"""

from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any

from telegram import Update

from bot.conversations.directory import screens
from bot.conversations.directory.questions import FindTutor, FreeWhen
from bot.conversations.directory.taps import OpenFree, OpenListed, OpenMet, OpenSubject, OpenSubjects, PickFreeDay
from bot.conversations.shared import tutor_list
from bot.talk import paging
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.talk.taps import LAST_DAY
from bot.words.typed import day_part
from core.enums import DayPart
from core.finding import directory
from core.finding.directory import FreeTutor
from core.lessons import trials
from core.people import tutors
from core.times import offers


async def open_met(_: Update, context: Context) -> None:
    async with context.read() as work:
        met = partial(directory.met, work, student_id=context.actor.id)
        known = await paging.read(met, context.tap(OpenMet).page, size=tutor_list.PAGE)
    await context.show(tutor_list.met(context.voice, known))


async def open_subjects(_: Update, context: Context) -> None:
    async with context.begin() as work:
        subjects = partial(directory.subjects, work, viewer_id=context.actor.id)
        taught = await paging.read(subjects, context.tap(OpenSubjects).page, size=screens.SUBJECTS)
        await context.ask(work, FindTutor())
    await context.show(screens.subjects(context.voice, taught))


async def find(_: Update, context: Context) -> None:
    """Search; the question stays open for the next search."""
    typed = context.words[: directory.LONGEST_SEARCH]
    async with context.read() as work:
        found = await directory.find(work, words=typed, viewer_id=context.actor.id, limit=tutor_list.PAGE)
    if len(found.subjects) == 1 and not found.tutors:
        await show_subject(context, found.subjects[0].key, 0)
    else:
        await context.show(screens.found(context.voice, typed, found))


async def open_subject(_: Update, context: Context) -> None:
    tap = context.tap(OpenSubject)
    await show_subject(context, tap.subject, tap.page)


async def show_subject(context: Context, subject: int, page: int) -> None:
    async with context.read() as work:
        of_subject = partial(directory.of_subject, work, subject=subject, viewer_id=context.actor.id)
        shelf, shown = await paging.read_in(of_subject, page, size=tutor_list.PAGE, lines=attrgetter("tutors"))
    await context.show(screens.subject(context.voice, shelf.subject, shown))


async def open_listed(_: Update, context: Context) -> None:
    tap = context.tap(OpenListed)
    async with context.read() as work:
        card = await tutors.known(work, tap.tutor_id, to=context.actor.id)
        next_free = await offers.next_free_time(work, tutor_id=card.id)
        has_trial = await trials.is_offered(work, tutor_id=card.id, student_id=context.actor.id)
    times = (next_free,) if next_free else ()
    await context.show(screens.card(context.voice, FreeTutor(card, times), subject=tap.subject, has_trial=has_trial))


async def pick_day(_: Update, context: Context) -> None:
    subject = context.tap(PickFreeDay).subject
    async with context.begin() as work:
        await context.ask(work, FreeWhen(subject))
    await context.show(screens.days(context.voice, subject, today=context.voice.local(work.now).date()))


async def hear_when(_: Update, context: Context) -> None:
    asked, today = context.asked(FreeWhen), context.voice.local(context.resources.clock()).date()
    heard = day_part.parse(context.words, today=today, on=asked.on)
    if heard is None or heard[0] >= LAST_DAY:
        refusal = screens.not_a_day(context.voice)
        await context.show(screens.days(context.voice, asked.subject, today=today, refusal=refusal))
    else:
        await show_free(context, asked.subject, *heard, page=0)


async def open_free(_: Update, context: Context) -> None:
    tap = context.tap(OpenFree)
    await show_free(context, tap.subject, tap.on, tap.part, page=tap.page)


async def show_free(context: Context, subject: int, on: date, part: DayPart, *, page: int) -> None:
    """Show who is free; instead of a past day, today. Text typed next is another day, or another part of this day."""
    today = context.voice.local(context.resources.clock()).date()
    on = min(max(on, today), LAST_DAY - screens.ONE_DAY)
    async with context.read() as work:
        asked: dict[str, Any] = {"subject": subject, "on": on, "part": part, "timezone": context.voice.timezone}
        free = partial(directory.free, work, viewer_id=context.actor.id, **asked)
        shelf, shown = await paging.read_in(free, page, size=screens.FREE_PAGE, lines=attrgetter("tutors"))
    async with context.begin() as work:
        await context.ask(work, FreeWhen(subject, on))
    await context.show(screens.free(context.voice, shelf.subject, shown, on=on, part=part, today=today))


CONVERSATION = Conversation(
    taps={
        OpenMet: open_met,
        OpenSubjects: open_subjects,
        OpenSubject: open_subject,
        OpenListed: open_listed,
        PickFreeDay: pick_day,
        OpenFree: open_free,
    },
    words={FindTutor: find, FreeWhen: hear_when},
)
