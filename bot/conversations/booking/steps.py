"""
A student asks for a lesson.

    /book [Book a lesson]  ->  my tutors; a single one at once
    [a tutor]              ->  "A trial, or a lesson?"               (no trial to be had: the month at once)
    [a kind]               ->  a month, days with free times can be tapped
    [a day]                ->  the free times of that day, by the student's clock
    [a time]               ->  "Ask for this lesson?"; the time is held while the student makes up their mind
                               (taken meanwhile: the day again, with a word why; one's own already: that lesson)
    [Other times]          ->  the day again; the time is let go
    [Add a note]           ->  "What shall the tutor know?"; typed: the question again, with the note
    [Ask for it]           ->  asked, or booked; the tutor hears of it
                               (taken meanwhile: the day again; on other terms: the question again, with a word why)

A note that was typed goes along to another time of the same tutor.
"""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from telegram import Update

from bot.conversations.booking import screens
from bot.conversations.booking.taps import (
    AddNote,
    AskForLesson,
    OpenFreeDay,
    OpenKind,
    OpenMonth,
    OpenOtherTimes,
    OpenTutor,
    OpenTutors,
    PickTime,
)
from bot.conversations.directory import screens as directory_screens
from bot.conversations.lessons import screens as lesson_screens
from bot.conversations.shared import home
from bot.talk import paging
from bot.talk.context import Context
from bot.talk.questions import Question
from bot.talk.routing import Conversation
from bot.talk.screen import Screen
from bot.words import refusals
from core.enums import LessonType
from core.errors import AskedAlready, BookingRefused, NoteTooLong, OtherTerms, TrialNotOffered, TrialUsed
from core.finding import directory
from core.lessons import bookings, holds, packages, trials
from core.people import tutors
from core.times import offers
from core.work import Work


class Wish(NamedTuple):
    """What a student has picked so far."""

    tutor_id: int
    starts_at: datetime
    kind: LessonType


async def show_tutors(_: Update, context: Context) -> None:
    async with context.read() as work:
        met = partial(directory.met, work, student_id=context.actor.id)
        known = await paging.read(met, 0, size=directory_screens.PAGE)
    if len(known.shown) == 1:
        await show_tutor(context, known.shown[0].card.id)
    else:
        await context.show(directory_screens.met(context.voice, known))


async def open_tutor(_: Update, context: Context) -> None:
    await show_tutor(context, context.tap(OpenTutor).tutor_id)


async def show_tutor(context: Context, tutor_id: int) -> None:
    async with context.read() as work:
        tutor = await tutors.known(work, tutor_id, to=context.actor.id)
        has_trial = await trials.is_offered(work, tutor_id=tutor_id, student_id=context.actor.id)
    if has_trial:
        await context.show(screens.invitation(context.voice, tutor, has_trial=True))
    else:
        await show_month(context, tutor_id, None, LessonType.REGULAR)


async def open_kind(_: Update, context: Context) -> None:
    tap = context.tap(OpenKind)
    await show_month(context, tap.tutor_id, None, tap.kind)


async def open_month(_: Update, context: Context) -> None:
    tap = context.tap(OpenMonth)
    await show_month(context, tap.tutor_id, tap.month, tap.kind)


async def show_month(context: Context, tutor_id: int, month: date | None, kind: LessonType) -> None:
    await set_aside(context, known_note(context, tutor_id), tutor_id)
    async with context.read() as work:
        tutor = await tutors.known(work, tutor_id, to=context.actor.id)
        kind, why, has_trial = await still_offered(context, work, tutor_id, kind)
        if month and month < context.voice.local(work.now).date().replace(day=1):
            month = None
        zone, reader = context.voice.timezone, context.actor.id
        offer = await offers.month(work, tutor_id=tutor_id, month=month, timezone=zone, kind=kind, reader_id=reader)
        credits_left = await packages.balance(work, tutor_id=tutor_id, student_id=reader)
    screen = screens.month(context.voice, tutor, offer, kind=kind, has_trial=has_trial, credits_left=credits_left)
    await tell(context, screen, why)


