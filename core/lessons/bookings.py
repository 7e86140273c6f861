"""
Requests for lessons, and their end: confirmed, declined, cancelled, expired.

Every change locks the tutor's row first, then the rows of the two people, so that changes for one tutor or one student
happen one after the other. Its line of history and its notices are written in the same transaction.
"""

from datetime import datetime

from sqlalchemy import func, select

from core.errors import (
    ChargeNotSaid,
    NoteTooLong,
    OwnHours,
    ReasonMissing,
    StudentsTurn,
    TermsChanged,
)
from core.lessons import lesson_offers, packages
from core.lessons.changes import (
    call_off,
    change,
    check_ahead,
    drop_move_request,
    hand_over,
    insert_booking,
    is_charged,
    lesson_behind,
    lock,
    remember,
    remind_both,
    same_booking,
    terms_now,
)
from core.lessons.lessons import LessonCard, card
from core.people import people, reminders, tutors
from core.pure import booking_states, video_rooms
from core.pure.booking_states import Step
from core.pure.planning.values import Span
from core.times import slots
from core.times.schedules import Asker
from core.work import Work
from db.base import AnyRow
from db.enums import BookingAction, BookingStatus, Event, LessonType
from db.models.booking import Booking

LONGEST_NOTE = 1000  # of a student's note


async def request(
    work: Work,
    *,
    tutor_id: int,
    student_id: int,
    starts_at: datetime,
    kind: LessonType = LessonType.REGULAR,
    terms: int | None = None,
    note: str | None = None,
) -> LessonCard:
    """
    Ask for a lesson; it is booked at once if the tutor accepts all requests (`auto_accept`).

    - asking twice for the same time returns the first request
    - `terms` is the mark of the LessonOffer that the student was shown; without it, today's terms apply
    - a package with credit pays for a regular lesson; a trial is free, once for this student and tutor
    - the slot is booked from now on; the tutor is notified
    - raises OwnHours, NotATutor, NoteTooLong, TutorPaused, StudentBusy, TooManyLessons, TrialNotOffered, TrialUsed,
      CreditGone, TermsChanged and what slots.check raises
    """
    if tutor_id == student_id:
        raise OwnHours
    note = checked_note(note)
    settings = await tutors.lock(work, tutor_id)
    await people.lock(work, tutor_id, student_id)
    booked = await same_booking(work, tutor_id=tutor_id, student_id=student_id, starts_at=starts_at)
    if booked is None:
        offer = await lesson_offers.make(work, settings, starts_at, student_id=student_id, kind=kind)
        if terms not in (None, offer.mark):
            raise TermsChanged
        lesson = Span(offer.starts_at, offer.ends_at)
        booked = await _write(work, settings, lesson, student_id=student_id, kind=kind, note=note)
        await lesson_offers.delete_hold(work, student_id)
    return await card(work, booking_id=booked, viewer_id=student_id)


def checked_note(text: str | None) -> str | None:
    """Return a student's note for the tutor, None if it is empty; raises NoteTooLong."""
    note = (text or "").strip()
    if len(note) > LONGEST_NOTE:
        raise NoteTooLong(LONGEST_NOTE)
    return note or None


async def _write(
    work: Work,
    settings: AnyRow,
    lesson: Span,
    *,
    student_id: int,
    kind: LessonType = LessonType.REGULAR,
    note: str | None = None,
) -> int:
    starts_at, _ = lesson
    terms = terms_now(work, settings, starts_at, is_agreed=settings.auto_accept)
    if kind is LessonType.TRIAL:
        terms |= {"lesson_type": kind, "price": None}
    else:
        terms |= await packages.use_credit(work, tutor_id=settings.tutor_id, student_id=student_id)
    booking_id = await insert_booking(work, settings, lesson, student_id=student_id, student_notes=note, **terms)
    await remember(work, booking_id, BookingAction.REQUESTED, by=student_id, auto_accept=settings.auto_accept)
    if settings.auto_accept:
        both = (student_id, settings.tutor_id)
        await reminders.schedule(work, booking_id=booking_id, starts_at=starts_at, recipient_ids=both)
    work.announce(Event.BOOKING_CREATED, to=settings.tutor_id, booking_id=booking_id, once=f"{booking_id}")
    await tutors.meet(work, tutor_id=settings.tutor_id, student_id=student_id)
    return booking_id


async def confirm(work: Work, *, booking_id: int, tutor_id: int) -> LessonCard:
    """
    Confirm a request: make its reminders and notify the student.

    - if it is a move request, the new booking replaces the old one
    - confirming twice returns the confirmed lesson
    - raises NotFound, AlreadySettled, StudentsTurn, LessonBegun, TimeTaken
    """
    settings, booking = await lock(work, booking_id, tutor_id=tutor_id)
    if not booking_states.is_done(booking.status, Step.CONFIRM):
        if (await card(work, booking_id=booking_id, viewer_id=tutor_id)).is_proposal:
            raise StudentsTurn
        await agree(work, settings, booking, by=tutor_id)
    return await card(work, booking_id=booking_id, viewer_id=tutor_id)


