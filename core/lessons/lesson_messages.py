"""
Messages in people's chats that show a lesson, so that they are updated when the lesson changes.

A message is stored with the line of history whose state it shows. Every change to a lesson locks the tutor's row first,
and so does `remember`. So a message is either stored before the change and then updated, or stored after the change and
found to be out of date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, exists, func, select, update

from core.people import tutors
from core.work import Work
from db.base import AnyRow, UtcDateTime, table
from db.enums import BookingStatus, Event
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.lesson_message import LessonMessage

MOST_MESSAGES = 5  # of one lesson in one chat
LONG_OVER = timedelta(days=30)

LAST_CHANGE = (
    select(func.max(BookingHistory.id))
    .where(BookingHistory.booking_id == Booking.id)
    .correlate(Booking)
    .scalar_subquery()
    .label("change_id")
)
STATE = select(Booking.id, Booking.tutor_id, Booking.status, LAST_CHANGE)
STATE_OF = STATE.where(Booking.id == bindparam("booking_id"))
MOVED_TO = (
    # the latest: an earlier move may have been declined; by tutor_id, which has the index
    STATE.where(Booking.tutor_id == bindparam("tutor_id"), Booking.replaces_id == bindparam("booking_id"))
    .order_by(LAST_CHANGE.desc())
    .limit(1)
)
WATCHERS = select(LessonMessage.person_id).distinct().where(LessonMessage.booking_id == bindparam("booking_id"))
IN_CHAT = select(LessonMessage.message_id).where(
    LessonMessage.person_id == bindparam("person_id"), LessonMessage.booking_id == bindparam("booking_id")
)
SHOWN = table(LessonMessage).c
FORGET_OLD = delete(table(LessonMessage)).where(
    SHOWN.person_id == bindparam("of"),
    exists().where(Booking.id == SHOWN.booking_id, Booking.ends_at <= bindparam("ended_by", type_=UtcDateTime)),
)


@dataclass(frozen=True, slots=True)
class LessonVersion:
    """A lesson as it was after one line of its history."""

    booking_id: int
    change_id: int


async def remember(work: Work, *, person_id: int, message_id: int, shown: LessonVersion) -> None:
    """Track this message; if the lesson has changed meanwhile, queue an update."""
    await _lock(work, shown)
    known = LessonMessage(
        person_id=person_id, message_id=message_id, booking_id=shown.booking_id, change_id=shown.change_id
    )
    await work.session.merge(known)
    await work.session.flush()
    await _forget_surplus(work, person_id, shown.booking_id)
    await _forget_old(work, person_id)
    await _check(work, person_id, message_id, shown)


async def bring_up_to_date(
    work: Work, *, person_id: int, message_ids: Sequence[int], before: int, shown: LessonVersion
) -> None:
    """Store that messages which showed the booking `before` show this one now; skip those that show something else."""
    await _lock(work, shown)
    await work.session.execute(
        update(LessonMessage)
        .where(
            LessonMessage.person_id == person_id,
            LessonMessage.message_id.in_(message_ids),
            LessonMessage.booking_id == before,
        )
        .values(booking_id=shown.booking_id, change_id=shown.change_id)
        .execution_options(synchronize_session=False)
    )
    for message_id in message_ids:
        await _check(work, person_id, message_id, shown)


async def forget(work: Work, *, person_id: int, message_id: int) -> None:
    """Stop tracking a message that shows something else now, or is gone."""
    await work.session.execute(
        delete(LessonMessage).where(LessonMessage.person_id == person_id, LessonMessage.message_id == message_id)
    )


async def is_known(work: Work, *, person_id: int, message_id: int) -> bool:
    return await work.session.get(LessonMessage, (person_id, message_id)) is not None


async def standing(work: Work, booking_id: int) -> LessonVersion:
    """Return the current version of the lesson; after a move, that of the new booking."""
    lesson = await _standing(work, booking_id)
    return LessonVersion(lesson.id, lesson.change_id)


async def out_of_date(work: Work, *, person_id: int, booking_id: int, shown: LessonVersion) -> tuple[int, ...]:
    """Return the messages in this person's chat that show this booking in another version than `shown`."""
    here = IN_CHAT.order_by(LessonMessage.message_id)
    if shown.booking_id == booking_id:
        here = here.where(LessonMessage.change_id != shown.change_id)
    return tuple(await work.session.scalars(here, {"person_id": person_id, "booking_id": booking_id}))


async def newest(work: Work, *, person_id: int, booking_ids: Sequence[int]) -> int | None:
    """Return the id of the latest message in this person's chat that shows one of these bookings; None without one."""
    here = LessonMessage.person_id == person_id, LessonMessage.booking_id.in_(booking_ids)
    message_id: int | None = await work.session.scalar(select(func.max(LessonMessage.message_id)).where(*here))
    return message_id


async def announce(work: Work, *, booking_id: int, change_id: int) -> None:
    """Queue updates of the messages that show the lesson."""
    for person_id in await work.session.scalars(WATCHERS, {"booking_id": booking_id}):
        work.announce(Event.BOOKING_CHANGED, to=person_id, booking_id=booking_id, once=f"{change_id}")


async def _lock(work: Work, shown: LessonVersion) -> None:
    lesson = (await work.session.execute(STATE_OF, {"booking_id": shown.booking_id})).one()
    await tutors.lock(work, lesson.tutor_id)


async def _standing(work: Work, booking_id: int) -> AnyRow:
    lesson = (await work.session.execute(STATE_OF, {"booking_id": booking_id})).one()
    while lesson.status == BookingStatus.RESCHEDULED:
        old = {"booking_id": lesson.id, "tutor_id": lesson.tutor_id}
        moved_to = (await work.session.execute(MOVED_TO, old)).one_or_none()
        if moved_to is None:
            break
        lesson = moved_to
    return lesson


async def _check(work: Work, person_id: int, message_id: int, shown: LessonVersion) -> None:
    now = await standing(work, shown.booking_id)
    if now != shown:
        once = f"{message_id}:{now.change_id}"
        work.announce(Event.BOOKING_CHANGED, to=person_id, booking_id=shown.booking_id, once=once)


async def _forget_surplus(work: Work, person_id: int, booking_id: int) -> None:
    here = {"person_id": person_id, "booking_id": booking_id}
    newest_first = IN_CHAT.order_by(LessonMessage.message_id.desc())
    for message_id in (await work.session.scalars(newest_first, here)).all()[MOST_MESSAGES:]:
        await forget(work, person_id=person_id, message_id=message_id)


async def _forget_old(work: Work, person_id: int) -> None:
    await work.session.execute(FORGET_OLD, {"of": person_id, "ended_by": work.now - LONG_OVER})
