"""
Lessons: asked for, agreed, called off.

Every change takes the tutor's row first, then the two people, so that changes around one tutor or one student go one
after the other; it writes its line of history and announces itself in the same transaction.
"""

from datetime import datetime

from sqlalchemy import func, select

from core.errors import ChargeNotSaid, OwnHours, ReasonMissing, StudentsTurn, TermsChanged
from core.lessons import holds, lesson_offers, moves
from core.lessons.booking_changes import call_off, check_ahead, is_charged, lock
from core.lessons.lessons import Desk, LessonCard, card, desk, past, pending, upcoming
from core.lessons.new_bookings import MOST_CHARACTERS, asked_before, checked_note, write
from core.people import people, tutors
from core.pure import booking_states
from core.pure.booking_states import Step
from core.pure.planning import Span
from core.work import Work
from db.enums import BookingAction, BookingStatus, Event, LessonType
from db.models import Booking

__all__ = [
    "MOST_CHARACTERS",
    "Desk",
    "LessonCard",
    "cancel",
    "card",
    "checked_note",
    "confirm",
    "decline",
    "desk",
    "expire",
    "lapsed",
    "next_lapse",
    "past",
    "pending",
    "request",
    "upcoming",
]


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
    Ask for a lesson, or book it at once where the tutor accepts everybody.

    - asking twice for the same time returns the first request
    - `terms` is the mark of the LessonOffer that the student was shown; without it, whatever holds now
    - a regular lesson is taken from a package where there is credit; a trial costs nothing, once for these two
    - the slot is held from now on; the tutor hears of it
    - raises OwnHours, NotATutor, NoteTooLong, TutorPaused, StudentBusy, TooManyLessons, TrialNotOffered, TrialUsed,
      CreditGone, TermsChanged and whatever slots.check raises
    """
    if tutor_id == student_id:
        raise OwnHours
    note = checked_note(note)
    settings = await tutors.lock(work, tutor_id)
    await people.lock(work, tutor_id, student_id)
    booked = await asked_before(work, tutor_id=tutor_id, student_id=student_id, starts_at=starts_at)
    if booked is None:
        offer = await lesson_offers.make(work, settings, starts_at, student_id=student_id, kind=kind)
        if terms not in (None, offer.mark):
            raise TermsChanged
        lesson = Span(offer.starts_at, offer.ends_at)
        booked = await write(work, settings, lesson, student_id=student_id, kind=kind, note=note)
        await holds.release(work, student_id)
    return await card(work, booking_id=booked, viewer_id=student_id)


async def confirm(work: Work, *, booking_id: int, tutor_id: int) -> LessonCard:
    """
    Agree to a lesson: reminders are made, the student hears of it.

    - where a lesson was to be moved, the new time takes over from the old one
    - confirming twice returns the confirmed lesson
    - raises NotFound, AlreadySettled, StudentsTurn, LessonBegun, TimeTaken
    """
    settings, booking = await lock(work, booking_id, tutor_id=tutor_id)
    if not booking_states.is_done(booking.status, Step.CONFIRM):
        if (await card(work, booking_id=booking_id, viewer_id=tutor_id)).is_proposal:
            raise StudentsTurn
        await moves.agree(work, settings, booking, by=tutor_id)
    return await card(work, booking_id=booking_id, viewer_id=tutor_id)


async def decline(work: Work, *, booking_id: int, tutor_id: int, reason: str | None = None) -> LessonCard:
    """
    Say no to a request; the time is offered again at once and the student hears of it, with the reason if there is one.

    - declining twice returns the declined lesson
    - raises NotFound, AlreadySettled
    """
    _, booking = await lock(work, booking_id, tutor_id=tutor_id)
    if not booking_states.is_done(booking.status, Step.DECLINE):
        status = booking_states.after(booking.status, Step.DECLINE)
        is_wish = await moves.lesson_behind(work, booking) is not None
        action = BookingAction.MOVE_DECLINED if is_wish else BookingAction.DECLINED
        await call_off(work, booking, status, action=action, by=tutor_id, reason=reason)
        event = Event.MOVE_DECLINED if is_wish else Event.BOOKING_DECLINED
        work.announce(event, to=booking.student_id, booking_id=booking.id, once=f"{booking.id}")
    return await card(work, booking_id=booking_id, viewer_id=tutor_id)


async def cancel(
    work: Work, *, booking_id: int, actor_id: int, reason: str | None = None, charge_accepted: bool = False
) -> LessonCard:
    """
    Call a lesson off, by the student or the tutor; the time is offered again at once and the other side hears of it.

    - a student who is late for the policy is charged, having said yes to that (never for a trial, for an unanswered
      request, when the tutor has asked to move it, or before the student has said yes to what the tutor settled alone)
    - a tutor has to say why
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
        is_wish = await moves.lesson_behind(work, booking) is not None
        await moves.drop_wish(work, booking, by=actor_id)
        action = BookingAction.MOVE_DECLINED if is_wish else BookingAction.CANCELLED
        await call_off(work, booking, status, action=action, by=actor_id, reason=reason, is_charged=charged)
        other = booking.student_id if by_tutor else booking.tutor_id
        event = Event.MOVE_DECLINED if is_wish else Event.BOOKING_CANCELLED
        work.announce(event, to=other, booking_id=booking.id, once=f"{booking.id}")
    return await card(work, booking_id=booking_id, viewer_id=actor_id)


async def expire(work: Work, *, booking_id: int) -> bool:
    """Let a request lapse that nobody answered in time; both hear of it. Return whether it did."""
    _, booking = await lock(work, booking_id)
    if booking.status != BookingStatus.PENDING or booking.expires_at > work.now:
        return False
    status = booking_states.after(booking.status, Step.EXPIRE)
    await call_off(work, booking, status, action=BookingAction.EXPIRED, by=None)
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
