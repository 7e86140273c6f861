"""A tutor's settings: all at a glance, and one at a time."""

from collections.abc import Sequence

from bot import places, term_values
from bot.screen import Button, Row, Screen, rows_of
from bot.screens import term_words
from bot.screens.home import home_button
from bot.screens.settings import LANGUAGES, personal, personal_rows
from bot.screens.term_words import EXPLANATIONS, HINTS, SHORT_TITLES, TITLES
from bot.taps.settings import OpenSettings
from bot.taps.terms import ChooseTeachingZone, ChooseTerm, OpenTerm
from bot.voice import N_, Html, Voice, lines
from core.enums import Term
from core.people import Actor
from core.terms import Changed, TermsCard

__all__ = ["LANGUAGES", "settings", "term", "zone", "zone_unknown"]

SHORT = 90
GROUPS = (
    (
        N_("Lessons"),
        (Term.LENGTH, Term.STEP, Term.BUFFER_BEFORE, Term.BUFFER_AFTER, Term.TRIAL, Term.PRICE),
    ),
    (
        N_("Booking"),
        (
            Term.NOTICE,
            Term.ADVANCE,
            Term.AUTO_ACCEPT,
            Term.POLICY,
            Term.PER_DAY,
            Term.PER_WEEK,
            Term.PER_STUDENT,
            Term.NEW_STUDENTS,
        ),
    ),
    (N_("What students see"), (Term.SUBJECTS, Term.ABOUT, Term.ROOM, Term.ZONE)),
)
CHOICES = {
    Term.LENGTH: (30, 45, 60, 90, 120),
    Term.STEP: (0, 15, 30, 60),
    Term.BUFFER_BEFORE: (0, 5, 10, 15, 30),
    Term.BUFFER_AFTER: (0, 5, 10, 15, 30),
    Term.TRIAL: (0, 15, 20, 30, 45, 60),
    Term.PRICE: (0,),
    Term.NOTICE: (0, 60, 120, 360, 720, 1440, 2880),
    Term.ADVANCE: (7, 14, 30, 60, 90),
    Term.AUTO_ACCEPT: (0, 1),
    Term.POLICY: (0, 1, 2),
    Term.NEW_STUDENTS: (1, 0),
    Term.PER_DAY: (0, 2, 3, 4, 5, 6, 8),
    Term.PER_WEEK: (0, 5, 10, 15, 20, 30),
    Term.PER_STUDENT: (0, 1, 2, 3, 5, 10),
    Term.SUBJECTS: (0,),
    Term.ABOUT: (0,),
    Term.ROOM: (0,),
}
CLEARED = {Term.PRICE: N_("🗑 No price"), Term.SUBJECTS: N_("🗑 Clear"), Term.ABOUT: N_("🗑 Clear")}
# These change which times are offered
OFFERING = {
    Term.LENGTH,
    Term.STEP,
    Term.BUFFER_BEFORE,
    Term.BUFFER_AFTER,
    Term.NOTICE,
    Term.ADVANCE,
    Term.PER_DAY,
    Term.PER_WEEK,
    Term.ZONE,
}


def settings(voice: Voice, card: TermsCard, actor: Actor) -> Screen:
    """Everything at a glance: each line with its value, a button for each."""
    parts = [
        lines(voice.say("<b>{group}</b>", group=voice.label(title)), *_lines(voice, card, terms))
        for title, terms in GROUPS
    ]
    text = lines(voice.say("⚙️ <b>Settings</b>"), personal(voice, actor), *parts, between="\n\n")
    buttons = [Button(voice.label(SHORT_TITLES[term]), OpenTerm(term)) for _, terms in GROUPS for term in terms]
    return Screen(text, (*rows_of(buttons, width=3), *personal_rows(voice), (home_button(voice),)))


def term(
    voice: Voice, card: TermsCard, term: Term, *, changed: Changed | None = None, refusal: str | None = None
) -> Screen:
    """One setting with its choices; what it changed is told where it has just been changed, a refusal likewise."""
    if term is Term.ZONE:
        return zone(voice, card, places.common(voice.language), changed=changed)
    hint = voice.say(HINTS[term]) if term in HINTS else None
    text = lines(
        refusal,
        _title(voice, card, term),
        _effect(voice, term, changed) if changed else None,
        lines(voice.say(EXPLANATIONS[term]), hint),
        between="\n\n",
    )
    choices = _choices(voice, card, term)
    width = 3 if max((len(button.label) for button in choices), default=0) <= 14 else 1
    return Screen(text, (*rows_of(choices, width=width), _ways_back(voice)), _saved(voice) if changed else None)


def zone(voice: Voice, card: TermsCard, offered: Sequence[places.Place], *, changed: Changed | None = None) -> Screen:
    text = lines(
        _title(voice, card, Term.ZONE),
        _effect(voice, Term.ZONE, changed) if changed else None,
        voice.say(EXPLANATIONS[Term.ZONE]),
        between="\n\n",
    )
    return Screen(text, _places(voice, offered), _saved(voice) if changed else None)


def zone_unknown(voice: Voice, typed: str) -> Screen:
    text = voice.say(
        "I don't know a place called “{typed}”. Try the nearest large city, in Ukrainian or English.", typed=typed[:60]
    )
    return Screen(text, _places(voice, places.common(voice.language)))


def _lines(voice: Voice, card: TermsCard, terms: Sequence[Term]) -> list[Html]:
    return [
        voice.say(
            "{title}: {value}", title=voice.label(TITLES[term]), value=_short(term_words.value(voice, card, term))
        )
        for term in terms
    ]


def _short(value: str) -> str:
    line = " ".join(value.splitlines())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def _title(voice: Voice, card: TermsCard, term: Term) -> Html:
    value = term_words.value(voice, card, term)
    return voice.say("<b>{title}:</b> {value}", title=voice.label(TITLES[term]), value=value)


def _effect(voice: Voice, term: Term, changed: Changed) -> Html:
    if changed.before != changed.after:
        return voice.say(
            "✅ Saved. Times offered in the next 7 days: {before} → <b>{after}</b>.",
            before=changed.before,
            after=changed.after,
        )
    if term in OFFERING:
        return voice.say("✅ Saved. Times offered in the next 7 days: {n}, as before.", n=changed.after)
    return voice.say("✅ Saved.")


def _saved(voice: Voice) -> str:
    return voice.label("Saved")


def _choices(voice: Voice, card: TermsCard, term: Term) -> list[Button]:
    now = term_values.number(card, term)
    if term in CLEARED:
        return [] if now == 0 else [Button(voice.label(CLEARED[term]), ChooseTerm(term, 0))]
    return [
        Button(_marked(term_words.choice(voice, term, each), each == now), ChooseTerm(term, each))
        for each in CHOICES[term]
    ]


def _marked(label: str, is_chosen: bool) -> str:
    return f"● {label}" if is_chosen else label


def _places(voice: Voice, offered: Sequence[places.Place]) -> tuple[Row, ...]:
    buttons = [
        Button(f"{place.name}, {place.country}".rstrip(", "), ChooseTeachingZone(place.timezone)) for place in offered
    ]
    return (*rows_of(buttons, width=2), _ways_back(voice))


def _ways_back(voice: Voice) -> Row:
    return Button(voice.label("‹ Settings"), OpenSettings()), home_button(voice)
