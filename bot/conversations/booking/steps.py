"""
A student asks for a lesson.

    /book [Book a lesson]  ->  my tutors; with only one tutor, that tutor
    [a tutor]              ->  "A trial, or a lesson?"               (if no trial can be had: the month)
    [a kind]               ->  a month, days with free times can be tapped
    [a day]                ->  the free times of that day, in the student's zone
    [a time]               ->  "Ask for this lesson?"; the time is held while the student decides
                               (taken: the day again, with the reason; booked by this student before: that lesson)
    [Other times]          ->  the day again; the time is no longer held
    [Add a note]           ->  "What shall the tutor know?"; after typing: the question again, with the note
    [Ask for it]           ->  asked for, or booked; the tutor is told
                               (taken: the day again; other terms by now: the question again; with the reason)

A typed note is kept while the student picks another time of the same tutor.
"""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from telegram import Update

from bot.conversations.booking import screens
from bot.conversations.booking.questions import BookingNote
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
from bot.conversations.shared import home, lesson_screen, tutor_card, tutor_list
from bot.talk import paging
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.talk.screen import Screen
from bot.words import refusals
from core.enums import LessonType
from core.errors import AskedAlready, BookingRefused, NoteTooLong, OtherTerms, TrialNotOffered, TrialUsed
from core.finding import directory
from core.lessons import bookings, lesson_offers, lessons, packages, trials
from core.people import tutors
from core.times import offers
from core.work import Work


class Choice(NamedTuple):
    """What a student has picked so far."""

    tutor_id: int
    starts_at: datetime
    kind: LessonType

    def as_kind(self, kind: LessonType) -> "Choice":
        """Choose a trial or an ordinary lesson; whether a package pays for the latter is decided anew each time."""
        return self._replace(kind=LessonType.TRIAL if kind is LessonType.TRIAL else LessonType.REGULAR)


async def show_tutors(_: Update, context: Context) -> None:
    async with context.read() as work:
        met = partial(directory.met, work, student_id=context.actor.id)
        known = await paging.read(met, 0, size=tutor_list.PAGE)
    if len(known.shown) == 1:
        await show_tutor(context, known.shown[0].card.id)
    else:
        await context.show(tutor_list.met(context.voice, known))


async def open_tutor(_: Update, context: Context) -> None:
    await show_tutor(context, context.tap(OpenTutor).tutor_id)


async def show_tutor(context: Context, tutor_id: int) -> None:
    async with context.read() as work:
        tutor = await tutors.known(work, tutor_id, to=context.actor.id)
        has_trial = await trials.is_offered(work, tutor_id=tutor_id, student_id=context.actor.id)
    if has_trial:
        await context.show(tutor_card.invitation(context.voice, tutor, has_trial=True))
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
        await lesson_offers.release_hold(work, student_id=context.actor.id)
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
    """Return the kind to go on with, the reason if no trial can be had, and whether the student can choose a trial."""
    try:
        await trials.check(work, await tutors.settings_of(work, tutor_id), student_id=context.actor.id)
    except (TrialNotOffered, TrialUsed) as refusal:
        why = refusals.words(context.voice, refusal) if kind is LessonType.TRIAL else None
        return LessonType.REGULAR, why, False
    return kind, None, True


async def pick_time(_: Update, context: Context) -> None:
    tap = context.tap(PickTime)
    choice = Choice(tap.tutor_id, tap.starts_at, tap.kind)
    await ask_to_confirm(context, choice, known_note(context, tap.tutor_id))


async def ask_to_confirm(context: Context, choice: Choice, note: str | None, *, why: str | None = None) -> None:
    """Hold the time and show what the student would agree to: an ordinary lesson if a trial is no longer possible."""
    try:
        async with context.begin() as work:
            tutor = await tutors.known(work, choice.tutor_id, to=context.actor.id)
            kind, no_trial, has_trial = await still_offered(context, work, choice.tutor_id, choice.kind)
            choice = choice.as_kind(kind)
            offer = await lesson_offers.hold(work, student_id=context.actor.id, **choice._asdict())
            await (context.ask(work, BookingNote(note=note, **choice._asdict())) if note else context.answered(work))
    except BookingRefused as refusal:
        await show_instead(context, choice, note, refusal)
    else:
        screen = screens.confirm(context.voice, tutor, offer, now=work.now, note=note, has_trial=has_trial)
        await tell(context, screen, why or no_trial)


