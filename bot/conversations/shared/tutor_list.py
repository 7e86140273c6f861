"""A list of tutors, each with the next free time, and the screen of the tutors a student knows."""

from collections.abc import Sequence

from bot.conversations.booking.taps import OpenTutor
from bot.conversations.directory.taps import OpenMet, OpenSubjects
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.finding.directory import FreeTutor

PAGE = 7
LONGEST_NAME = 40  # in a list; the card shows the whole name


def met(voice: Voice, known: Page[FreeTutor]) -> Screen:
    """The tutors that the student knows."""
    find = (Button(voice.label("🔎 Find a tutor"), OpenSubjects(0)),)
    if not known.shown:
        text = voice.say(
            "You have no tutor here yet.\n\nFind one by subject, or open the link your tutor has sent you: their free "
            "times appear at once."
        )
        return Screen(text, (find, (home_button(voice),)))
    text = lines(voice.say("🎓 <b>Your tutors</b>"), *told(voice, known.shown), clock(voice), between="\n\n")
    rows = paging.rows(known, lambda one: Button(one.card.name, OpenTutor(one.card.id)), OpenMet)
    return Screen(text, (*rows, find, (home_button(voice),)))


def told(voice: Voice, tutors: Sequence[FreeTutor]) -> list[Html]:
    return [lines(name(voice, one), terms(voice, one), _next(voice, one)) for one in tutors]


def name(voice: Voice, tutor: FreeTutor) -> Html:
    name = tutor.card.name
    return voice.say("<b>{name}</b>", name=name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…")


def terms(voice: Voice, tutor: FreeTutor) -> Html:
    card = tutor.card
    price = voice.money(card.price, card.currency) if card.price is not None else None
    return lines(voice.span(card.lesson), price, voice.languages(card.languages) or None, between=" · ")


def _next(voice: Voice, tutor: FreeTutor) -> Html:
    if not tutor.times:
        return voice.say("No free times at the moment.")
    return voice.say("⚡ {moment}", moment=voice.moment(tutor.times[0].starts_at))


def clock(voice: Voice) -> Html:
    return voice.say("Time zone: {city}", city=voice.city())
