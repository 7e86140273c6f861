"""
Delete an account.

Rows of this person only are deleted. A lesson is also the other person's: it stays, but without the name of the person
who leaves, and without text by or about them. If they return with the same Telegram account, they are a new person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update

from core.errors import ChargeNotSaid, NotFound
from core.lessons import changes
from core.lessons.changes import call_off, is_charged
from core.people import channels, people, tutors
from core.people.people import GONE, full_name
from core.pure import booking_states
from core.pure.booking_states import LIVE, Step
from core.work import Work
from db.base import AnyRow, table
from db.enums import BookingAction, BookingStatus, Event, SlotStatus
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.busy_time import BusyTime
from db.models.date_exception import DateException
from db.models.external_calendar import ExternalCalendar
from db.models.lesson_message import LessonMessage
from db.models.lesson_package import LessonPackage
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from db.models.slot_hold import SlotHold
from db.models.talk import Talk
from db.models.time_slot import TimeSlot
from db.models.tutor_application import TutorApplication
from db.models.tutor_availability import TutorAvailability
from db.models.tutor_settings import TutorSettings
from db.models.tutor_student import TutorStudent

WORDS = "cancel_reason"  # the only text in a line of history

# Rows of this person only
GOES: tuple[Any, ...] = (
    Talk.person_id,
    LessonMessage.person_id,
    Reminder.recipient_id,
    Notification.recipient_id,
    SlotHold.student_id,
    SlotHold.tutor_id,
    TutorApplication.person_id,
    TutorStudent.student_id,
    TutorStudent.tutor_id,
    DateException.tutor_id,
    TutorAvailability.tutor_id,
    BusyTime.tutor_id,
    ExternalCalendar.tutor_id,
)
# Rows that are also the other person's
STAYS: tuple[Any, ...] = (Booking.student_id, Booking.tutor_id, LessonPackage.student_id, LessonPackage.tutor_id)

NOBODY: dict[str, Any] = {
    **{address.key: None for address in channels.ADDRESSES},
    "first_name": GONE,
    "last_name": None,
    "username": None,
    "timezone": None,
    "is_tutor": False,
    "is_operator": False,
    "has_own_name": False,
    "reminders_before": None,
    "quiet_from": None,
    "quiet_until": None,
    "calendar_code": None,
    "heard_update_id": None,
    "unreachable_since": None,
}
NO_LONGER_TEACHING: dict[str, Any] = {
    "about": None,
    "subjects": [],
    "languages": [],
    "room_url": None,
    "country": None,
    "is_listed": False,
    "accepts_new_students": False,
}


@dataclass(frozen=True, slots=True)
class Ends:
    """
    What ends when a person leaves. `lessons` counts lessons and requests ahead, as tutor and as student; `charged` of
    them are cancelled too late. `credits` are the person's unused prepaid lessons, `owed` those of their students.
    """

    lessons: int
    charged: int
    credits: int
    owed: int


async def ends(work: Work, *, person_id: int) -> Ends:
    ahead = await _ahead(work, person_id)
    lessons = [booking for booking in ahead if await changes.lesson_behind(work, booking) is None]
    return Ends(
        lessons=len(lessons),
        charged=len(await _charged(work, ahead, person_id)),
        credits=await _left_over(work, LessonPackage.student_id == person_id),
        owed=await _left_over(work, LessonPackage.tutor_id == person_id),
    )


async def leave(work: Work, *, person_id: int, charges_accepted: int) -> None:
    """
    Delete this person's account.

    - lessons ahead are cancelled and requests withdrawn; the other person is notified, for the last time with the name
    - a student who cancels too late is charged, after accepting that number of charges
    - students with unused lessons of a package are notified, too
    - students whom a tutor wrote down by name are deleted with the tutor
    - leaving twice does nothing more
    - raises ChargeNotSaid
    """
    try:
        name = await _lock(work, person_id)
    except NotFound:
        return
    ahead = await _ahead(work, person_id)
    charged = await _charged(work, ahead, person_id)
    if len(charged) > charges_accepted:
        raise ChargeNotSaid
    going = (*await _written_down(work, person_id), person_id)
    for one in going:  # first, so that nothing below is announced to them
        await _remove_own(work, one)
    for booking in ahead:
        await _call_off(work, booking, by=person_id, name=name, is_charged=booking.id in charged)
    await _tell_of_credits(work, person_id, name)
    await _close_teaching(work, person_id)
    for one in going:
        await _erase_words(work, one)
        await _erase_person(work, one)


async def _lock(work: Work, person_id: int) -> str:
    """Lock the tutors of all lessons concerned, then the person; return the person's name."""
    met = select(TutorStudent.tutor_id).where(TutorStudent.student_id == person_id)
    booked = select(Booking.tutor_id).where(Booking.student_id == person_id, Booking.status.in_(LIVE))
    around = select(TutorSettings.tutor_id).where(
        or_(TutorSettings.tutor_id == person_id, TutorSettings.tutor_id.in_(met), TutorSettings.tutor_id.in_(booked))
    )
    for tutor_id in (await work.session.scalars(around.order_by(TutorSettings.tutor_id))).all():
        await tutors.lock(work, tutor_id)
    await people.lock(work, person_id)
    names = select(Person.first_name, Person.last_name).where(Person.id == person_id)
    return full_name(*(await work.session.execute(names)).one())


