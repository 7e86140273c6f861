"""A tutor's settings: the topics, those of one topic, and one at a time."""

from collections.abc import Sequence

from bot.conversations.feeds.screens import feeds_button
from bot.conversations.settings.screens import personal, personal_rows
from bot.conversations.settings.taps import OpenSettings
from bot.conversations.settings.tutor import setting_words
from bot.conversations.settings.tutor.setting_words import EXPLANATIONS, HINTS, TITLES
from bot.conversations.settings.tutor.taps import ChooseTeachingZone, ChooseTerm, OpenTerm, OpenTopic, TeachIn
from bot.talk.screen import Button, Row, Screen, home_button, rows_of
from bot.talk.taps import Topic
from bot.words.places import places
from bot.words.typed import setting_values
from bot.words.voice import N_, Html, Voice, lines
from core.enums import Term
from core.hours.tutor_settings import Changed, TermsCard
from core.people.people import Actor

SHORT = 90
TOPICS: dict[Topic, tuple[Term, ...]] = {
    Topic.LESSONS: (Term.LENGTH, Term.STEP, Term.BUFFER_BEFORE, Term.BUFFER_AFTER, Term.TRIAL),
    Topic.BOOKING: (
        Term.AUTO_ACCEPT,
        Term.NOTICE,
        Term.ADVANCE,
        Term.NEW_STUDENTS,
        Term.PER_DAY,
        Term.PER_WEEK,
        Term.PER_STUDENT,
    ),
    Topic.MONEY: (Term.PRICE, Term.POLICY),
    Topic.ABOUT: (Term.SUBJECTS, Term.LANGUAGES, Term.ABOUT, Term.LISTED, Term.ROOM),
    Topic.PERSONAL: (Term.ZONE,),
}
TOPIC_OF = {term: topic for topic, terms in TOPICS.items() for term in terms}
MARKS = {
    Topic.LESSONS: "📚",
    Topic.BOOKING: "📝",
    Topic.MONEY: "💳",
    Topic.ABOUT: "👤",
    Topic.PERSONAL: "🙋",
}
NAMES = {
    Topic.LESSONS: N_("Lessons"),
    Topic.BOOKING: N_("Booking"),
    Topic.MONEY: N_("Price, cancelling"),
    Topic.ABOUT: N_("Profile"),
    Topic.PERSONAL: N_("Personal"),
}
# What a tutor looks up most is said before a topic is opened
GLANCE: dict[Topic, tuple[Term, ...]] = {
    Topic.LESSONS: (Term.LENGTH, Term.TRIAL),
    Topic.BOOKING: (Term.AUTO_ACCEPT, Term.NOTICE, Term.NEW_STUDENTS),
    Topic.MONEY: (Term.PRICE, Term.POLICY),
    Topic.ABOUT: (Term.SUBJECTS, Term.ROOM),
}
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
    Term.LISTED: (1, 0),
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
    """The topics, and of each what matters most."""
    glance = [lines(_topic_title(voice, topic), *_lines(voice, card, terms)) for topic, terms in GLANCE.items()]
    own = lines(_topic_title(voice, Topic.PERSONAL), personal(voice, actor))
    text = lines(voice.say("⚙️ <b>Settings</b>"), *glance, own, between="\n\n")
    buttons = [Button(f"{MARKS[topic]} {voice.label(NAMES[topic])}", OpenTopic(topic)) for topic in Topic]
    return Screen(text, (*rows_of(buttons, width=2), (feeds_button(voice),), (home_button(voice),)))


def topic(voice: Voice, card: TermsCard, actor: Actor, topic: Topic) -> Screen:
    """Each line with its value, a button for each."""
    is_personal = topic is Topic.PERSONAL
    said = lines(personal(voice, actor) if is_personal else None, *_lines(voice, card, TOPICS[topic]))
    buttons = [Button(voice.label(TITLES[term]), OpenTerm(term)) for term in TOPICS[topic]]
    rows = (*(personal_rows(voice) if is_personal else ()), *rows_of(buttons, width=2))
    back = Button(voice.label("‹ Settings"), OpenSettings()), home_button(voice)
    return Screen(lines(_topic_title(voice, topic), said, between="\n\n"), (*rows, back))


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
    return Screen(text, (*rows_of(choices, width=width), _ways_back(voice, term)), _saved(voice) if changed else None)


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


def _topic_title(voice: Voice, topic: Topic) -> Html:
    return voice.say("{mark} <b>{name}</b>", mark=MARKS[topic], name=voice.label(NAMES[topic]))


def _lines(voice: Voice, card: TermsCard, terms: Sequence[Term]) -> list[Html]:
    return [
        voice.say(
            "{title}: {value}", title=voice.label(TITLES[term]), value=_short(setting_words.value(voice, card, term))
        )
        for term in terms
    ]


def _short(value: str) -> str:
    line = " ".join(value.splitlines())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def _title(voice: Voice, card: TermsCard, term: Term) -> Html:
    value = setting_words.value(voice, card, term)
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
    if term is Term.LANGUAGES:
        return _languages(voice, card)
    now = setting_values.number(card, term)
    if term in CLEARED:
        return [] if now == 0 else [Button(voice.label(CLEARED[term]), ChooseTerm(term, 0))]
    return [
        Button(_marked(setting_words.choice(voice, term, each), each == now), ChooseTerm(term, each))
        for each in CHOICES[term]
    ]


def _languages(voice: Voice, card: TermsCard) -> list[Button]:
    """The common ones and those taught in, each to be tapped on or off."""
    return [
        Button(_marked(voice.languages([code]), code in card.languages), TeachIn(code, code not in card.languages))
        for code in dict.fromkeys((*setting_values.LANGUAGES, *card.languages))
    ]


def _marked(label: str, is_chosen: bool) -> str:
    return f"● {label}" if is_chosen else label


def _places(voice: Voice, offered: Sequence[places.Place]) -> tuple[Row, ...]:
    buttons = [
        Button(f"{place.name}, {place.country}".rstrip(", "), ChooseTeachingZone(place.timezone)) for place in offered
    ]
    return (*rows_of(buttons, width=2), _ways_back(voice, Term.ZONE))


def _ways_back(voice: Voice, term: Term) -> Row:
    topic = TOPIC_OF[term]
    return Button(f"‹ {voice.label(NAMES[topic])}", OpenTopic(topic)), home_button(voice)
