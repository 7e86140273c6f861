"""
Lessons: asked for, agreed, called off.

Every change takes the tutor's row first, then the two people, so that changes around one tutor or one student go one
after the other; it writes its line of history and announces itself in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from core import booking_states, people, planning, reminders, slots, tutors
from core.booking_states import LIVE, Step
from core.errors import (
    LessonBegun,
    NotFound,
    OwnHours,
    ReasonMissing,
    StudentBusy,
    TimeTaken,
    TooManyLessons,
    TutorPaused,
)
from core.people import full_name
from core.work import Work
from db.base import AnyRow, AnySelect, table
from db.enums import BookingAction, BookingStatus, Event, LessonType
from db.models import Booking, BookingHistory, Person, TimeSlot, TutorSettings

LIVE_START = "uq_time_slot_live_start"
LIVE_START_SQLITE = "time_slot.tutor_id, time_slot.start_datetime"
MAX_REASON = 500

Tutor, Student = aliased(Person), aliased(Person)

CARDS = (
    select(
        *table(Booking).c,
        Tutor.first_name.label("tutor_first_name"),
        Tutor.last_name.label("tutor_last_name"),
        Student.first_name.label("student_first_name"),
        Student.last_name.label("student_last_name"),
        TutorSettings.timezone.label("tutor_timezone"),
    )
    .join(Tutor, Tutor.id == Booking.tutor_id)
    .join(Student, Student.id == Booking.student_id)
    .join(TutorSettings, TutorSettings.tutor_id == Booking.tutor_id)
)
CARD = CARDS.where(
    Booking.id == bindparam("booking_id"),
    or_(Booking.student_id == bindparam("viewer_id"), Booking.tutor_id == bindparam("viewer_id")),
)

SAME_REQUEST = select(Booking.id).where(
    Booking.tutor_id == bindparam("tutor_id"),
    Booking.student_id == bindparam("student_id"),
    Booking.starts_at == bindparam("starts_at"),
    Booking.status.in_(LIVE),
)
STUDENTS_LIVE = (
    select(
        Booking.student_id,
        Booking.starts_at,
        Booking.ends_at,
        TimeSlot.buffer_before,
        TimeSlot.buffer_after,
    )
    .join(TimeSlot, TimeSlot.id == Booking.slot_id)
    .where(
        or_(Booking.student_id == bindparam("student_id"), Booking.tutor_id == bindparam("student_id")),
        Booking.status.in_(LIVE),
        Booking.ends_at > bindparam("now"),
    )
)
INSERT_BOOKING = insert(table(Booking)).returning(table(Booking).c.id)
INSERT_HISTORY = insert(table(BookingHistory))


@dataclass(frozen=True, slots=True)
class LessonCard:
    """
    One lesson as one of its two people sees it. `notes` of the other side are not in it. `free_until` is the last
    instant at which the student cancels without paying.
    """

    id: int
    uid: UUID
    viewer_is_tutor: bool
    status: BookingStatus
    starts_at: datetime
    ends_at: datetime
    tutor_id: int
    tutor_name: str
    tutor_timezone: str
    student_id: int
    student_name: str
    lesson_type: LessonType
    subject: str | None
    price: Decimal | None
    currency: str
    free_until: datetime
    cancel_reason: str | None
    is_charged: bool
    expires_at: datetime | None

    def is_charged_at(self, now: datetime) -> bool:
        """Whether the student would pay for cancelling at this instant."""
        return booking_states.is_charged(
            now=now, status=self.status, lesson_type=self.lesson_type, free_until=self.free_until
        )

    @property
    def other_name(self) -> str:
        return self.student_name if self.viewer_is_tutor else self.tutor_name


@dataclass(frozen=True, slots=True)
class Desk:
    """`pending` requests wait for this person's answer."""

    pending: int
    next_lesson: LessonCard | None


async def request(work: Work, *, tutor_id: int, student_id: int, starts_at: datetime) -> LessonCard:
    """
    Ask for a lesson, or book it at once where the tutor accepts everybody.

    - asking twice for the same time returns the first request
    - the slot is held from now on; the tutor hears of it
    - raises OwnHours, NotATutor, TutorPaused, StudentBusy, TooManyLessons and whatever slots.check raises
    """
    if tutor_id == student_id:
        raise OwnHours
    settings = await tutors.lock(work, tutor_id)
    await people.lock(work, tutor_id, student_id)
    same = {"tutor_id": tutor_id, "student_id": student_id, "starts_at": starts_at}
    booked = await work.session.scalar(SAME_REQUEST, same)
    if booked is None:
        lesson = await slots.check(work, settings, starts_at, length=settings.default_lesson_duration)
        await _check_student(work, settings, lesson, student_id=student_id)
        booked = await _write(work, settings, lesson, student_id=student_id)
    return await card(work, booking_id=booked, viewer_id=student_id)


