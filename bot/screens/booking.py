"""A student finds a time: a month, a day, an hour."""

from collections.abc import Sequence
from datetime import datetime

from bot.screen import Button, Row, Screen, rows_of
from bot.screens import calendar
from bot.screens import lesson as lessons
from bot.screens.home import home_button
from bot.taps.booking import AskForLesson, OpenFreeDay, OpenMonth, OpenTutor, PickTime
from bot.taps.directory import OpenMet
from bot.taps.lessons import OpenLesson, OpenLessons
from bot.voice import Html, Voice, lines
from core import booking_states
from core.bookings import LessonCard
from core.enums import BookingStatus
from core.planning import Span
from core.slots import DayOffer, MonthOffer
from core.tutors import TutorCard


def month(voice: Voice, tutor: TutorCard, offer: MonthOffer, *, toast: str | None = None) -> Screen:
    """Days with free times can be tapped; the next free time is offered first."""
    rows = (
        *_next_free(voice, tutor, offer),
        *calendar.offer_rows(
            voice, offer, pick=lambda on: OpenFreeDay(tutor.id, on), turn=lambda month: OpenMonth(tutor.id, month)
        ),
        (Button(voice.label("🎓 Tutors"), OpenMet(0)), home_button(voice)),
    )
    return Screen(lines(about(voice, tutor), _month_hint(voice, offer), between="\n\n"), rows, toast)


def day(voice: Voice, tutor: TutorCard, offer: DayOffer, *, toast: str | None = None) -> Screen:
    """The free times of one date of the reader."""
    on, times = offer.on, offer.times
    title = voice.say("🎓 <b>{name}</b> · {day}", name=tutor.name, day=voice.long_day(on))
    hint = (
        voice.say("Tap a time. Time zone: {city}.", city=voice.city())
        if times
        else voice.say("No free times on this day.")
    )
    buttons = [Button(voice.hour(time.starts_at), PickTime(tutor.id, time.starts_at)) for time in times[:80]]
    width = 4 if all(len(button.label) <= 5 for button in buttons) else 2
    rows = (
        *rows_of(buttons, width=width),
        _days_beside(voice, tutor, offer),
        (Button(voice.label("‹ Month"), OpenMonth(tutor.id, on.replace(day=1))), home_button(voice)),
    )
    return Screen(
        lines(title, hint, _tutor_clock(voice, tutor, times), between="\n\n"), tuple(filter(None, rows)), toast
    )


def confirm(voice: Voice, tutor: TutorCard, starts_at: datetime, *, now: datetime, credits_left: int = 0) -> Screen:
    """All that is agreed by the next tap. With `credits_left` on a package the lesson has no price of its own."""
    when = lessons.when(voice, starts_at, starts_at + tutor.lesson)
    theirs = voice.in_zone(tutor.timezone)
    differs = theirs.local(starts_at).utcoffset() != voice.local(starts_at).utcoffset()
    text = lines(
        voice.say("<b>Book this lesson?</b>") if tutor.auto_accept else voice.say("<b>Ask for this lesson?</b>"),
        lines(
            voice.say("🎓 {name}", name=tutor.name),
            voice.say("🗓 {when} ({zone})", when=when, zone=voice.zone()),
            voice.say("At the tutor's: {moment} ({zone})", moment=theirs.moment(starts_at), zone=theirs.zone())
            if differs
            else None,
            _price(voice, tutor, credits_left),
        ),
        _cancelling(voice, tutor, starts_at, now),
        between="\n\n",
    )
    yes = voice.label("✅ Book") if tutor.auto_accept else voice.label("✅ Ask for it")
    other = Button(voice.label("‹ Other times"), OpenFreeDay(tutor.id, voice.local(starts_at).date()))
    return Screen(text, ((Button(yes, AskForLesson(tutor.id, starts_at)),), (other, home_button(voice))))


def _cancelling(voice: Voice, tutor: TutorCard, starts_at: datetime, now: datetime) -> Html:
    if now <= starts_at - tutor.free_cancellation:
        return voice.say("Cancelling is free up to {span} before the start.", span=voice.span(tutor.free_cancellation))
    free_until = booking_states.free_until(starts_at=starts_at, made_at=now, free_cancellation=tutor.free_cancellation)
    if now < free_until:
        return voice.say("Cancelling is free only within {span} of booking.", span=voice.span(free_until - now))
    return voice.say("This lesson can no longer be cancelled free of charge.")


