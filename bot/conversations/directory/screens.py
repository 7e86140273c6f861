"""A student finds a tutor: known tutors, subjects, the tutors of a subject, and who is free when."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.conversations.booking.taps import OpenFreeDay, PickTime
from bot.conversations.directory.taps import OpenFree, OpenListed, OpenMet, OpenSubject, OpenSubjects, PickFreeDay
from bot.conversations.shared import tutor_card, tutor_list
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button, Row, Screen, home_button, rows_of
from bot.talk.taps import Tap
from bot.words.voice import N_, Html, Voice, isolated, lines
from core.enums import DayPart
from core.finding.directory import Found, FreeTutor, Subject

SUBJECTS = 16
DAYS_AHEAD = 12
FREE_PAGE, TIMES = 6, 4
ONE_DAY = timedelta(days=1)
PARTS = {
    DayPart.MORNING: N_("Morning"),
    DayPart.DAY: N_("Day"),
    DayPart.EVENING: N_("Evening"),
    DayPart.ANY: N_("Any time"),
}


def subjects(voice: Voice, taught: Page[Subject]) -> Screen:
    title = voice.say("🔎 <b>Find a tutor</b>")
    back = (Button(voice.label("🎓 Tutors"), OpenMet(0)), home_button(voice))
    if not taught.shown:
        hint = voice.say("Nobody can be found here yet. Open the link your tutor has sent you.")
        return Screen(lines(title, hint, between="\n\n"), (back,))
    hint = voice.say("Tap a subject, or type a subject or a name.")
    rows = (*_subjects(taught.shown), *paging.turning(taught, OpenSubjects), back)
    return Screen(lines(title, hint, between="\n\n"), rows)


def found(voice: Voice, typed: str, found: Found) -> Screen:
    back = (Button(voice.label("‹ Subjects"), OpenSubjects(0)), home_button(voice))
    if not found.subjects and not found.tutors:
        return Screen(
            voice.say("I find nothing for “{typed}”. Try another word, or a part of it.", typed=typed), (back,)
        )
    text = lines(voice.say("🔎 <b>{typed}</b>", typed=typed), *tutor_list.told(voice, found.tutors), between="\n\n")
    tutors = [(Button(one.card.name, OpenListed(one.card.id, 0)),) for one in found.tutors]
    return Screen(text, (*_subjects(found.subjects), *tutors, back))


def subject(voice: Voice, subject: Subject, page: Page[FreeTutor]) -> Screen:
    """The tutors of a subject; the one who is free next comes first."""
    key = subject.key
    count = voice.count("{n} tutor", "{n} tutors", subject.tutors)
    title = voice.say("🔎 <b>{subject}</b> · {count}", subject=subject.name, count=count)
    rows = (
        *paging.rows(
            page, lambda one: Button(one.card.name, OpenListed(one.card.id, key)), lambda page: OpenSubject(key, page)
        ),
        (Button(voice.label("🗓 Who is free when?"), PickFreeDay(key)),),
        (Button(voice.label("‹ Subjects"), OpenSubjects(0)), home_button(voice)),
    )
    return Screen(lines(title, *tutor_list.told(voice, page.shown), tutor_list.clock(voice), between="\n\n"), rows)


def card(voice: Voice, tutor: FreeTutor, *, subject: int, has_trial: bool = False) -> Screen:
    """With `has_trial` the reader can still ask for a trial lesson."""
    card = tutor.card
    trial = (
        voice.say("🌱 A trial lesson of {length} is offered.", length=voice.span(card.trial))
        if has_trial and card.trial
        else None
    )
    nearest = [
        Button(
            voice.label("⚡ Nearest: {moment}", moment=voice.moment(one.starts_at)), PickTime(card.id, one.starts_at)
        )
        for one in tutor.times[:1]
    ]
    back: Tap = OpenSubject(subject, 0) if subject else OpenSubjects(0)
    rows = (
        *rows_of(nearest, width=1),
        *tutor_card.ways(voice, card, has_trial=has_trial),
        (Button(voice.label("‹ Back"), back), home_button(voice)),
    )
    nothing = None if tutor.times else voice.say("No free times at the moment. Look in again later.")
    return Screen(lines(tutor_card.described(voice, card), trial, nothing, between="\n\n"), rows)


def days(voice: Voice, subject: int, *, today: date, refusal: str | None = None) -> Screen:
    text = lines(
        refusal,
        voice.say("🗓 <b>Who is free when?</b>"),
        voice.say("Tap a day, or type when, like <code>Tuesday evening</code>."),
        between="\n\n",
    )
    ahead = [today + n * ONE_DAY for n in range(DAYS_AHEAD)]
    buttons = [Button(voice.day(on), OpenFree(subject, on, DayPart.ANY, 0)) for on in ahead]
    back = (Button(voice.label("‹ Back"), OpenSubject(subject, 0)), home_button(voice))
    return Screen(text, (*rows_of(buttons, width=3), back))


def not_a_day(voice: Voice) -> str:
    return voice.label("I can't read this day. Write it like “Tuesday evening” or “tomorrow”.")


def free(voice: Voice, subject: Subject, page: Page[FreeTutor], *, on: date, part: DayPart, today: date) -> Screen:
    """The first free times of each tutor on that date; a tap on a time leads to booking it."""
    key = subject.key
    title = voice.say("🗓 <b>{subject}</b> · {day}", subject=subject.name, day=voice.long_day(on))
    told = [_free_then(voice, one) for one in page.shown] or [voice.say("Nobody is free then.")]
    rows: list[Row] = [row for one in page.shown for row in _times(voice, one, key, on)]
    rows += paging.turning(page, lambda page: OpenFree(key, on, part, page))
    back = (Button(voice.label("‹ Back"), PickFreeDay(key)), home_button(voice))
    around = (_parts(voice, key, on, part), _days_beside(voice, key, on, part, today))
    return Screen(lines(title, *told, tutor_list.clock(voice), between="\n\n"), (*rows, *around, back))


def _free_then(voice: Voice, tutor: FreeTutor) -> Html:
    hours = lines(*(voice.hour(one.starts_at) for one in tutor.times[:TIMES]), between=", ")
    left = len(tutor.times) - TIMES
    if left > 0:
        hours = voice.say("{hours} and {n} more", hours=hours, n=left)
    return lines(tutor_list.name(voice, tutor), tutor_list.terms(voice, tutor), voice.say("🕐 {hours}", hours=hours))


def _times(voice: Voice, tutor: FreeTutor, key: int, on: date) -> tuple[Row, Row]:
    id_ = tutor.card.id
    times = tuple(Button(voice.hour(one.starts_at), PickTime(id_, one.starts_at)) for one in tutor.times[:TIMES])
    more = (Button("…", OpenFreeDay(id_, on)),) if len(tutor.times) > TIMES else ()
    return (Button(tutor.card.name, OpenListed(id_, key)),), (*times, *more)


def _parts(voice: Voice, key: int, on: date, chosen: DayPart) -> Row:
    return tuple(
        Button(f"● {voice.label(name)}" if part is chosen else voice.label(name), OpenFree(key, on, part, 0))
        for part, name in PARTS.items()
    )


def _days_beside(voice: Voice, key: int, on: date, part: DayPart, today: date) -> Row:
    before, after = on - ONE_DAY, on + ONE_DAY
    row: Row = (Button(f"‹ {voice.day(before)}", OpenFree(key, before, part, 0)),) if before >= today else ()
    return (*row, Button(f"{voice.day(after)} ›", OpenFree(key, after, part, 0)))


def _subjects(taught: Sequence[Subject]) -> tuple[Row, ...]:
    buttons = [Button(f"{isolated(one.name)} · {one.tutors}", OpenSubject(one.key, 0)) for one in taught]
    return rows_of(buttons, width=2 if all(len(button.label) <= 18 for button in buttons) else 1)