async def agree(work: Work, settings: AnyRow, booking: AnyRow, *, by: int) -> None:
    """
    Confirm a request or a move request for the tutor, or a proposal for the student (answers.accept).

    The other person is notified.
    """
    await people.lock(work, booking.tutor_id, booking.student_id)  # `agree` makes their reminders
    status = booking_states.after(booking.status, Step.CONFIRM)
    behind = await lesson_behind(work, booking)
    await _check_still_possible(work, settings, booking, behind)
    if behind is not None:
        await hand_over(work, behind, by=by)
    credit = booking.holds_credit if behind is None else behind.holds_credit
    room = booking.classroom_id or video_rooms.new_id()
    agreed = {"expires_at": None, "holds_credit": credit, "classroom_id": room}
    await change(work, booking, status, action=BookingAction.CONFIRMED, by=by, **agreed)
    await remind_both(work, booking)
    event = Event.BOOKING_CONFIRMED if behind is None else Event.BOOKING_RESCHEDULED
    other = booking.student_id if by == booking.tutor_id else booking.tutor_id
    work.announce(event, to=other, booking_id=booking.id, once=f"{booking.id}")


async def _check_still_possible(work: Work, settings: AnyRow, booking: AnyRow, behind: AnyRow | None) -> None:
    check_ahead(work, booking)
    if behind is not None:
        check_ahead(work, behind)
    length, leaving = booking.ends_at - booking.starts_at, behind.slot_id if behind else None
    asker = Asker(by_tutor=True, except_slot=booking.slot_id, leaving=leaving)
    await slots.check(work, settings, booking.starts_at, asker, length=length)


async def decline(work: Work, *, booking_id: int, tutor_id: int, reason: str | None = None) -> LessonCard:
    """
    Decline a request; the time is offered again at once. The student is notified, with the reason if there is one.

    - declining twice returns the declined lesson
    - raises NotFound, AlreadySettled
    """
    _, booking = await lock(work, booking_id, tutor_id=tutor_id)
    if not booking_states.is_done(booking.status, Step.DECLINE):
        status = booking_states.after(booking.status, Step.DECLINE)
        is_move_request = await lesson_behind(work, booking) is not None
        action = BookingAction.MOVE_DECLINED if is_move_request else BookingAction.DECLINED
        await call_off(work, booking, status, action=action, by=tutor_id, reason=reason)
        event = Event.MOVE_DECLINED if is_move_request else Event.BOOKING_DECLINED
        work.announce(event, to=booking.student_id, booking_id=booking.id, once=f"{booking.id}")
    return await card(work, booking_id=booking_id, viewer_id=tutor_id)


async def cancel(
    work: Work, *, booking_id: int, actor_id: int, reason: str | None = None, charge_accepted: bool = False
) -> LessonCard:
    """
    Cancel a lesson, by the student or the tutor; the time is offered again at once, and the other person is notified.

    - a student who cancels late is charged and has to accept that; for the exceptions see deadlines.is_chargeable
    - a tutor has to give a reason
    - cancelling twice returns the cancelled lesson
    - raises NotFound, AlreadySettled, LessonBegun, ReasonMissing, ChargeNotSaid
    """
    _, booking = await lock(work, booking_id, participant_id=actor_id)
    by_tutor = booking.tutor_id == actor_id
    step = Step.CANCEL_BY_TUTOR if by_tutor else Step.CANCEL_BY_STUDENT
    if not booking_states.is_done(booking.status, step):
        status = booking_states.after(booking.status, step)
        check_ahead(work, booking)
        if by_tutor and not reason:
            raise ReasonMissing
        charged = not by_tutor and await is_charged(work, booking)
        if charged and not charge_accepted:
            raise ChargeNotSaid
        is_move_request = await lesson_behind(work, booking) is not None
        await drop_move_request(work, booking, by=actor_id)
        action = BookingAction.MOVE_DECLINED if is_move_request else BookingAction.CANCELLED
        await call_off(work, booking, status, action=action, by=actor_id, reason=reason, is_charged=charged)
        other = booking.student_id if by_tutor else booking.tutor_id
        event = Event.MOVE_DECLINED if is_move_request else Event.BOOKING_CANCELLED
        work.announce(event, to=other, booking_id=booking.id, once=f"{booking.id}")
    return await card(work, booking_id=booking_id, viewer_id=actor_id)


async def expire(work: Work, *, booking_id: int) -> bool:
    """Expire a request that nobody answered in time and notify both. Return whether it expired."""
    _, booking = await lock(work, booking_id)
    if booking.status != BookingStatus.PENDING or booking.expires_at > work.now:
        return False
    status = booking_states.after(booking.status, Step.EXPIRE)
    await call_off(work, booking, status, action=BookingAction.EXPIRED, by=None)
    for person_id in (booking.student_id, booking.tutor_id):
        work.announce(Event.BOOKING_EXPIRED, to=person_id, booking_id=booking.id, once=f"{booking.id}")
    return True


async def lapsed(work: Work, *, limit: int = 100) -> list[int]:
    """Return the ids of requests that are due to expire."""
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