def _price(voice: Voice, tutor: TutorCard, credits_left: int) -> Html | None:
    if credits_left:
        return voice.count(
            "🎁 From your package: {n} lesson left", "🎁 From your package: {n} lessons left", credits_left
        )
    if tutor.price is None:
        return None
    return voice.say("💳 {price}", price=voice.money(tutor.price, tutor.currency))


def requested(voice: Voice, lesson: LessonCard) -> Screen:
    if lesson.status == BookingStatus.CONFIRMED:
        title, next_ = voice.say("✅ <b>Booked</b>"), voice.say("I will remind you in time.")
    else:
        title = voice.say("⏳ <b>Asked</b>")
        next_ = voice.say("The time is held for you. I will write as soon as {tutor} answers.", tutor=lesson.tutor_name)
    text = lines(title, lessons.facts(voice, lesson), next_, between="\n\n")
    open_ = Button(voice.label("📄 The lesson"), OpenLesson(lesson.id))
    rows = (open_, Button(voice.label("📚 Lessons"), OpenLessons(0))), (home_button(voice),)
    return Screen(text, rows, lesson=lesson.shown)


def invitation(voice: Voice, tutor: TutorCard) -> Screen:
    """What a tutor's link opens."""
    pick = Button(voice.label("📅 Pick a time"), OpenTutor(tutor.id))
    return Screen(described(voice, tutor), ((pick,), (home_button(voice),)))


def described(voice: Voice, tutor: TutorCard) -> Html:
    subjects = lines(*tutor.subjects, between=" · ") if tutor.subjects else None
    about_both = lines(subjects, spoken(voice, tutor.languages)) if subjects or tutor.languages else None
    return lines(about(voice, tutor), about_both, tutor.about, between="\n\n")


def spoken(voice: Voice, languages: Sequence[str]) -> Html | None:
    """The languages a tutor teaches in."""
    return voice.say("🗣 {languages}", languages=voice.languages(languages)) if languages else None


def about(voice: Voice, tutor: TutorCard) -> Html:
    length = voice.span(tutor.lesson)
    if tutor.price is None:
        facts = voice.say("A lesson is {length}.", length=length)
    else:
        price = voice.money(tutor.price, tutor.currency)
        facts = voice.say("A lesson is {length} and costs {price}.", length=length, price=price)
    return lines(voice.say("🎓 <b>{name}</b>", name=tutor.name), facts)


def _month_hint(voice: Voice, offer: MonthOffer) -> Html:
    if offer.free_days:
        return voice.say("Tap a day. Time zone: {city}.", city=voice.city())
    if offer.next_free is not None:
        return voice.say("No free times in this month.")
    return voice.say("No free times at the moment. Look in again later.")


def _next_free(voice: Voice, tutor: TutorCard, offer: MonthOffer) -> tuple[Row, ...]:
    if offer.next_free is None:
        return ()
    label = voice.label("⚡ Nearest: {moment}", moment=voice.moment(offer.next_free.starts_at))
    return ((Button(label, PickTime(tutor.id, offer.next_free.starts_at)),),)


def _days_beside(voice: Voice, tutor: TutorCard, offer: DayOffer) -> Row:
    row: Row = ()
    if offer.before:
        row += (Button(f"‹ {voice.day(offer.before)}", OpenFreeDay(tutor.id, offer.before)),)
    if offer.after:
        row += (Button(f"{voice.day(offer.after)} ›", OpenFreeDay(tutor.id, offer.after)),)
    return row


def _tutor_clock(voice: Voice, tutor: TutorCard, times: Sequence[Span]) -> Html | None:
    if not times:
        return None
    theirs, first = voice.in_zone(tutor.timezone), times[0].starts_at
    if theirs.local(first).utcoffset() == voice.local(first).utcoffset():
        return None
    return voice.say("{name} is in another zone ({zone}).", name=tutor.name, zone=theirs.zone(first))