async def confirm(work: Work, *, booking_id: int, tutor_id: int) -> LessonCard:
    """
    Agree to a lesson: reminders are made, the student hears of it.

    - confirming twice returns the confirmed lesson
    - raises NotFound, AlreadySettled, LessonBegun, TimeTaken
    """
    settings, booking = await _lock(work, booking_id, tutor_id=tutor_id)
    if not booking_states.is_done(booking.status, Step.CONFIRM):
        status = booking_states.after(booking.status, Step.CONFIRM)
        _check_ahead(work, booking)
        length = booking.ends_at - booking.starts_at
        await slots.check(work, settings, booking.starts_at, length=length, by_tutor=True, except_slot=booking.slot_id)
        await _change(work, booking, status, action=BookingAction.CONFIRMED, by=tutor_id, expires_at=None)
        await _schedule_reminders(work, booking)
        work.announce(Event.BOOKING_CONFIRMED, to=booking.student_id, booking_id=booking.id, once=f"{booking.id}")
    return await card(work, booking_id=booking_id, viewer_id=tutor_id)


async def decline(work: Work, *, booking_id: int, tutor_id: int, reason: str | None = None) -> LessonCard:
    """
    Say no to a request; the time is offered again at once and the student hears of it, with the reason if there is one.

    - declining twice returns the declined lesson
    - raises NotFound, AlreadySettled
    """
    _, booking = await _lock(work, booking_id, tutor_id=tutor_id)
    if not booking_states.is_done(booking.status, Step.DECLINE):
        status = booking_states.after(booking.status, Step.DECLINE)
        await _call_off(work, booking, status, action=BookingAction.DECLINED, by=tutor_id, reason=reason)
        work.announce(Event.BOOKING_DECLINED, to=booking.student_id, booking_id=booking.id, once=f"{booking.id}")
    return await card(work, booking_id=booking_id, viewer_id=tutor_id)


async def cancel(work: Work, *, booking_id: int, actor_id: int, reason: str | None = None) -> LessonCard:
    """
    Call a lesson off, by the student or the tutor; the time is offered again at once and the other side hears of it.

    - a student who is late for the policy is charged (never for a trial, never for an unanswered request)
    - a tutor has to say why
    - cancelling twice returns the cancelled lesson
    - raises NotFound, AlreadySettled, LessonBegun, ReasonMissing
    """
    _, booking = await _lock(work, booking_id, participant_id=actor_id)
    by_tutor = booking.tutor_id == actor_id
    step = Step.CANCEL_BY_TUTOR if by_tutor else Step.CANCEL_BY_STUDENT
    if not booking_states.is_done(booking.status, step):
        status = booking_states.after(booking.status, step)
        _check_ahead(work, booking)
        if by_tutor and not reason:
            raise ReasonMissing
        charged = not by_tutor and _is_charged(work, booking)
        action = BookingAction.CANCELLED
        await _call_off(work, booking, status, action=action, by=actor_id, reason=reason, is_charged=charged)
        other = booking.student_id if by_tutor else booking.tutor_id
        work.announce(Event.BOOKING_CANCELLED, to=other, booking_id=booking.id, once=f"{booking.id}")
    return await card(work, booking_id=booking_id, viewer_id=actor_id)


async def expire(work: Work, *, booking_id: int) -> bool:
    """Let a request lapse that nobody answered in time; both hear of it. Return whether it did."""
    _, booking = await _lock(work, booking_id)
    if booking.status != BookingStatus.PENDING or booking.expires_at > work.now:
        return False
    status = booking_states.after(booking.status, Step.EXPIRE)
    await _call_off(work, booking, status, action=BookingAction.EXPIRED, by=None)
    for person_id in (booking.student_id, booking.tutor_id):
        work.announce(Event.BOOKING_EXPIRED, to=person_id, booking_id=booking.id, once=f"{booking.id}")
    return True


async def lapsed(work: Work, *, limit: int = 100) -> list[int]:
    """Return requests whose time to be answered is over."""
    overdue = (
        select(Booking.id)
        .where(Booking.status == BookingStatus.PENDING, Booking.expires_at <= work.now)
        .order_by(Booking.expires_at)
        .limit(limit)
    )
    return list(await work.session.scalars(overdue))


async def next_lapse(work: Work) -> datetime | None:
    pending = Booking.status == BookingStatus.PENDING
    at: datetime | None = await work.session.scalar(select(func.min(Booking.expires_at)).where(pending))
    return at


