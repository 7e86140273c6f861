"""
Lessons paid for in advance.

Each lesson of a package is left over, or taken back by the tutor, or used by a booking (live, completed, or cancelled
too late). A credit is returned only once: the statement that takes it from the booking (`holds_credit`) finds nothing
the second time.
"""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from core.enums import Setting
from core.errors import BadPackage, BadSetting, NoCreditLeft, NotFound, OtherPackageGranted
from core.people import tutors
from core.people.people import full_name
from core.pure.setting_table import row_of
from core.work import Work
from db.base import AnyRow, table
from db.enums import Event, LessonType
from db.models.booking import Booking
from db.models.lesson_package import LessonPackage
from db.models.person import Person
from db.models.tutor_student import TutorStudent

MOST_LESSONS = 100
LONGEST_SUBJECT = 80

PACKAGE = table(LessonPackage).c
OF_BOTH = PACKAGE.tutor_id == bindparam("tutor"), PACKAGE.student_id == bindparam("student")
OLDEST_WITH_CREDIT = (
    select(*PACKAGE).where(*OF_BOTH, PACKAGE.left_over > 0).order_by(PACKAGE.granted_at, PACKAGE.id).limit(1)
)
CARDS = select(*PACKAGE, Person.first_name, Person.last_name).join(Person, Person.id == PACKAGE.tutor_id)


@dataclass(frozen=True, slots=True)
class PackageCard:
    """`left_over` of its `lessons` can still be booked; those `taken_back` can't. `price` is for the whole package."""

    id: int
    tutor_id: int
    tutor_name: str
    student_id: int
    subject: str | None
    lessons: int
    left_over: int
    price: Decimal | None
    currency: str
    granted_at: datetime
    taken_back: int = 0


@dataclass(frozen=True, slots=True)
class NewPackage:
    """`price` is for the whole package."""

    lessons: int
    subject: str | None
    price: Decimal | None
    currency: str


async def grant(work: Work, *, tutor_id: int, student_id: int, package: NewPackage, after: int) -> PackageCard:
    """
    Grant a package to a student of this tutor; the student is notified.

    - `after` is the id of the last package that the tutor was shown (0: none), so granting twice grants once
    - raises OtherPackageGranted when a later package differs from this one
    - raises NotATutor, NotFound for somebody who is not their student, BadPackage, BadSetting
    """
    await tutors.lock(work, tutor_id)
    await _check_student(work, tutor_id, student_id)
    check_size(package.lessons)
    check_price(package.price)
    _check_words(package.subject, package.currency)
    both = {"tutor_id": tutor_id, "student_id": student_id}
    granted_before = await _granted_before(work, both, package, after=after)
    if granted_before is not None:
        return await card(work, package_id=granted_before, viewer_id=tutor_id)
    row = {**both, **asdict(package), "left_over": package.lessons, "granted_at": work.now}
    granted = await work.session.execute(insert(table(LessonPackage)).returning(PACKAGE.id), row)
    package_id: int = granted.scalar_one()
    work.announce(Event.PACKAGE_GRANTED, to=student_id, once=f"{package_id}", package_id=package_id)
    return await card(work, package_id=package_id, viewer_id=tutor_id)


async def take_back(work: Work, *, package_id: int, tutor_id: int, left_over: int) -> bool:
    """
    Take back the lessons of a package that can still be booked; the student is notified.

    - lessons booked on it stay, and a credit that one of them returns can be booked again
    - `left_over` is the number the tutor was shown: return False and do nothing if it has changed
    - taking back twice is the same as taking back once
    - raises NotFound
    """
    await tutors.lock(work, tutor_id)
    package = await granted(work, package_id=package_id, tutor_id=tutor_id)
    if not package.left_over:
        return True
    if package.left_over != left_over:
        return False
    taken_back = package.taken_back + left_over
    taken = update(table(LessonPackage)).where(PACKAGE.id == package_id).values(left_over=0, taken_back=taken_back)
    await work.session.execute(taken)
    once = f"{package_id}:{taken_back}"
    work.announce(Event.PACKAGE_GRANTED, to=package.student_id, once=once, package_id=package_id, is_taken_back=True)
    return True


def check_size(lessons: int) -> None:
    if not 1 <= lessons <= MOST_LESSONS:
        raise BadPackage(MOST_LESSONS)


def check_price(price: Decimal | None) -> None:
    """Check a price, where None means no price; raises BadSetting."""
    if not row_of(Setting.PRICE).kind.allows(price):
        raise BadSetting(Setting.PRICE)


async def card(work: Work, *, package_id: int, viewer_id: int) -> PackageCard:
    """Return a package; raises NotFound unless the viewer is its tutor or its student."""
    its_people = or_(PACKAGE.tutor_id == viewer_id, PACKAGE.student_id == viewer_id)
    row = (await work.session.execute(CARDS.where(PACKAGE.id == package_id, its_people))).one_or_none()
    if row is None:
        raise NotFound
    return _card(row)


