"""A student finds a time: a month, a day, an hour."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversations.booking.taps import (
    AddNote,
    AskForLesson,
    OpenFreeDay,
    OpenMonth,
    OpenOtherTimes,
    OpenTutor,
    PickTime,
)
from bot.conversations.directory.taps import OpenMet
from bot.conversations.lessons.taps import OpenLesson, OpenLessons
from bot.conversations.shared import day_times, lesson_words, tutor_card
from bot.conversations.shared import month as calendar
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.enums import BookingStatus, LessonType
from core.lessons.bookings import LONGEST_NOTE
from core.lessons.lesson_offers import LessonOffer
from core.lessons.lessons import LessonCard
from core.people.tutors import TutorCard
from core.pure import deadlines
from core.pure.planning.values import Span
from core.times.offers import DayOffer, MonthOffer


def month(
    voice: Voice,
    tutor: TutorCard,
    offer: MonthOffer,
    *,
    kind: LessonType = LessonType.REGULAR,
    has_trial: bool = False,
    credits_left: int = 0,
    toast: str | None = None,
) -> Screen:
    """Days with free times can be tapped; the next free time comes first. With `has_trial` the kind can be chosen."""
    back = Button(voice.label("‹ Back"), OpenTutor(tutor.id))
    rows = (
        *_next_free(voice, tutor, offer, kind),
        *calendar.offer_rows(
            voice,
            offer,
            pick=lambda on: OpenFreeDay(tutor.id, on, kind),
            turn=lambda month: OpenMonth(tutor.id, month, kind),
        ),
        (back if has_trial else Button(voice.label("🎓 Tutors"), OpenMet(0)), home_button(voice)),
    )
    is_paid = credits_left and kind is not LessonType.TRIAL
    told = lines(tutor_card.about(voice, tutor, kind), _credit(voice, credits_left) if is_paid else None)
    return Screen(lines(told, _month_hint(voice, offer), between="\n\n"), rows, toast)


def day(
    voice: Voice,
    tutor: TutorCard,
    offer: DayOffer,
    *,
    kind: LessonType = LessonType.REGULAR,
    page: int = 0,
    toast: str | None = None,
) -> Screen:
    """The free times of one date in the reader's zone, by part of the day."""
    on, times = offer.on, offer.times
    title = voice.say("🎓 <b>{name}</b> · {day}", name=tutor.name, day=voice.long_day(on))
    trial = tutor_card.trial(voice, tutor.trial) if kind is LessonType.TRIAL and tutor.trial else None
    hint = (
        voice.say("Tap a time. Time zone: {city}.", city=voice.city())
        if times
        else voice.say("No free times on this day.")
    )
    rows = (
        *day_times.rows(
            voice,
            [time.starts_at for time in times],
            pick=lambda at: PickTime(tutor.id, at, kind),
            turn=lambda number: OpenFreeDay(tutor.id, on, kind, number),
            page=page,
        ),
        _days_beside(voice, tutor, offer, kind),
        (Button(voice.label("‹ Month"), OpenMonth(tutor.id, on.replace(day=1), kind)), home_button(voice)),
    )
    text = lines(lines(title, trial), hint, _tutor_clock(voice, tutor, times), between="\n\n")
    return Screen(text, tuple(filter(None, rows)), toast)


def confirm(
    voice: Voice,
    tutor: TutorCard,
    offer: LessonOffer,
    *,
    now: datetime,
    note: str | None = None,
    has_trial: bool = False,
    toast: str | None = None,
) -> Screen:
    """Everything the student agrees to with the next tap. With `has_trial` they can choose a trial instead."""
    text = lines(
        voice.say("<b>Book this lesson?</b>") if offer.is_agreed else voice.say("<b>Ask for this lesson?</b>"),
        _what(voice, tutor, offer),
        voice.say("📝 {note}", note=note) if note else None,
        lines(_cancelling(voice, offer, now), lesson_words.held(voice, offer.held_until)),
        between="\n\n",
    )
    kind = _way(offer.kind)
    yes = voice.label("✅ Book") if offer.is_agreed else voice.label("✅ Ask for it")
    write = voice.label("📝 Change the note") if note else voice.label("📝 Add a note")
    other = Button(voice.label("‹ Other times"), OpenOtherTimes(tutor.id, voice.local(offer.starts_at).date(), kind))
    rows = (
        (Button(yes, AskForLesson(tutor.id, offer.starts_at, offer.kind, offer.mark)),),
        *(_trial_instead(voice, tutor, offer) if has_trial else ()),
        (Button(write, AddNote(tutor.id, offer.starts_at, kind)),),
        (other, home_button(voice)),
    )
    return Screen(text, rows, toast)


def _trial_instead(voice: Voice, tutor: TutorCard, offer: LessonOffer) -> tuple[Row, ...]:
    if offer.kind is LessonType.TRIAL or tutor.trial is None:
        return ()
    label = voice.label("🌱 A trial instead · {length}", length=voice.span(tutor.trial))
    return ((Button(label, PickTime(tutor.id, offer.starts_at, LessonType.TRIAL)),),)