async def show_instead(context: Context, choice: Choice, note: str | None, refusal: BookingRefused) -> None:
    """Show the student's own lesson at that time, or the other times of the day."""
    why = refusals.words(context.voice, refusal)
    if isinstance(refusal, AskedAlready):
        await show_asked(context, refusal.booking_id, why)
        return
    await set_aside(context, note, choice.tutor_id)
    on = context.voice.local(choice.starts_at).date()
    await show_day(context, choice.tutor_id, on, choice.as_kind(choice.kind).kind, why=why)


async def show_asked(context: Context, booking_id: int, why: str) -> None:
    async with context.begin() as work:
        lesson = await lessons.card(work, booking_id=booking_id, viewer_id=context.actor.id)
        await context.answered(work)
    await tell(context, lesson_screen.one_lesson(context.voice, lesson, now=work.now), why)


async def ask_for_note(_: Update, context: Context) -> None:
    tap = context.tap(AddNote)
    await show_note_question(context, Choice(tap.tutor_id, tap.starts_at, tap.kind), known_note(context, tap.tutor_id))


async def show_note_question(context: Context, choice: Choice, note: str | None, *, why: str | None = None) -> None:
    try:
        async with context.begin() as work:
            tutor = await tutors.known(work, choice.tutor_id, to=context.actor.id)
            offer = await lesson_offers.hold(work, student_id=context.actor.id, **choice._asdict())
            await context.ask(work, BookingNote(note=note, **choice._asdict()))
    except OtherTerms as refusal:
        await ask_to_confirm(context, choice, note, why=refusals.words(context.voice, refusal))
    except BookingRefused as refusal:
        await show_instead(context, choice, note, refusal)
    else:
        await context.show(screens.ask_for_note(context.voice, tutor, offer, refusal=why))


async def hear_note(_: Update, context: Context) -> None:
    asked = context.asked(BookingNote)
    if asked.starts_at is None:
        await context.show(home.nothing_asked(context.voice))
        return
    choice = Choice(asked.tutor_id, asked.starts_at, asked.kind)
    try:
        note = bookings.checked_note(context.words)
    except NoteTooLong as refusal:
        await show_note_question(context, choice, asked.note, why=refusals.words(context.voice, refusal))
    else:
        await ask_to_confirm(context, choice, note)


async def ask_for_lesson(_: Update, context: Context) -> None:
    tap = context.tap(AskForLesson)
    choice, note = Choice(tap.tutor_id, tap.starts_at, tap.kind), known_note(context, tap.tutor_id)
    try:
        async with context.begin() as work:
            await tutors.known(work, tap.tutor_id, to=context.actor.id)
            asked = {**choice._asdict(), "student_id": context.actor.id}
            lesson = await bookings.request(work, **asked, terms=tap.terms, note=note)
            await context.answered(work)
    except OtherTerms as refusal:
        await ask_to_confirm(context, choice, note, why=refusals.words(context.voice, refusal))
    except BookingRefused as refusal:
        await show_instead(context, choice, note, refusal)
    else:
        await context.show(screens.requested(context.voice, lesson))


def known_note(context: Context, tutor_id: int) -> str | None:
    """Return the note that the student typed for this tutor; None after a command, which starts anew."""
    asked = context.question
    if context.tapped is None or not isinstance(asked, BookingNote) or asked.tutor_id != tutor_id:
        return None
    return asked.note


async def set_aside(context: Context, note: str | None, tutor_id: int) -> None:
    """Keep the note while the student picks another time; meanwhile typed text is no answer."""
    if note is None:
        await context.withdraw_question()
        return
    async with context.begin() as work:
        await context.ask(work, BookingNote(tutor_id, note, starts_at=None))


async def tell(context: Context, screen: Screen, why: str | None) -> None:
    """Show the screen with the reason: as a toast after a tap, else above the text."""
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
    words={BookingNote: hear_note},
    keeps={BookingNote: {OpenKind, OpenMonth, OpenFreeDay, OpenOtherTimes, PickTime, AddNote, AskForLesson}},
)
