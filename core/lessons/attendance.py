"""A student says that they will be there."""

from core.errors import AlreadySettled, LessonBegun, NotFound
from core.lessons import moves
from core.lessons.booking_changes import check_ahead, lock, remember
from core.lessons.lessons import LessonCard, card
from core.work import Work
from db.enums import BookingAction, BookingStatus


async def confirm(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """
    Say that one will be there, to which the tutor's new time suits, too; the tutor sees it on the lesson.

    - saying it twice is saying it once; of a lesson that is moved it is asked anew
    - raises NotFound, AlreadySettled, LessonBegun
    """
    _, booking = await lock(work, booking_id, participant_id=student_id)
    lesson = await _of_student(work, booking_id, student_id)
    if not lesson.is_attending:
        check_ahead(work, booking)
        if lesson.awaits_student:
            await moves.accept(work, booking_id=booking_id, student_id=student_id)
        await remember(work, booking_id, BookingAction.ATTENDING, by=student_id)
    return await card(work, booking_id=booking_id, viewer_id=student_id)


async def changeable(work: Work, *, booking_id: int, student_id: int) -> LessonCard:
    """Return the lesson if the student may still change it; raises NotFound, AlreadySettled, LessonBegun."""
    lesson = await _of_student(work, booking_id, student_id)
    if lesson.starts_at <= work.now:
        raise LessonBegun(lesson.starts_at)
    return lesson


async def _of_student(work: Work, booking_id: int, student_id: int) -> LessonCard:
    lesson = await card(work, booking_id=booking_id, viewer_id=student_id)
    if lesson.viewer_is_tutor:
        raise NotFound
    if lesson.status != BookingStatus.CONFIRMED:
        raise AlreadySettled(lesson.status)
    return lesson