async def open_day(_: Update, context: Context) -> None:
    tap = context.tap(OpenFreeDay)
    await set_aside(context, known_note(context, tap.tutor_id), tap.tutor_id)
    await show_day(context, tap.tutor_id, tap.on, tap.kind, page=tap.page)


async def open_other_times(_: Update, context: Context) -> None:
    tap = context.tap(OpenOtherTimes)
    await set_aside(context, known_note(context, tap.tutor_id), tap.tutor_id)
    async with context.begin() as work:
        await holds.let_go(work, student_id=context.actor.id)
    await show_day(context, tap.tutor_id, tap.on, tap.kind)


async def show_day(
    context: Context, tutor_id: int, on: date, kind: LessonType, *, page: int = 0, why: str | None = None
) -> None:
    async with context.read() as work:
        tutor = await tutors.known(work, tutor_id, to=context.actor.id)
        kind, no_trial, _ = await still_offered(context, work, tutor_id, kind)
        zone, reader = context.voice.timezone, context.actor.id
        offer = await offers.day(work, tutor_id=tutor_id, on=on, timezone=zone, kind=kind, reader_id=reader)
    await tell(context, screens.day(context.voice, tutor, offer, kind=kind, page=page), why or no_trial)


async def still_offered(
    context: Context, work: Work, tutor_id: int, kind: LessonType
) -> tuple[LessonType, str | None, bool]:
    """Go on with an ordinary lesson where there is no trial to be had, and why; tell whether there is a choice."""
    try:
        await trials.check(work, await tutors.settings_of(work, tutor_id), student_id=context.actor.id)
    except (TrialNotOffered, TrialUsed) as refusal:
        why = refusals.words(context.voice, refusal) if kind is LessonType.TRIAL else None
        return LessonType.REGULAR, why, False
    return kind, None, True


async def pick_time(_: Update, context: Context) -> None:
    tap = context.tap(PickTime)
    wish = Wish(tap.tutor_id, tap.starts_at, tap.kind)
    await ask_to_confirm(context, wish, known_note(context, tap.tutor_id))


async def ask_to_confirm(context: Context, wish: Wish, note: str | None, *, why: str | None = None) -> None:
    try:
        async with context.begin() as work:
            tutor = await tutors.known(work, wish.tutor_id, to=context.actor.id)
            offer = await holds.place(work, student_id=context.actor.id, **wish._asdict())
            has_trial = await trials.is_offered(work, tutor_id=wish.tutor_id, student_id=context.actor.id)
            await (context.ask(work, Question.BOOKING_NOTE, **draft(wish, note)) if note else context.answered(work))
    except BookingRefused as refusal:
        await turn_down(context, wish, note, refusal)
    else:
        screen = screens.confirm(context.voice, tutor, offer, now=work.now, note=note, has_trial=has_trial)
        await tell(context, screen, why)


async def turn_down(context: Context, wish: Wish, note: str | None, refusal: BookingRefused) -> None:
    """Offer the next best: the same time on the terms there are now, or the other times of the day."""
    why = refusals.words(context.voice, refusal)
    if isinstance(refusal, AskedAlready):
        await show_asked(context, refusal.booking_id, why)
        return
    is_no_trial = wish.kind is not LessonType.TRIAL or isinstance(refusal, TrialNotOffered | TrialUsed)
    kind = LessonType.REGULAR if is_no_trial else LessonType.TRIAL
    if isinstance(refusal, OtherTerms):
        await ask_to_confirm(context, wish._replace(kind=kind), note, why=why)
    else:
        await set_aside(context, note, wish.tutor_id)
        await show_day(context, wish.tutor_id, context.voice.local(wish.starts_at).date(), kind, why=why)


async def show_asked(context: Context, booking_id: int, why: str) -> None:
    async with context.begin() as work:
        lesson = await bookings.card(work, booking_id=booking_id, viewer_id=context.actor.id)
        await context.answered(work)
    await tell(context, lesson_screens.card(context.voice, lesson, now=work.now), why)


