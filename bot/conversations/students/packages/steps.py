"""
A tutor grants a student a package of lessons.

    [Grant a package]   ->  "How many lessons?"               or a typed number (else: asked again)
    [10]                ->  "What does it cost?"              or a typed amount
    [3200 ₴]            ->  "For which subject?"              (a tutor without subjects skips this)
    [a subject]         ->  "Grant this package?"
    [Grant it]          ->  the student with the package; the student is told

    [Take back 4 lessons]      ->  "Take back 4 lessons?"
    [Yes, take back]           ->  the student; the student is told    (fewer are left by now: asked again)
"""

from decimal import Decimal

from telegram import Update

from bot.conversations.students import screens as student_screens
from bot.conversations.students.packages import screens
from bot.conversations.students.packages.questions import PackagePrice, PackageSize
from bot.conversations.students.packages.screens import Offer
from bot.conversations.students.packages.taps import (
    ConfirmPackage,
    GrantPackage,
    PickPackagePrice,
    PickPackageSize,
    PickPackageSubject,
    TakePackageBack,
    TakePackageBackSurely,
)
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words import refusals
from bot.words.typed import setting_values
from core.errors import BadPackage, BadSetting, NotFound
from core.hours import tutor_settings
from core.lessons import packages, students
from core.lessons.packages import NewPackage
from core.work import Work

PickedSubject = ConfirmPackage | GrantPackage


async def ask_size(_: Update, context: Context) -> None:
    student_id = context.tap(PickPackageSize).student_id
    await show_sizes(context, student_id)


async def show_sizes(context: Context, student_id: int, refusal: str | None = None) -> None:
    async with context.begin() as work:
        student = await students.of_one(work, tutor_id=context.actor.id, student_id=student_id)
        await context.ask(work, PackageSize(student_id))
    await context.show(screens.how_many(context.voice, student_id, student.name, refusal=refusal))


async def hear_size(_: Update, context: Context) -> None:
    typed = context.words
    lessons = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
    student_id = context.asked(PackageSize).student_id
    try:
        await ask_price(context, student_id, lessons)
    except BadPackage as refusal:
        await show_sizes(context, student_id, refusals.words(context.voice, refusal))


async def pick_size(_: Update, context: Context) -> None:
    tap = context.tap(PickPackagePrice)
    await ask_price(context, tap.student_id, tap.lessons)


async def ask_price(context: Context, student_id: int, lessons: int, refusal: str | None = None) -> None:
    packages.check_size(lessons)
    async with context.begin() as work:
        offer = await begun(context, work, student_id, lessons)
        own = await tutor_settings.card(work, tutor_id=context.actor.id)
        await context.ask(work, PackagePrice(student_id, lessons))
    await context.show(screens.price(context.voice, offer, of_one=own.price, currency=own.currency, refusal=refusal))


async def hear_price(_: Update, context: Context) -> None:
    asked = context.asked(PackagePrice)
    try:
        amount, currency = setting_values.price(context.words)
        await ask_subject(context, asked.student_id, asked.lessons, amount, currency)
    except BadSetting as refusal:
        await ask_price(context, asked.student_id, asked.lessons, refusals.words(context.voice, refusal))


async def pick_price(_: Update, context: Context) -> None:
    tap = context.tap(PickPackageSubject)
    await ask_subject(context, tap.student_id, tap.lessons, *screens.unpacked(tap.price))


async def ask_subject(
    context: Context, student_id: int, lessons: int, price: Decimal | None, currency: str | None
) -> None:
    packages.check_price(price)
    async with context.begin() as work:
        own = await tutor_settings.card(work, tutor_id=context.actor.id)
        offer = await begun(context, work, student_id, lessons, price, currency or own.currency)
        after = await packages.last(work, tutor_id=context.actor.id, student_id=student_id)
        await context.answered(work)
    if own.subjects:
        await context.show(screens.subject(context.voice, offer, own.subjects))
    else:
        await context.show(screens.confirm(context.voice, offer, after=after))


async def pick_subject(_: Update, context: Context) -> None:
    tap = context.tap(ConfirmPackage)
    async with context.read() as work:
        subject = await named(context, work, tap)
        price, currency = screens.unpacked(tap.price)
        offer = await begun(context, work, tap.student_id, tap.lessons, price, currency, subject)
        after = await packages.last(work, tutor_id=context.actor.id, student_id=tap.student_id)
    await context.show(screens.confirm(context.voice, offer, after=after))


async def grant(_: Update, context: Context) -> None:
    tap = context.tap(GrantPackage)
    both = {"tutor_id": context.actor.id, "student_id": tap.student_id}
    price, currency = screens.unpacked(tap.price)
    async with context.begin() as work:
        package = NewPackage(tap.lessons, await named(context, work, tap), price, currency)
        await packages.grant(work, **both, package=package, after=tap.after)
        student, granted = await students.of_one(work, **both), await packages.of_student(work, **both)
    toast = context.voice.label("Granted")
    await context.show(student_screens.student(context.voice, student, granted, toast=toast))


async def ask_to_take_back(_: Update, context: Context) -> None:
    await ask_once_more(context, context.tap(TakePackageBack).package_id)


async def ask_once_more(context: Context, package_id: int) -> None:
    """Ask whether to take back the lessons left; if none are left, show the student."""
    async with context.read() as work:
        package = await packages.granted(work, package_id=package_id, tutor_id=context.actor.id)
        both = {"tutor_id": context.actor.id, "student_id": package.student_id}
        student, granted = await students.of_one(work, **both), await packages.of_student(work, **both)
    if package.left_over:
        asked = screens.ask_to_take_back(context.voice, package, student_id=student.id, name=student.name)
        await context.show(asked)
    else:
        await context.show(student_screens.student(context.voice, student, granted))


async def take_back(_: Update, context: Context) -> None:
    tap = context.tap(TakePackageBackSurely)
    async with context.begin() as work:
        tutor_id = context.actor.id
        await packages.take_back(work, package_id=tap.package_id, tutor_id=tutor_id, left_over=tap.left_over)
    await ask_once_more(context, tap.package_id)


async def begun(
    context: Context,
    work: Work,
    student_id: int,
    lessons: int,
    price: Decimal | None = None,
    currency: str = "",
    subject: str | None = None,
) -> Offer:
    """Return what was picked, with the student's name; raises NotFound if it is not the tutor's student."""
    student = await students.of_one(work, tutor_id=context.actor.id, student_id=student_id)
    return Offer(student_id, student.name, lessons, price, currency, subject)


async def named(context: Context, work: Work, tap: PickedSubject) -> str | None:
    """Return the picked subject, None for any; raises NotFound if the tutor has removed it meanwhile."""
    if tap.subject == screens.ANY_SUBJECT:
        return None
    own = await tutor_settings.card(work, tutor_id=context.actor.id)
    for subject in own.subjects:
        if screens.mark(subject) == tap.subject:
            return subject
    raise NotFound


CONVERSATION = Conversation(
    taps={
        PickPackageSize: ask_size,
        PickPackagePrice: pick_size,
        PickPackageSubject: pick_price,
        ConfirmPackage: pick_subject,
        GrantPackage: grant,
        TakePackageBack: ask_to_take_back,
        TakePackageBackSurely: take_back,
    },
    words={PackageSize: hear_size, PackagePrice: hear_price},
)
