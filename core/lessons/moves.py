"""
A lesson goes to another time: a new booking of the same lineage takes over from the old one.

    a lesson, by the tutor                  at once; the student may refuse
    a request, by the tutor                 proposed: held until the student says yes (moves.accept) or no
    by a student, accepted by everybody     at once
    by a student, otherwise                 a wish: the lesson stands until the tutor says yes (bookings.confirm)
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from core.errors import (
    AlreadySettled,
    LessonBegun,
    NotFound,
    SameTime,
    StudentBusy,
    StudentElsewhere,
    TimePassed,
    TooFarAhead,
    TooLateToMove,
)
from core.lessons import holds
from core.lessons.booking_changes import call_off, change, check_ahead, is_charged, lock, remember, remind_both
from core.lessons.lessons import LessonCard, card, free_until
from core.lessons.new_bookings import check_free, insert_booking, lapses_at
from core.lessons.writing_down import DAYS_AHEAD
from core.people import people, reminders
from core.pure import booking_states, video_rooms
from core.pure.booking_states import LIVE, Step
from core.pure.planning import Span
from core.times import offers, slots
from core.times.offers import DayOffer, MonthOffer, Moved
from core.times.schedules import Asker
from core.work import Work
from db.base import AnyRow, table
from db.enums import BookingAction, BookingStatus, Event
from db.models import Booking

TERMS = (
    "student_id",
    "tutor_id",
    "lineage_id",
    "subject",
    "lesson_type",
    "student_notes",
    "tutor_notes",
    "price",
    "currency",
    "classroom_id",
    "cancellation_policy",
    "free_cancellation",
    "package_id",
)
ROW = select(*table(Booking).c)
REPLACEMENTS = ROW.where(Booking.replaces_id == bindparam("lesson_id"), Booking.status.in_(LIVE))
LAST_SEQUENCE = select(func.max(Booking.sequence)).where(Booking.lineage_id == bindparam("lineage_id"))


async def move(work: Work, *, booking_id: int, actor_id: int, starts_at: datetime) -> LessonCard:
    """
    Hold this lesson then instead; return the booking of the new time, which a student may only have wished for.

    - a request goes along at once: its student asks for the new time, a tutor proposes it
    - the tutor may ignore notice, hours and limits for a year ahead, never another lesson; a student is bound by all
    - of a wish, the lesson that stands is moved, and the wish is dropped; to the very time wished for: it is agreed to
    - moving twice returns the first one's booking
    - raises NotFound, AlreadySettled, LessonBegun, TooLateToMove, SameTime, TimePassed, StudentBusy, StudentElsewhere
      and whatever slots.check raises
    """
    settings, booking = await lock(work, booking_id, participant_id=actor_id)
    await people.lock(work, booking.tutor_id, booking.student_id)
    lesson = await lesson_behind(work, booking) or booking
    taken_over = (await work.session.execute(REPLACEMENTS, {"lesson_id": lesson.id})).one_or_none()
    if taken_over is not None and taken_over.starts_at == starts_at:
        is_wish = taken_over.status == BookingStatus.PENDING and lesson.status == BookingStatus.CONFIRMED
        if is_wish and actor_id == taken_over.tutor_id:
            await agree(work, settings, taken_over, by=actor_id)
        return await card(work, booking_id=taken_over.id, viewer_id=actor_id)
    booking_states.after(lesson.status, Step.MOVE)
    await _check_may_move(work, lesson, by=actor_id)
    if starts_at == lesson.starts_at:
        raise SameTime
    await drop_wish(work, lesson, by=actor_id)
    span = await _check(work, settings, lesson, starts_at, by_tutor=actor_id == lesson.tutor_id)
    new_id = await _take_over(work, settings, lesson, span, by=actor_id)
    if actor_id == lesson.student_id:
        await holds.release(work, actor_id)
    return await card(work, booking_id=new_id, viewer_id=actor_id)


async def hold(work: Work, *, booking_id: int, student_id: int, starts_at: datetime) -> datetime | None:
    """
    Keep the time for the student who is about to move this lesson there; return until when, see core.lessons.holds.

    Raises NotFound (also for the tutor, who needs none) and what `move` raises.
    """
    settings, booking = await lock(work, booking_id, participant_id=student_id)
    if booking.student_id != student_id:
        raise NotFound
    await people.lock(work, booking.tutor_id, booking.student_id)
    lesson = await lesson_behind(work, booking) or booking
    booking_states.after(lesson.status, Step.MOVE)
    await _check_may_move(work, lesson, by=student_id)
    if starts_at == lesson.starts_at:
        raise SameTime
    span = await _check(work, settings, lesson, starts_at, by_tutor=False)
    return await holds.keep(work, settings, span, student_id=student_id)


async def refuse(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """
    Say no to what the tutor settled alone: it is called off for nothing, and the tutor hears of it.

    - refusing twice returns the cancelled lesson
    - raises NotFound (also where the student had asked for it), AlreadySettled (also once accepted), LessonBegun
    """
    _, booking = await lock(work, booking_id, participant_id=student_id)
    lesson = await _settled_by_tutor(work, booking_id, student_id)
    if not booking_states.is_done(lesson.status, Step.REFUSE):
        _check_may_refuse(work, lesson)
        status = booking_states.after(booking.status, Step.REFUSE)
        await drop_wish(work, booking, by=student_id)
        action = BookingAction.MOVE_DECLINED if lesson.moved_by_tutor else BookingAction.DECLINED
        await call_off(work, booking, status, action=action, by=student_id)
        work.announce(Event.MOVE_DECLINED, to=booking.tutor_id, booking_id=booking.id, once=f"{booking.id}")
    return await card(work, booking_id=booking_id, viewer_id=student_id)


async def accept(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """
    Say yes to what the tutor settled alone: from now on the lesson is one like any other, and cancelled as one.

    - a time that was only proposed is agreed by this, and the tutor hears of it
    - accepting twice is accepting once
    - raises NotFound (also where the student had asked for it), AlreadySettled, LessonBegun, TimeTaken
    """
    settings, booking = await lock(work, booking_id, participant_id=student_id)
    lesson = await _settled_by_tutor(work, booking_id, student_id)
    if not lesson.is_accepted or lesson.status != BookingStatus.CONFIRMED:
        _check_may_refuse(work, lesson)
        if lesson.is_proposal:
            await agree(work, settings, booking, by=student_id)
        else:
            await remember(work, booking_id, BookingAction.CONFIRMED, by=student_id, accepted_move=True)
    return await card(work, booking_id=booking_id, viewer_id=student_id)


async def refusable(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """Return the lesson if the student may refuse it for nothing; raises what `refuse` raises."""
    lesson = await _settled_by_tutor(work, booking_id, student_id)
    _check_may_refuse(work, lesson)
    return lesson


async def agree(work: Work, settings: AnyRow, booking: AnyRow, *, by: int) -> None:
    """
    The tutor says yes to a request, or to a wish to move a lesson (bookings.confirm), or the student to a proposal.

    The other one hears of it.
    """
    await people.lock(work, booking.tutor_id, booking.student_id)  # for their reminders
    status = booking_states.after(booking.status, Step.CONFIRM)
    behind = await lesson_behind(work, booking)
    await _check_still_possible(work, settings, booking, behind)
    if behind is not None:
        await let_go(work, behind, by=by)
    credit = booking.holds_credit if behind is None else behind.holds_credit
    room = booking.classroom_id or video_rooms.new_id()
    agreed = {"expires_at": None, "holds_credit": credit, "classroom_id": room}
    await change(work, booking, status, action=BookingAction.CONFIRMED, by=by, **agreed)
    await remind_both(work, booking)
    event = Event.BOOKING_CONFIRMED if behind is None else Event.BOOKING_RESCHEDULED
    other = booking.student_id if by == booking.tutor_id else booking.tutor_id
    work.announce(event, to=other, booking_id=booking.id, once=f"{booking.id}")


async def movable(work: Work, *, booking_id: int, actor_id: int) -> LessonCard:
    """Return the lesson if this person may move it; raises NotFound, AlreadySettled, LessonBegun, TooLateToMove."""
    seen = await card(work, booking_id=booking_id, viewer_id=actor_id)
    booking = (await work.session.execute(ROW.where(Booking.id == booking_id))).one()
    lesson = await lesson_behind(work, booking) or booking
    booking_states.after(lesson.status, Step.MOVE)
    await _check_may_move(work, lesson, by=actor_id)
    return seen


async def month(work: Work, *, booking_id: int, actor_id: int, month: date | None, timezone: str) -> MonthOffer:
    """Return when this lesson could be held instead, as slots.month does; raises NotFound."""
    tutor_id, moved = await _moved(work, booking_id, actor_id)
    return await offers.month(work, tutor_id=tutor_id, month=month, timezone=timezone, moved=moved, reader_id=actor_id)


async def day(work: Work, *, booking_id: int, actor_id: int, on: date, timezone: str) -> DayOffer:
    tutor_id, moved = await _moved(work, booking_id, actor_id)
    return await offers.day(work, tutor_id=tutor_id, on=on, timezone=timezone, moved=moved, reader_id=actor_id)


async def lesson_behind(work: Work, booking: AnyRow) -> AnyRow | None:
    """Return the lesson that stands while this wish to move it waits; None for anything but a wish."""
    if booking.replaces_id is None or booking.status != BookingStatus.PENDING:
        return None
    behind = ROW.where(Booking.id == booking.replaces_id, Booking.status != BookingStatus.RESCHEDULED)
    return (await work.session.execute(behind)).one_or_none()


async def let_go(work: Work, lesson: AnyRow, *, by: int | None) -> None:
    """Another booking takes over from this lesson, and its credit: the slot is free, nobody is reminded of it."""
    status = booking_states.after(lesson.status, Step.MOVE)
    gone = {"slot_id": None, "expires_at": None, "holds_credit": False}
    await change(work, lesson, status, action=BookingAction.MOVED, by=by, **gone)
    await slots.release(work, lesson.slot_id)
    await reminders.call_off(work, lesson.id)


async def drop_wish(work: Work, lesson: AnyRow, *, by: int | None) -> None:
    """Forget the wish to move this lesson, if there is one: something else has become of it."""
    wishes = REPLACEMENTS.where(Booking.status == BookingStatus.PENDING)
    wish = (await work.session.execute(wishes, {"lesson_id": lesson.id})).one_or_none()
    if wish is not None and lesson.status == BookingStatus.CONFIRMED:
        step = Step.CANCEL_BY_STUDENT if by == lesson.student_id else Step.CANCEL_BY_TUTOR
        status = booking_states.after(wish.status, step)
        await call_off(work, wish, status, action=BookingAction.MOVE_DECLINED, by=by)


async def _check_may_move(work: Work, lesson: AnyRow, *, by: int) -> None:
    """A student moves as late as they may cancel for nothing, and at any time when the tutor has asked for it."""
    check_ahead(work, lesson)
    if by != lesson.tutor_id and await is_charged(work, lesson):
        raise TooLateToMove(free_until(lesson))


async def _settled_by_tutor(work: Work, booking_id: int, student_id: int) -> LessonCard:
    lesson = await card(work, booking_id=booking_id, viewer_id=student_id)
    if lesson.viewer_is_tutor or not (lesson.moved_by_tutor or lesson.written_by_tutor):
        raise NotFound
    return lesson


def _check_may_refuse(work: Work, lesson: LessonCard) -> None:
    booking_states.after(lesson.status, Step.REFUSE)
    if lesson.is_accepted:
        raise AlreadySettled(lesson.status)
    if lesson.starts_at <= work.now:
        raise LessonBegun(lesson.starts_at)


async def _check_still_possible(work: Work, settings: AnyRow, booking: AnyRow, behind: AnyRow | None) -> None:
    check_ahead(work, booking)
    if behind is not None:
        check_ahead(work, behind)
    length, leaving = booking.ends_at - booking.starts_at, behind.slot_id if behind else None
    asker = Asker(by_tutor=True, except_slot=booking.slot_id, leaving=leaving)
    await slots.check(work, settings, booking.starts_at, asker, length=length)


async def _moved(work: Work, booking_id: int, actor_id: int) -> tuple[int, Moved]:
    seen = await card(work, booking_id=booking_id, viewer_id=actor_id)
    booking = (await work.session.execute(ROW.where(Booking.id == booking_id))).one()
    lesson = await lesson_behind(work, booking) or booking
    return seen.tutor_id, Moved(lesson.ends_at - lesson.starts_at, lesson.slot_id, lesson.starts_at, lesson.lesson_type)


async def _check(work: Work, settings: AnyRow, lesson: AnyRow, starts_at: datetime, *, by_tutor: bool) -> Span:
    if starts_at <= work.now:
        raise TimePassed(starts_at)
    if by_tutor and starts_at > work.now + timedelta(days=DAYS_AHEAD):
        raise TooFarAhead(DAYS_AHEAD)
    length = lesson.ends_at - lesson.starts_at
    asker = Asker(lesson.student_id, by_tutor, lesson.lesson_type, leaving=lesson.slot_id)
    span = await slots.check(work, settings, starts_at, asker, length=length)
    try:
        await check_free(work, span, student_id=lesson.student_id, leaving=lesson.id)
    except StudentBusy as busy:
        raise StudentElsewhere(starts_at) if by_tutor else busy from None
    return span


async def _take_over(work: Work, settings: AnyRow, lesson: AnyRow, span: Span, *, by: int) -> int:
    stands = lesson.status == BookingStatus.CONFIRMED
    is_agreed = stands if by == lesson.tutor_id else bool(settings.auto_accept)
    is_wish = stands and not is_agreed
    if not is_wish:
        await let_go(work, lesson, by=by)
    terms = await _terms(work, lesson, span, is_agreed=is_agreed, is_wish=is_wish)
    is_proposal = not is_agreed and by == lesson.tutor_id
    new_id = await insert_booking(work, settings, span, is_proposal=is_proposal, **terms)
    action = BookingAction.MOVE_ASKED if is_wish else BookingAction.MOVED
    await remember(work, new_id, action, by=by, before_at=lesson.starts_at.isoformat())
    if is_agreed:
        both = (lesson.student_id, lesson.tutor_id)
        await reminders.schedule(work, booking_id=new_id, starts_at=span.starts_at, recipient_ids=both)
    other = lesson.student_id if by == lesson.tutor_id else lesson.tutor_id
    event = Event.MOVE_ASKED if is_wish else Event.BOOKING_RESCHEDULED
    work.announce(event, to=other, booking_id=new_id, once=f"{new_id}")
    return new_id


async def _terms(work: Work, lesson: AnyRow, span: Span, *, is_agreed: bool, is_wish: bool) -> dict[str, Any]:
    """What was agreed stays agreed; only the time is another. A wish lapses before the lesson that stands begins."""
    waits_until = min(span.starts_at, lesson.starts_at) if is_wish else span.starts_at
    return {
        **{name: getattr(lesson, name) for name in TERMS},
        "status": BookingStatus.CONFIRMED if is_agreed else BookingStatus.PENDING,
        "expires_at": None if is_agreed else lapses_at(work, waits_until),
        "replaces_id": lesson.id,
        "sequence": 1 + (await work.session.execute(LAST_SEQUENCE, {"lineage_id": lesson.lineage_id})).scalar_one(),
        "holds_credit": lesson.holds_credit and not is_wish,
    }