async def ask_for_note(_: Update, context: Context) -> None:
    tap = context.tap(AddNote)
    await show_note_question(context, Wish(tap.tutor_id, tap.starts_at, tap.kind), known_note(context, tap.tutor_id))


async def show_note_question(context: Context, wish: Wish, note: str | None, *, why: str | None = None) -> None:
    try:
        async with context.begin() as work:
            tutor = await tutors.known(work, wish.tutor_id, to=context.actor.id)
            offer = await holds.place(work, student_id=context.actor.id, **wish._asdict())
            await context.ask(work, Question.BOOKING_NOTE, **draft(wish, note))
    except BookingRefused as refusal:
        await turn_down(context, wish, note, refusal)
    else:
        await context.show(screens.ask_for_note(context.voice, tutor, offer, refusal=why))


async def hear_note(_: Update, context: Context) -> None:
    known = context.actor.draft
    if known["starts_at"] is None:
        await context.show(home.nothing_asked(context.voice))
        return
    wish = Wish(known["tutor_id"], datetime.fromisoformat(known["starts_at"]), LessonType(known["kind"]))
    try:
        note = bookings.checked_note(context.words)
    except NoteTooLong as refusal:
        await show_note_question(context, wish, known["note"], why=refusals.words(context.voice, refusal))
    else:
        await ask_to_confirm(context, wish, note)


async def ask_for_lesson(_: Update, context: Context) -> None:
    tap = context.tap(AskForLesson)
    wish, note = Wish(tap.tutor_id, tap.starts_at, tap.kind), known_note(context, tap.tutor_id)
    try:
        async with context.begin() as work:
            await tutors.known(work, tap.tutor_id, to=context.actor.id)
            asked = {**wish._asdict(), "student_id": context.actor.id}
            lesson = await bookings.request(work, **asked, terms=tap.terms, note=note)
            await context.answered(work)
    except BookingRefused as refusal:
        await turn_down(context, wish, note, refusal)
    else:
        await context.show(screens.requested(context.voice, lesson))


def known_note(context: Context, tutor_id: int) -> str | None:
    """What the student has typed for this tutor on the way to a lesson; a command begins anew."""
    draft = context.actor.draft
    is_on_the_way = context.tapped is not None and context.actor.question == Question.BOOKING_NOTE
    if not is_on_the_way or draft["tutor_id"] != tutor_id:
        return None
    note: str | None = draft["note"]
    return note


def draft(wish: Wish, note: str | None) -> dict[str, Any]:
    return {**wish._asdict(), "starts_at": wish.starts_at.isoformat(), "note": note}


async def set_aside(context: Context, note: str | None, tutor_id: int) -> None:
    """Keep the note while another time is looked for; words are not waited for meanwhile."""
    if note is None:
        await context.withdraw_question()
        return
    async with context.begin() as work:
        await context.ask(work, Question.BOOKING_NOTE, tutor_id=tutor_id, starts_at=None, note=note)


async def tell(context: Context, screen: Screen, why: str | None) -> None:
    """Show the screen with a word over the chat, or above it where there was no tap."""
    if why is None or context.tapped is not None:
        await context.show(replace(screen, toast=why))
    else:
        await context.show(screens.said_above(screen, why))


CONVERSATION = Conversation(
    commands={"book": show_tutors},
    taps={
        OpenTutors: show_tutors,
        OpenTutor: open_tutor,
        OpenKind: open_kind,
        OpenMonth: open_month,
        OpenFreeDay: open_day,
        OpenOtherTimes: open_other_times,
        PickTime: pick_time,
        AddNote: ask_for_note,
        AskForLesson: ask_for_lesson,
    },
    words={Question.BOOKING_NOTE: hear_note},
    keeps={Question.BOOKING_NOTE: {OpenKind, OpenMonth, OpenFreeDay, OpenOtherTimes, PickTime, AddNote, AskForLesson}},
)
