"""A tutor grants a student a package of lessons."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import ascii_uppercase
from zlib import crc32

from bot.conversations.booking.taps import OpenTutor
from bot.conversations.students.packages.taps import (
    ConfirmPackage,
    GrantPackage,
    PickPackagePrice,
    PickPackageSize,
    PickPackageSubject,
    TakePackageBackSurely,
)
from bot.conversations.students.screens import summary
from bot.conversations.students.taps import OpenStudent
from bot.talk.screen import Button, Row, Screen, home_button, rows_of
from bot.words.voice import Html, Voice, escape, lines
from core.lessons.packages import PackageCard

SIZES = (4, 5, 8, 10)
CENTS = 100
CURRENCIES = len(ascii_uppercase) ** 3
ANY_SUBJECT = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What the tutor has picked so far. `price` is for the whole package."""

    student_id: int
    student_name: str
    lessons: int
    price: Decimal | None = None
    currency: str = ""
    subject: str | None = None


def packed(price: Decimal | None, currency: str) -> int:
    """Pack an amount and its currency into one number for a button; no amount is packed as 0."""
    code = 0
    for letter in currency:
        code = code * len(ascii_uppercase) + ascii_uppercase.index(letter)
    return int((price or 0) * CENTS) * CURRENCIES + code


def unpacked(number: int) -> tuple[Decimal | None, str]:
    cents, code = divmod(number, CURRENCIES)
    rest, last = divmod(code, len(ascii_uppercase))
    first, middle = divmod(rest, len(ascii_uppercase))
    currency = "".join(ascii_uppercase[letter] for letter in (first, middle, last))
    return Decimal(cents) / CENTS if cents else None, currency


def mark(subject: str | None) -> int:
    """Return a number that identifies this subject in a button; it does not depend on other subjects."""
    return crc32(subject.encode()) or 1 if subject else ANY_SUBJECT


def how_many(voice: Voice, student_id: int, name: str, *, refusal: str | None = None) -> Screen:
    text = lines(
        refusal,
        voice.say("🎁 <b>A package for {name}</b>", name=name),
        voice.say("How many lessons? Tap, or type a number."),
        between="\n\n",
    )
    sizes = tuple(Button(str(size), PickPackagePrice(student_id, size)) for size in SIZES)
    return Screen(text, (sizes, (Button(voice.label("‹ Student"), OpenStudent(student_id)),)))


def price(voice: Voice, offer: Offer, *, of_one: Decimal | None, currency: str, refusal: str | None = None) -> Screen:
    """`of_one` is the price of a single lesson, from which prices of the package are suggested."""
    text = lines(
        refusal,
        _title(voice, offer),
        voice.say("What does the whole package cost? Tap, or type an amount."),
        between="\n\n",
    )
    rows: tuple[Row, ...] = ()
    if of_one:
        total = of_one * offer.lessons
        usual = PickPackageSubject(offer.student_id, offer.lessons, packed(total, currency))
        rows = ((Button(voice.money(total, currency), usual),),)
    free = PickPackageSubject(offer.student_id, offer.lessons, packed(None, currency))
    back = Button(voice.label("‹ Back"), PickPackageSize(offer.student_id))
    return Screen(text, (*rows, (Button(voice.label("Without a price"), free),), (back,)))


def subject(voice: Voice, offer: Offer, subjects: Sequence[str]) -> Screen:
    text = lines(_title(voice, offer), voice.say("For which subject?"), between="\n\n")
    named = [Button(name, _confirm(offer, mark(name))) for name in subjects]
    any_ = Button(voice.label("Any subject"), _confirm(offer, ANY_SUBJECT))
    back = Button(voice.label("‹ Back"), PickPackagePrice(offer.student_id, offer.lessons))
    return Screen(text, (*rows_of(named, width=2), (any_,), (back,)))


def confirm(voice: Voice, offer: Offer, *, after: int) -> Screen:
    """`after` is the student's latest package."""
    text = lines(
        voice.say("<b>Grant this package?</b>"),
        lines(
            voice.say("🎒 {name}", name=offer.student_name),
            _contents(voice, offer.lessons, offer.subject, offer.price, offer.currency),
        ),
        voice.say("The lessons {name} books from now on are taken from it.", name=offer.student_name),
        between="\n\n",
    )
    price = packed(offer.price, offer.currency)
    yes = GrantPackage(offer.student_id, offer.lessons, price, mark(offer.subject), after)
    back = Button(voice.label("‹ Student"), OpenStudent(offer.student_id))
    return Screen(text, ((Button(voice.label("✅ Grant it"), yes),), (back, home_button(voice))))


def granted(voice: Voice, package: PackageCard, *, who_left: str | None = None) -> Screen:
    """The notice to the student; with `who_left`, the notice that the tutor has left and owes lessons."""
    if who_left is not None:
        return _owed(voice, package, who_left)
    text = lines(
        voice.say("🎁 <b>{tutor} has given you a package of lessons</b>", tutor=voice.name(package.tutor_name)),
        _contents(voice, package.lessons, package.subject, package.price, package.currency),
        voice.say("The lessons you book from now on are taken from it."),
        between="\n\n",
    )
    return Screen(text, ((Button(voice.label("📅 Pick a time"), OpenTutor(package.tutor_id)),), (home_button(voice),)))


def ask_to_take_back(voice: Voice, package: PackageCard, *, student_id: int, name: str) -> Screen:
    text = lines(
        voice.count("<b>Take back {n} lesson?</b>", "<b>Take back {n} lessons?</b>", package.left_over),
        lines(voice.say("🎒 {name}", name=name), summary(voice, package)),
        voice.say("Lessons booked on the package stay as they are. {name} will be told.", name=name),
        between="\n\n",
    )
    yes = Button(voice.label("↩️ Yes, take back"), TakePackageBackSurely(package.id, package.left_over))
    return Screen(text, ((yes, Button(voice.label("No, leave it"), OpenStudent(student_id))),))


def taken_back(voice: Voice, package: PackageCard) -> Screen:
    """The notice to the student."""
    text = lines(
        voice.say(
            "↩️ <b>{tutor} has taken back what was left of your package</b>", tutor=voice.name(package.tutor_name)
        ),
        summary(voice, package),
        voice.say("What you have booked on it stays as it is."),
        between="\n\n",
    )
    return Screen(text, ((home_button(voice),),))


def _owed(voice: Voice, package: PackageCard, who_left: str) -> Screen:
    text = lines(
        voice.say("🎁 <b>{name} has deleted their account: your package ends</b>", name=who_left),
        summary(voice, package),
        voice.say("Settle what you have paid for with them directly."),
        between="\n\n",
    )
    return Screen(text, ((home_button(voice),),))


def _title(voice: Voice, offer: Offer) -> Html:
    lessons = voice.count("{n} lesson", "{n} lessons", offer.lessons)
    return lines(voice.say("🎁 <b>A package for {name}</b>", name=offer.student_name), lessons)


def _contents(voice: Voice, lessons: int, subject: str | None, price: Decimal | None, currency: str) -> Html:
    return lines(
        voice.count("📚 {n} lesson", "📚 {n} lessons", lessons),
        lines("📖", escape(subject), between=" ") if subject else None,
        voice.say("💳 {price}", price=voice.money(price, currency)) if price else None,
    )


def _confirm(offer: Offer, subject: int) -> ConfirmPackage:
    return ConfirmPackage(offer.student_id, offer.lessons, packed(offer.price, offer.currency), subject)