async def _ahead(work: Work, person_id: int) -> Sequence[AnyRow]:
    """
    Return the bookings ahead, the latest first, so that a move request comes before its lesson; confirmed lessons that
    have begun are left out.
    """
    rows = select(*table(Booking).c).where(
        or_(Booking.student_id == person_id, Booking.tutor_id == person_id),
        Booking.status.in_(LIVE),
        or_(Booking.starts_at > work.now, Booking.status == BookingStatus.PENDING),
    )
    return (await work.session.execute(rows.order_by(Booking.id.desc()))).all()


async def _charged(work: Work, ahead: Sequence[AnyRow], person_id: int) -> set[int]:
    as_student = [booking for booking in ahead if booking.student_id == person_id]
    return {booking.id for booking in as_student if await is_charged(work, booking)}


async def _call_off(work: Work, booking: AnyRow, *, by: int, name: str, is_charged: bool) -> None:
    by_tutor = booking.tutor_id == by
    step = Step.CANCEL_BY_TUTOR if by_tutor else Step.CANCEL_BY_STUDENT
    status = booking_states.after(booking.status, step)
    is_move_request = await changes.lesson_behind(work, booking) is not None
    action = BookingAction.MOVE_DECLINED if is_move_request else BookingAction.CANCELLED
    await call_off(work, booking, status, action=action, by=by, is_charged=is_charged)
    if not is_move_request:
        other = booking.student_id if by_tutor else booking.tutor_id
        work.announce(Event.BOOKING_CANCELLED, to=other, booking_id=booking.id, once=f"{booking.id}", who_left=name)


async def _tell_of_credits(work: Work, tutor_id: int, name: str) -> None:
    """Notify the students who are in Telegram, once for each package."""
    package = table(LessonPackage).c
    left = select(package.id, package.student_id).join(Person, Person.id == package.student_id)
    rows = left.where(package.tutor_id == tutor_id, package.left_over > 0, Person.telegram_id.is_not(None))
    for row in (await work.session.execute(rows)).all():
        once = f"{row.id}:left"
        work.announce(Event.PACKAGE_GRANTED, to=row.student_id, once=once, package_id=row.id, who_left=name)


async def _written_down(work: Work, tutor_id: int) -> Sequence[int]:
    students = select(Person.id).join(TutorStudent, TutorStudent.student_id == Person.id)
    return (
        await work.session.scalars(students.where(TutorStudent.tutor_id == tutor_id, Person.telegram_id.is_(None)))
    ).all()


async def _remove_own(work: Work, person_id: int) -> None:
    for column in GOES:
        await work.session.execute(delete(table(column.class_)).where(column == person_id))
    slot = table(TimeSlot).c
    await work.session.execute(
        delete(table(TimeSlot)).where(slot.tutor_id == person_id, slot.status != SlotStatus.BOOKED)
    )
    asked = Notification.event == Event.TUTOR_ASKED, Notification.dedupe_key.endswith(f":{person_id}")
    await work.session.execute(delete(table(Notification)).where(*asked))


async def _erase_words(work: Work, person_id: int) -> None:
    """Erase the person's texts from lessons and packages. If a tutor leaves, the students' own notes stay."""
    row = table(Booking)
    no_words: dict[str, Any] = {"tutor_notes": None, WORDS: None}
    as_student = update(row).where(row.c.student_id == person_id).values(**no_words, student_notes=None)
    as_tutor = update(row).where(row.c.tutor_id == person_id).values(**no_words, subject=None)
    package = table(LessonPackage)
    granted = update(package).where(package.c.tutor_id == person_id).values(subject=None)
    for erased in (as_student, as_tutor, granted):
        await work.session.execute(erased)
    await _erase_history(work, person_id)


async def _erase_history(work: Work, person_id: int) -> None:
    line = table(BookingHistory)
    told = (
        select(line.c.id, line.c.details)
        .join(Booking, Booking.id == line.c.booking_id)
        .where(or_(Booking.student_id == person_id, Booking.tutor_id == person_id))
    )
    for row in (await work.session.execute(told)).all():
        if WORDS in row.details:
            rest = {name: value for name, value in row.details.items() if name != WORDS}
            await work.session.execute(update(line).where(line.c.id == row.id).values(details=rest))


async def _close_teaching(work: Work, person_id: int) -> None:
    """Stop the tutor's teaching. The row of settings stays, because lesson cards read the tutor's time zone from it."""
    if await work.session.scalar(select(TutorSettings.tutor_id).where(TutorSettings.tutor_id == person_id)):
        await tutors.renew_link(work, tutor_id=person_id)
        row = table(TutorSettings)
        await work.session.execute(update(row).where(row.c.tutor_id == person_id).values(NO_LONGER_TEACHING))


async def _erase_person(work: Work, person_id: int) -> None:
    """Delete the person's row; if rows that stay refer to it, only remove the personal data from it."""
    row = table(Person)
    is_shared = await work.session.scalar(select(or_(*(exists().where(column == person_id) for column in STAYS))))
    if is_shared:
        await work.session.execute(update(row).where(row.c.id == person_id).values(**NOBODY, left_at=work.now))
    else:
        await work.session.execute(delete(row).where(row.c.id == person_id))


async def _left_over(work: Work, of_packages: Any) -> int:
    return (
        await work.session.scalar(select(func.coalesce(func.sum(LessonPackage.left_over), 0)).where(of_packages)) or 0
    )
