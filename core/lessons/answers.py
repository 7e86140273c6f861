"""
A student's answers: yes or no to what the tutor settled alone (moved, proposed, wrote down); that they will attend.
"""

from core.errors import (
    AlreadySettled,
    LessonBegun,
    NotFound,
)
from core.lessons.bookings import agree
from core.lessons.changes import call_off, check_ahead, drop_move_request, lock, remember
from core.lessons.lessons import LessonCard, card
from core.pure import booking_states
from core.pure.booking_states import Step
from core.work import Work
from db.enums import BookingAction, BookingStatus, Event


async def accept(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """
    Accept what the tutor settled alone; from now on the usual terms of cancelling apply.

    - this confirms a proposal, and the tutor is notified
    - accepting twice is the same as accepting once
    - raises NotFound (also where the student had asked for it), AlreadySettled, LessonBegun, TimeTaken
    """
    settings, booking = await lock(work, booking_id, participant_id=student_id)
    lesson = await _settled_by_tutor(work, booking_id, student_id)
    if not lesson.answers.is_accepted or lesson.status != BookingStatus.CONFIRMED:
        _check_may_refuse(work, lesson)
        if lesson.is_proposal:
            await agree(work, settings, booking, by=student_id)
        else:
            await remember(work, booking_id, BookingAction.CONFIRMED, by=student_id, accepted_move=True)
    return await card(work, booking_id=booking_id, viewer_id=student_id)


async def refuse(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """
    Refuse what the tutor settled alone; the lesson is cancelled free of charge, and the tutor is notified.

    - refusing twice returns the cancelled lesson
    - raises NotFound (also where the student had asked for it), AlreadySettled (also once accepted), LessonBegun
    """
    _, booking = await lock(work, booking_id, participant_id=student_id)
    lesson = await _settled_by_tutor(work, booking_id, student_id)
    if not booking_states.is_done(lesson.status, Step.REFUSE):
        _check_may_refuse(work, lesson)
        status = booking_states.after(booking.status, Step.REFUSE)
        await drop_move_request(work, booking, by=student_id)
        action = BookingAction.MOVE_DECLINED if lesson.answers.moved_by_tutor else BookingAction.DECLINED
        await call_off(work, booking, status, action=action, by=student_id)
        work.announce(Event.MOVE_DECLINED, to=booking.tutor_id, booking_id=booking.id, once=f"{booking.id}")
    return await card(work, booking_id=booking_id, viewer_id=student_id)


async def refusable(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """Return the lesson if the student may refuse it free of charge; raises what `refuse` raises."""
    lesson = await _settled_by_tutor(work, booking_id, student_id)
    _check_may_refuse(work, lesson)
    return lesson


async def attend(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """
    Record that the student will attend, which also accepts what the tutor settled alone. The tutor sees it.

    - doing it twice is the same as doing it once; after a move the student has to answer again
    - raises NotFound, AlreadySettled, LessonBegun
    """
    _, booking = await lock(work, booking_id, participant_id=student_id)
    lesson = await _of_student(work, booking_id, student_id)
    if not lesson.answers.is_attending:
        check_ahead(work, booking)
        if lesson.awaits_student:
            await accept(work, booking_id=booking_id, student_id=student_id)
        await remember(work, booking_id, BookingAction.ATTENDING, by=student_id)
    return await card(work, booking_id=booking_id, viewer_id=student_id)


async def changeable(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """Return the lesson if the student may still change it; raises NotFound, AlreadySettled, LessonBegun."""
    lesson = await _of_student(work, booking_id, student_id)
    if lesson.starts_at <= work.now:
        raise LessonBegun(lesson.starts_at)
    return lesson


async def _settled_by_tutor(work: Work, booking_id: int, student_id: int) -> LessonCard:
    lesson = await card(work, booking_id=booking_id, viewer_id=student_id)
    if lesson.viewer_is_tutor or not lesson.answers.settled_by_tutor:
        raise NotFound
    return lesson


def _check_may_refuse(work: Work, lesson: LessonCard) -> None:
    booking_states.after(lesson.status, Step.REFUSE)
    if lesson.answers.is_accepted:
        raise AlreadySettled(lesson.status)
    if lesson.starts_at <= work.now:
        raise LessonBegun(lesson.starts_at)


async def _of_student(work: Work, booking_id: int, student_id: int) -> LessonCard:
    lesson = await card(work, booking_id=booking_id, viewer_id=student_id)
    if lesson.viewer_is_tutor:
        raise NotFound
    if lesson.status != BookingStatus.CONFIRMED:
        raise AlreadySettled(lesson.status)
    return lesson
