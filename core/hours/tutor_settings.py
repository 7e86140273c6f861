"""The terms under which a tutor is booked, and what changing one does to the week ahead. Booked lessons keep theirs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypedDict, Unpack

import pytz
from sqlalchemy import update

from core.enums import CancellationPolicy, Term
from core.errors import BadTerm, UnknownTimezone
from core.people import tutors
from core.pure import video_rooms
from core.times import slots
from core.work import Work
from db.base import AnyRow, table
from db.models import TutorSettings

DAYS_SHOWN = 7
MINUTE = timedelta(minutes=1)
SHORTEST_LESSON, LONGEST_LESSON = timedelta(minutes=10), timedelta(hours=8)
SHORTEST_STEP = timedelta(minutes=5)
LONGEST_BUFFER = timedelta(hours=4)
LONGEST_NOTICE = timedelta(days=30)
LONGEST_ADVANCE = 365
LARGEST_LIMIT = 500
LARGEST_PRICE = Decimal(10_000_000)
MOST_SUBJECTS = 10
LONGEST_SUBJECT = 40
MOST_LANGUAGES = 10
LONGEST_ABOUT = 500


class Terms(TypedDict, total=False):
    """The columns of TutorSettings that a tutor may change."""

    timezone: str
    default_lesson_duration: timedelta
    slot_step: timedelta | None
    buffer_before: timedelta
    buffer_after: timedelta
    min_booking_notice: timedelta
    max_booking_advance: int
    auto_accept: bool
    cancellation_policy: CancellationPolicy
    trial_lesson_enabled: bool
    trial_lesson_duration: timedelta
    price: Decimal | None
    currency: str
    accepts_new_students: bool
    is_listed: bool
    subjects: list[str]
    languages: list[str]
    about: str | None
    room_url: str | None
    max_lessons_per_day: int | None
    max_lessons_per_week: int | None
    max_lessons_per_student: int | None


@dataclass(frozen=True, slots=True)
class TermsCard:
    """As in TutorSettings: no `slot_step` is a start every lesson's length, no `room_url` a room for each lesson."""

    timezone: str
    default_lesson_duration: timedelta
    slot_step: timedelta | None
    buffer_before: timedelta
    buffer_after: timedelta
    min_booking_notice: timedelta
    max_booking_advance: int
    auto_accept: bool
    cancellation_policy: CancellationPolicy
    trial_lesson_enabled: bool
    trial_lesson_duration: timedelta
    price: Decimal | None
    currency: str
    accepts_new_students: bool
    is_listed: bool
    subjects: Sequence[str]
    languages: Sequence[str]
    about: str | None
    room_url: str | None
    max_lessons_per_day: int | None
    max_lessons_per_week: int | None
    max_lessons_per_student: int | None


@dataclass(frozen=True, slots=True)
class Changed:
    """`before` and `after` count the times offered in the next seven days."""

    card: TermsCard
    before: int
    after: int


async def card(work: Work, *, tutor_id: int) -> TermsCard:
    """Return all terms; raises NotATutor."""
    return _card(await tutors.how_booked(work, tutor_id))


async def change(work: Work, *, tutor_id: int, **changed: Unpack[Terms]) -> Changed:
    """
    Be booked under these terms from now on.

    - lessons made before keep the terms they were made under
    - raises NotATutor, UnknownTimezone, BadTerm
    """
    await tutors.lock(work, tutor_id)
    for name, value in changed.items():
        _check(name, value)
    before = await slots.count_free(work, tutor_id=tutor_id, days=DAYS_SHOWN)
    await work.session.execute(
        update(table(TutorSettings)).where(table(TutorSettings).c.tutor_id == tutor_id).values(**changed)
    )
    after = await slots.count_free(work, tutor_id=tutor_id, days=DAYS_SHOWN)
    return Changed(await card(work, tutor_id=tutor_id), before, after)


def _check(name: str, value: Any) -> None:
    if name == "timezone" and value not in pytz.all_timezones_set:
        raise UnknownTimezone(value)
    term, holds = RULES[name]
    if not holds(value):
        raise BadTerm(term)


def _length(shortest: timedelta, longest: timedelta) -> Callable[[timedelta], bool]:
    return lambda length: shortest <= length <= longest and not length % MINUTE


def _step(step: timedelta | None) -> bool:
    return step is None or _length(SHORTEST_STEP, LONGEST_LESSON)(step)


def _limit(limit: int | None) -> bool:
    return limit is None or 1 <= limit <= LARGEST_LIMIT


def _price(price: Decimal | None) -> bool:
    return price is None or (price.is_finite() and 0 <= price <= LARGEST_PRICE and price * 100 % 1 == 0)


def _subjects(subjects: Sequence[str]) -> bool:
    return len(subjects) <= MOST_SUBJECTS and all(0 < len(one.strip()) <= LONGEST_SUBJECT for one in subjects)


def _languages(codes: Sequence[str]) -> bool:
    return len(codes) <= MOST_LANGUAGES and all(re.fullmatch("[a-z]{2,3}", code) for code in codes)


def _anything(_: object) -> bool:
    return True


RULES: dict[str, tuple[Term, Callable[[Any], bool]]] = {
    "timezone": (Term.ZONE, _anything),
    "default_lesson_duration": (Term.LENGTH, _length(SHORTEST_LESSON, LONGEST_LESSON)),
    "slot_step": (Term.STEP, _step),
    "buffer_before": (Term.BUFFER_BEFORE, _length(0 * MINUTE, LONGEST_BUFFER)),
    "buffer_after": (Term.BUFFER_AFTER, _length(0 * MINUTE, LONGEST_BUFFER)),
    "min_booking_notice": (Term.NOTICE, _length(0 * MINUTE, LONGEST_NOTICE)),
    "max_booking_advance": (Term.ADVANCE, lambda days: 1 <= days <= LONGEST_ADVANCE),
    "auto_accept": (Term.AUTO_ACCEPT, _anything),
    "cancellation_policy": (Term.POLICY, _anything),
    "trial_lesson_enabled": (Term.TRIAL, _anything),
    "trial_lesson_duration": (Term.TRIAL, _length(SHORTEST_LESSON, LONGEST_LESSON)),
    "price": (Term.PRICE, _price),
    "currency": (Term.PRICE, lambda code: re.fullmatch("[A-Z]{3}", code) is not None),
    "accepts_new_students": (Term.NEW_STUDENTS, _anything),
    "is_listed": (Term.LISTED, _anything),
    "subjects": (Term.SUBJECTS, _subjects),
    "languages": (Term.LANGUAGES, _languages),
    "about": (Term.ABOUT, lambda about: about is None or 0 < len(about.strip()) <= LONGEST_ABOUT),
    "room_url": (Term.ROOM, lambda url: url is None or video_rooms.is_address(url)),
    "max_lessons_per_day": (Term.PER_DAY, _limit),
    "max_lessons_per_week": (Term.PER_WEEK, _limit),
    "max_lessons_per_student": (Term.PER_STUDENT, _limit),
}


def _card(row: AnyRow) -> TermsCard:
    return TermsCard(**{field.name: getattr(row, field.name) for field in fields(TermsCard)})