async def card(work: Work, *, booking_id: int, viewer_id: int) -> LessonCard:
    """Return the lesson as this person sees it; raises NotFound for everybody but its two people."""
    row = (await work.session.execute(CARD, {"booking_id": booking_id, "viewer_id": viewer_id})).one_or_none()
    if row is None:
        raise NotFound
    return _card(row, viewer_id)


async def upcoming(work: Work, *, person_id: int, limit: int, offset: int = 0) -> list[LessonCard]:
    """Return the lessons ahead and under way of this person on either side, the nearest first."""
    ahead = CARDS.where(
        or_(Booking.student_id == person_id, Booking.tutor_id == person_id),
        Booking.status.in_(LIVE),
        Booking.ends_at > work.now,
    )
    return await _page(work, ahead, person_id, limit=limit, offset=offset)


async def desk(work: Work, *, person_id: int) -> Desk:
    """Return what stands on this person's desk now."""
    waiting = select(func.count()).where(
        Booking.tutor_id == person_id, Booking.status == BookingStatus.PENDING, Booking.starts_at > work.now
    )
    ahead = await upcoming(work, person_id=person_id, limit=1)
    return Desk(await work.session.scalar(waiting) or 0, ahead[0] if ahead else None)


async def pending(work: Work, *, tutor_id: int, limit: int, offset: int = 0) -> list[LessonCard]:
    """Return the requests that wait for this tutor's answer, the nearest lesson first."""
    waiting = CARDS.where(
        Booking.tutor_id == tutor_id, Booking.status == BookingStatus.PENDING, Booking.starts_at > work.now
    )
    return await _page(work, waiting, tutor_id, limit=limit, offset=offset)


async def _page(work: Work, cards: AnySelect, viewer_id: int, *, limit: int, offset: int) -> list[LessonCard]:
    ordered = cards.order_by(Booking.starts_at, Booking.id).limit(limit).offset(offset)
    return [_card(row, viewer_id) for row in await work.session.execute(ordered)]


async def _check_student(work: Work, settings: AnyRow, lesson: planning.Span, *, student_id: int) -> None:
    live = (await work.session.execute(STUDENTS_LIVE, {"student_id": student_id, "now": work.now})).all()
    meant = planning.Busy(lesson.starts_at, lesson.ends_at, kind=planning.BusyKind.CLOSED)
    if any(planning.overlaps(meant, _students_busy(row, student_id)) for row in live):
        raise StudentBusy(lesson.starts_at)
    if sum(row.student_id == student_id for row in live) >= work.policies.max_active_lessons:
        raise TooManyLessons(work.policies.max_active_lessons)
    if not settings.accepts_new_students and not await _is_known(work, settings.tutor_id, student_id):
        raise TutorPaused


def _students_busy(row: AnyRow, student_id: int) -> planning.Busy:
    """A student who teaches too needs the buffers around the lessons they give."""
    kind = planning.BusyKind.CLOSED if row.student_id == student_id else planning.BusyKind.OWN
    return planning.Busy(row.starts_at, row.ends_at, row.buffer_before, row.buffer_after, kind)


async def _is_known(work: Work, tutor_id: int, student_id: int) -> bool:
    agreed = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED)
    lesson = select(Booking.id).where(
        Booking.tutor_id == tutor_id, Booking.student_id == student_id, Booking.status.in_(agreed)
    )
    return await work.session.scalar(lesson.limit(1)) is not None


async def _write(work: Work, settings: AnyRow, lesson: planning.Span, *, student_id: int) -> int:
    starts_at, ends_at = lesson
    slot_id = await _hold(work, settings, lesson)
    booking_id: int = (
        await work.session.execute(
            INSERT_BOOKING,
            {
                "booking_id": uuid4(),
                "lineage_id": uuid4(),
                "student_id": student_id,
                "tutor_id": settings.tutor_id,
                "slot_id": slot_id,
                "starts_at": starts_at,
                "ends_at": ends_at,
                **_terms(work, settings, starts_at),
            },
        )
    ).scalar_one()
    await _remember(work, booking_id, BookingAction.REQUESTED, by=student_id, auto_accept=settings.auto_accept)
    if settings.auto_accept:
        both = (student_id, settings.tutor_id)
        await reminders.schedule(work, booking_id=booking_id, starts_at=starts_at, recipient_ids=both)
    work.announce(Event.BOOKING_CREATED, to=settings.tutor_id, booking_id=booking_id, once=f"{booking_id}")
    await tutors.meet(work, tutor_id=settings.tutor_id, student_id=student_id)
    return booking_id