def ask_for_note(voice: Voice, tutor: TutorCard, offer: LessonOffer, *, refusal: str | None = None) -> Screen:
    """Ask for a note to the tutor, which is sent with the request."""
    text = lines(
        refusal,
        _what(voice, tutor, offer),
        voice.say(
            "📝 What shall {name} know? Write up to {letters} characters.", name=tutor.name, letters=LONGEST_NOTE
        ),
        lesson_words.held(voice, offer.held_until),
        between="\n\n",
    )
    back = Button(voice.label("‹ Back"), PickTime(tutor.id, offer.starts_at, _way(offer.kind)))
    return Screen(text, ((back,),))


def said_above(screen: Screen, words: str) -> Screen:
    """Put the words above the text, for a screen that does not answer a tap and so can't have a toast."""
    return replace(screen, text=lines(words, screen.text, between="\n\n"))


def _way(kind: LessonType) -> LessonType:
    """Return the kind for the next tap: trial or regular. Each step decides anew whether a package pays."""
    return LessonType.TRIAL if kind is LessonType.TRIAL else LessonType.REGULAR


def _what(voice: Voice, tutor: TutorCard, offer: LessonOffer) -> Html:
    theirs = voice.in_zone(tutor.timezone)
    differs = theirs.local(offer.starts_at).utcoffset() != voice.local(offer.starts_at).utcoffset()
    when = lesson_words.when(voice, offer.starts_at, offer.ends_at)
    return lines(
        voice.say("🎓 {name}", name=tutor.name),
        voice.say("🗓 {when} ({zone})", when=when, zone=voice.zone()),
        voice.say("At the tutor's: {moment} ({zone})", moment=theirs.moment(offer.starts_at), zone=theirs.zone())
        if differs
        else None,
        _price(voice, offer),
    )


def _cancelling(voice: Voice, offer: LessonOffer, now: datetime) -> Html:
    starts_at, length = offer.starts_at, offer.free_cancellation
    if offer.kind is LessonType.TRIAL:
        return voice.say("Cancelling is free at any time.")
    if now <= starts_at - length:
        return voice.say("Cancelling is free up to {span} before the start.", span=voice.span(length))
    free_until = deadlines.free_until(starts_at=starts_at, made_at=now, free_cancellation=length)
    if now < free_until:
        return voice.say("Cancelling is free only within {span} of booking.", span=voice.span(free_until - now))
    return voice.say("This lesson can no longer be cancelled free of charge.")


def _price(voice: Voice, offer: LessonOffer) -> Html | None:
    if offer.kind is LessonType.TRIAL:
        return tutor_card.trial(voice, offer.ends_at - offer.starts_at)
    if offer.kind is LessonType.PACKAGE:
        return _credit(voice, offer.credits_left)
    if offer.price is None:
        return None
    return voice.say("💳 {price}", price=voice.money(offer.price, offer.currency))


def _credit(voice: Voice, left: int) -> Html:
    return voice.count("🎁 From your package: {n} lesson left", "🎁 From your package: {n} lessons left", left)


def requested(voice: Voice, lesson: LessonCard) -> Screen:
    if lesson.status == BookingStatus.CONFIRMED:
        title, next_ = voice.say("✅ <b>Booked</b>"), voice.say("I will remind you in time.")
    else:
        title = voice.say("⏳ <b>Asked</b>")
        next_ = voice.say("The time is held for you. I will write as soon as {tutor} answers.", tutor=lesson.tutor_name)
    text = lines(title, lesson_words.facts(voice, lesson), next_, between="\n\n")
    open_ = Button(voice.label("📄 The lesson"), OpenLesson(lesson.id))
    rows = (open_, Button(voice.label("📚 Lessons"), OpenLessons(0))), (home_button(voice),)
    return Screen(text, rows, lesson=lesson.version)


def _month_hint(voice: Voice, offer: MonthOffer) -> Html:
    if offer.free_days:
        return voice.say("Tap a day. Time zone: {city}.", city=voice.city())
    if offer.next_free is not None:
        return voice.say("No free times in this month.")
    return voice.say("No free times at the moment. Look in again later.")


def _next_free(voice: Voice, tutor: TutorCard, offer: MonthOffer, kind: LessonType) -> tuple[Row, ...]:
    if offer.next_free is None:
        return ()
    label = voice.label("⚡ Nearest: {moment}", moment=voice.moment(offer.next_free.starts_at))
    return ((Button(label, PickTime(tutor.id, offer.next_free.starts_at, kind)),),)


def _days_beside(voice: Voice, tutor: TutorCard, offer: DayOffer, kind: LessonType) -> Row:
    row: Row = ()
    if offer.before:
        row += (Button(f"‹ {voice.day(offer.before)}", OpenFreeDay(tutor.id, offer.before, kind)),)
    if offer.after:
        row += (Button(f"{voice.day(offer.after)} ›", OpenFreeDay(tutor.id, offer.after, kind)),)
    return row


def _tutor_clock(voice: Voice, tutor: TutorCard, times: Sequence[Span]) -> Html | None:
    if not times:
        return None
    theirs, first = voice.in_zone(tutor.timezone), times[0].starts_at
    if theirs.local(first).utcoffset() == voice.local(first).utcoffset():
        return None
    return voice.say("{name} is in another zone: {zone}.", name=tutor.name, zone=theirs.zone(first))