async def granted(work: Work, *, package_id: int, tutor_id: int) -> PackageCard:
    """Return a package that this tutor has granted; raises NotFound."""
    package = await card(work, package_id=package_id, viewer_id=tutor_id)
    if package.tutor_id != tutor_id:
        raise NotFound
    return package


async def of_student(work: Work, *, tutor_id: int, student_id: int, limit: int = 10) -> list[PackageCard]:
    """Return the packages of this student with this tutor, those with credit first, then the newest."""
    both = CARDS.where(*OF_BOTH).order_by((PACKAGE.left_over > 0).desc(), PACKAGE.id.desc()).limit(limit)
    return [_card(row) for row in await work.session.execute(both, {"tutor": tutor_id, "student": student_id})]


async def balance(work: Work, *, tutor_id: int, student_id: int) -> int:
    """Return how many lessons this student can still book with this tutor on packages."""
    left_over = select(func.coalesce(func.sum(PACKAGE.left_over), 0)).where(*OF_BOTH)
    total: int = (await work.session.execute(left_over, {"tutor": tutor_id, "student": student_id})).scalar_one()
    return total


async def last(work: Work, *, tutor_id: int, student_id: int, after: int = 0) -> int:
    """Return the id of the newest package of this tutor and student after the package `after`; 0 if there is none."""
    newest = select(func.max(PACKAGE.id)).where(*OF_BOTH, PACKAGE.id > after)
    return await work.session.scalar(newest, {"tutor": tutor_id, "student": student_id}) or 0


async def use_credit(work: Work, *, tutor_id: int, student_id: int) -> dict[str, Any]:
    """Use a credit for a new lesson, of the oldest package first; return the lesson's terms, {} without a credit."""
    both = {"tutor": tutor_id, "student": student_id}
    package = (await work.session.execute(OLDEST_WITH_CREDIT, both)).one_or_none()
    if package is None or not await _take(work, package.id):
        return {}
    subject = {"subject": package.subject} if package.subject else {}
    terms = {"lesson_type": LessonType.PACKAGE, "package_id": package.id, "holds_credit": True, "price": None}
    return terms | subject


async def use_credit_again(work: Work, booking: AnyRow) -> None:
    """Use a credit again for a lesson that had returned it; raises NoCreditLeft."""
    if booking.package_id is None or booking.holds_credit:
        return
    if not await _take(work, booking.package_id):
        raise NoCreditLeft
    await work.session.execute(_bookings_credit(booking.id, is_used=False).values(holds_credit=True))


async def give_back(work: Work, booking: AnyRow) -> None:
    """Return the lesson's credit to its package, if the lesson uses one."""
    given: Any = await work.session.execute(_bookings_credit(booking.id, is_used=True).values(holds_credit=False))
    if given.rowcount:
        more = update(table(LessonPackage)).where(PACKAGE.id == booking.package_id)
        await work.session.execute(more.values(left_over=PACKAGE.left_over + 1))


async def _take(work: Work, package_id: int) -> bool:
    less = update(table(LessonPackage)).where(PACKAGE.id == package_id, PACKAGE.left_over > 0)
    taken: Any = await work.session.execute(less.values(left_over=PACKAGE.left_over - 1))
    return bool(taken.rowcount)


def _bookings_credit(booking_id: int, *, is_used: bool) -> Any:
    row = table(Booking)
    return update(row).where(row.c.id == booking_id, row.c.holds_credit.is_(is_used), row.c.package_id.is_not(None))


async def _granted_before(work: Work, both: dict[str, int], package: NewPackage, *, after: int) -> int | None:
    of_both = PACKAGE.tutor_id == both["tutor_id"], PACKAGE.student_id == both["student_id"]
    newer = (await work.session.execute(select(*PACKAGE).where(*of_both, PACKAGE.id > after))).all()
    for row in newer:
        if all(getattr(row, name) == value for name, value in asdict(package).items()):
            return int(row.id)
    if newer:
        raise OtherPackageGranted
    return None


async def _check_student(work: Work, tutor_id: int, student_id: int) -> None:
    met = select(TutorStudent.student_id).where(
        TutorStudent.tutor_id == tutor_id, TutorStudent.student_id == student_id
    )
    if await work.session.scalar(met) is None:
        raise NotFound


def _check_words(subject: str | None, currency: str) -> None:
    named = subject is None or 1 <= len(subject) <= LONGEST_SUBJECT
    if not named or not re.fullmatch("[A-Z]{3}", currency):
        raise BadPackage(MOST_LESSONS)


def _card(row: AnyRow) -> PackageCard:
    return PackageCard(
        id=row.id,
        tutor_id=row.tutor_id,
        tutor_name=full_name(row.first_name, row.last_name),
        student_id=row.student_id,
        subject=row.subject,
        lessons=row.lessons,
        left_over=row.left_over,
        price=row.price,
        currency=row.currency,
        granted_at=row.granted_at,
        taken_back=row.taken_back,
    )
