"""A tutor's students, and one student."""

from collections.abc import Sequence

from bot.conversations.lessons.writing_down.taps import PickStudent
from bot.conversations.share.taps import OpenLink
from bot.conversations.students.packages.taps import PickPackageSize, TakePackageBack
from bot.conversations.students.taps import OpenStudent, OpenStudents
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button, Row, Screen, home_button
from bot.words.voice import Html, Voice, isolated, lines
from core.lessons.packages import PackageCard
from core.lessons.students import StudentCard

PAGE = 8
MOST_TO_TAKE_BACK = 3


def students(voice: Voice, known: Page[StudentCard]) -> Screen:
    title = voice.say("👥 <b>Students</b>")
    if not known.shown:
        hint = voice.say("Nobody has opened your link yet.")
        link = Button(voice.label("🔗 My link"), OpenLink())
        return Screen(lines(title, hint, between="\n\n"), ((link, home_button(voice)),))
    text = lines(title, voice.say("Who comes next stands first. Tap one for more."), between="\n\n")
    rows = paging.rows(known, lambda one: Button(_label(voice, one), OpenStudent(one.id)), OpenStudents)
    return Screen(text, (*rows, (home_button(voice),)))


def student(voice: Voice, student: StudentCard, packages: Sequence[PackageCard], *, toast: str | None = None) -> Screen:
    text = lines(
        voice.say("🎒 <b>{name}</b>", name=student.name),
        None if student.is_in_telegram else voice.say("Not in Telegram: written down by you."),
        _counts(voice, student),
        lines(*(summary(voice, package) for package in packages)) if packages else None,
        between="\n\n",
    )
    rows = (
        (Button(voice.label("➕ Write down a lesson"), PickStudent(student.id)),),
        (Button(voice.label("🎁 Grant a package"), PickPackageSize(student.id)),),
        *_take_back_rows(voice, packages),
        (Button(voice.label("‹ Students"), OpenStudents(0)), home_button(voice)),
    )
    return Screen(text, rows, toast)


def summary(voice: Voice, package: PackageCard) -> Html:
    """🎁 3 of 10 lessons left · English · 3200 ₴"""
    left = voice.count(
        "🎁 {left} of {n} lesson left", "🎁 {left} of {n} lessons left", package.lessons, left=package.left_over
    )
    gone = voice.say("taken back: {n}", n=package.taken_back) if package.taken_back else None
    price = voice.money(package.price, package.currency) if package.price else None
    return lines(left, gone, isolated(package.subject) if package.subject else None, price, between=" · ")


def _take_back_rows(voice: Voice, packages: Sequence[PackageCard]) -> tuple[Row, ...]:
    """Buttons to take back the newest packages with lessons left: a mistake is usually noticed soon."""
    with_credit = [package for package in packages if package.left_over][:MOST_TO_TAKE_BACK]
    return tuple((Button(_taking(voice, package), TakePackageBack(package.id)),) for package in with_credit)


def _taking(voice: Voice, package: PackageCard) -> str:
    label = voice.count_label("↩️ Take back {n} lesson", "↩️ Take back {n} lessons", package.left_over)
    return f"{label} · {isolated(package.subject)}" if package.subject else label


def _counts(voice: Voice, student: StudentCard) -> Html:
    next_lesson = (
        voice.say("Next lesson: {moment}", moment=voice.moment(student.next_at))
        if student.next_at
        else voice.say("No lessons ahead.")
    )
    held = voice.count("{n} lesson held", "{n} lessons held", student.held)
    missed = voice.count("Did not come {n} time", "Did not come {n} times", student.no_shows)
    return lines(next_lesson, held if student.held else None, missed if student.no_shows else None)


def _label(voice: Voice, student: StudentCard) -> str:
    left = f" · 🎁 {student.credits}" if student.credits else ""
    name = voice.name(student.name)
    if student.next_at is None:
        return f"{name}{left}"
    return f"{voice.moment(student.next_at)} · {name}{left}"
