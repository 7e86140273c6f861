"""What a student reads about a tutor, and the buttons that lead to a time."""

from collections.abc import Sequence
from datetime import timedelta

from bot.conversations.booking.taps import OpenKind, OpenTutor
from bot.conversations.directory.taps import OpenMet
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words.voice import Html, Voice, lines
from core.enums import LessonType
from core.people.tutors import TutorCard


def invitation(voice: Voice, tutor: TutorCard, *, has_trial: bool = False) -> Screen:
    """The screen of a tutor's link, where the student chooses a kind of lesson."""
    others = Button(voice.label("🎓 Tutors"), OpenMet(0)), home_button(voice)
    below = others if has_trial else (home_button(voice),)
    return Screen(described(voice, tutor), (*ways(voice, tutor, has_trial=has_trial), below))


def described(voice: Voice, tutor: TutorCard) -> Html:
    subjects = lines(*tutor.subjects, between=" · ") if tutor.subjects else None
    about_both = lines(subjects, spoken(voice, tutor.languages)) if subjects or tutor.languages else None
    return lines(about(voice, tutor), about_both, tutor.about, between="\n\n")


def ways(voice: Voice, tutor: TutorCard, *, has_trial: bool) -> tuple[Row, ...]:
    """Buttons that lead to a time, one for each kind of lesson that can be booked."""
    if not has_trial or tutor.trial is None:
        return ((Button(voice.label("📅 Pick a time"), OpenTutor(tutor.id)),),)
    shorter = voice.label("🌱 Trial lesson · {length}", length=voice.span(tutor.trial))
    regular = voice.label("📅 Lesson · {length}", length=voice.span(tutor.lesson))
    if tutor.price is not None:
        price = voice.money(tutor.price, tutor.currency)
        regular = voice.label("📅 Lesson · {length} · {price}", length=voice.span(tutor.lesson), price=price)
    return (
        (Button(shorter, OpenKind(tutor.id, LessonType.TRIAL)),),
        (Button(regular, OpenKind(tutor.id, LessonType.REGULAR)),),
    )


def about(voice: Voice, tutor: TutorCard, kind: LessonType = LessonType.REGULAR) -> Html:
    return lines(voice.say("🎓 <b>{name}</b>", name=tutor.name), _terms(voice, tutor, kind))


def spoken(voice: Voice, languages: Sequence[str]) -> Html | None:
    """The languages a tutor teaches in."""
    return voice.say("🗣 {languages}", languages=voice.languages(languages)) if languages else None


def _terms(voice: Voice, tutor: TutorCard, kind: LessonType) -> Html:
    if kind is LessonType.TRIAL and tutor.trial:
        return trial(voice, tutor.trial)
    length = voice.span(tutor.lesson)
    if tutor.price is None:
        return voice.say("A lesson is {length}.", length=length)
    price = voice.money(tutor.price, tutor.currency)
    return voice.say("A lesson is {length} and costs {price}.", length=length, price=price)


def trial(voice: Voice, trial: timedelta) -> Html:
    return voice.say("🌱 Trial lesson: {length}, free of charge", length=voice.span(trial))