def _terms(work: Work, settings: AnyRow, starts_at: datetime) -> dict[str, Any]:
    """What was in force when the lesson was made stays in force for it."""
    expires_at = booking_states.request_expires_at(
        now=work.now,
        starts_at=starts_at,
        after_request=work.policies.request_expires_after,
        before_start=work.policies.request_expires_before_start,
    )
    return {
        "lesson_type": LessonType.REGULAR,
        "status": BookingStatus.CONFIRMED if settings.auto_accept else BookingStatus.PENDING,
        "price": settings.price,
        "currency": settings.currency,
        "cancellation_policy": settings.cancellation_policy,
        "free_cancellation": booking_states.FREE_CANCELLATION[settings.cancellation_policy],
        "sequence": 0,
        "is_charged": False,
        "is_waived": False,
        "holds_credit": False,
        "expires_at": None if settings.auto_accept else expires_at,
        "created_at": work.now,
    }


async def _hold(work: Work, settings: AnyRow, lesson: planning.Span) -> int:
    """The check before should have seen it; if a lesson got in all the same, the index is the last line."""
    try:
        return await slots.book(work, settings, starts_at=lesson.starts_at, ends_at=lesson.ends_at)
    except IntegrityError as error:
        if LIVE_START in str(error.orig) or LIVE_START_SQLITE in str(error.orig):
            raise TimeTaken(lesson.starts_at) from error
        raise


async def _lock(
    work: Work, booking_id: int, *, tutor_id: int | None = None, participant_id: int | None = None
) -> tuple[AnyRow, AnyRow]:
    """Lock the tutor and then read the booking, which may have changed while we waited; raises NotFound."""
    owner = await work.session.scalar(select(Booking.tutor_id).where(Booking.id == booking_id))
    if owner is None or tutor_id not in (None, owner):
        raise NotFound
    settings = await tutors.lock(work, owner)
    booking = (await work.session.execute(select(*table(Booking).c).where(Booking.id == booking_id))).one()
    if participant_id not in (None, booking.tutor_id, booking.student_id):
        raise NotFound
    return settings, booking


def _check_ahead(work: Work, booking: AnyRow) -> None:
    if booking.starts_at <= work.now:
        raise LessonBegun(booking.starts_at)


async def _call_off(
    work: Work,
    booking: AnyRow,
    status: BookingStatus,
    *,
    action: BookingAction,
    by: int | None,
    reason: str | None = None,
    is_charged: bool = False,
) -> None:
    reason = reason[:MAX_REASON] if reason else None
    changes = {"slot_id": None, "cancel_reason": reason, "is_charged": is_charged, "expires_at": None}
    await _change(work, booking, status, action=action, by=by, **changes)
    await slots.release(work, booking.slot_id)
    await reminders.call_off(work, booking.id)


async def _change(
    work: Work, booking: AnyRow, status: BookingStatus, *, action: BookingAction, by: int | None, **changes: Any
) -> None:
    await work.session.execute(
        update(Booking)
        .where(Booking.id == booking.id)
        .values(status=status, **changes)
        .execution_options(synchronize_session=False)
    )
    told = {name: value for name, value in changes.items() if name in ("cancel_reason", "is_charged") and value}
    await _remember(work, booking.id, action, by=by, status=status, before=booking.status, **told)


async def _remember(work: Work, booking_id: int, action: BookingAction, *, by: int | None, **details: Any) -> None:
    line = {
        "booking_id": booking_id,
        "action": action,
        "performed_by": by,
        "details": details,
        "created_at": work.now,
    }
    await work.session.execute(INSERT_HISTORY, line)


def _is_charged(work: Work, booking: AnyRow) -> bool:
    return booking_states.is_charged(
        now=work.now, status=booking.status, lesson_type=booking.lesson_type, free_until=_free_until(booking)
    )


async def _schedule_reminders(work: Work, booking: AnyRow) -> None:
    both = (booking.student_id, booking.tutor_id)
    await reminders.schedule(work, booking_id=booking.id, starts_at=booking.starts_at, recipient_ids=both)


def _free_until(booking: AnyRow) -> datetime:
    return booking_states.free_until(
        starts_at=booking.starts_at, made_at=booking.created_at, free_cancellation=booking.free_cancellation
    )


def _card(row: AnyRow, viewer_id: int) -> LessonCard:
    return LessonCard(
        id=row.id,
        uid=row.booking_id,
        viewer_is_tutor=row.tutor_id == viewer_id,
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        tutor_id=row.tutor_id,
        tutor_name=full_name(row.tutor_first_name, row.tutor_last_name),
        tutor_timezone=row.tutor_timezone,
        student_id=row.student_id,
        student_name=full_name(row.student_first_name, row.student_last_name),
        lesson_type=row.lesson_type,
        subject=row.subject,
        price=row.price,
        currency=row.currency,
        free_until=_free_until(row),
        cancel_reason=row.cancel_reason,
        is_charged=row.is_charged,
        expires_at=row.expires_at,
    )
