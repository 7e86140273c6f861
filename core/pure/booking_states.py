"""
All states of a booking and the steps between them, in one table. Pure: no database, no clock.

    pending ──confirm──> confirmed ──complete──> completed ──undo──> confirmed
       │                     └──────no_show───> no_show ────undo──> confirmed
       │ decline (tutor) ──> cancelled_tutor
       │ cancel ───────────> cancelled_student | cancelled_tutor     (confirmed: the same)
       │ move ─────────────> rescheduled: another booking replaces it (confirmed: the same)
       │ refuse (student) ─> cancelled_student                       (confirmed: the same)
       └ expire ───────────> expired

A student can refuse what a tutor settled alone (proposed, moved, wrote down), free of charge, until they accept it.
"""

from enum import StrEnum

from core.errors import AlreadySettled
from db.enums import BookingStatus

LIVE = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})
CALLED_OFF = frozenset({BookingStatus.CANCELLED_STUDENT, BookingStatus.CANCELLED_TUTOR, BookingStatus.EXPIRED})


class Step(StrEnum):
    """A step from one state of a booking to another."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    CANCEL_BY_STUDENT = "cancel_by_student"
    CANCEL_BY_TUTOR = "cancel_by_tutor"
    EXPIRE = "expire"
    MOVE = "move"
    REFUSE = "refuse"
    COMPLETE = "complete"
    NO_SHOW = "no_show"
    UNDO = "undo"


LIFE: dict[tuple[BookingStatus, Step], BookingStatus] = {
    (BookingStatus.PENDING, Step.CONFIRM): BookingStatus.CONFIRMED,
    (BookingStatus.PENDING, Step.DECLINE): BookingStatus.CANCELLED_TUTOR,
    (BookingStatus.PENDING, Step.CANCEL_BY_STUDENT): BookingStatus.CANCELLED_STUDENT,
    (BookingStatus.PENDING, Step.CANCEL_BY_TUTOR): BookingStatus.CANCELLED_TUTOR,
    (BookingStatus.PENDING, Step.EXPIRE): BookingStatus.EXPIRED,
    (BookingStatus.CONFIRMED, Step.CANCEL_BY_STUDENT): BookingStatus.CANCELLED_STUDENT,
    (BookingStatus.CONFIRMED, Step.CANCEL_BY_TUTOR): BookingStatus.CANCELLED_TUTOR,
    (BookingStatus.PENDING, Step.MOVE): BookingStatus.RESCHEDULED,
    (BookingStatus.CONFIRMED, Step.MOVE): BookingStatus.RESCHEDULED,
    (BookingStatus.PENDING, Step.REFUSE): BookingStatus.CANCELLED_STUDENT,
    (BookingStatus.CONFIRMED, Step.REFUSE): BookingStatus.CANCELLED_STUDENT,
    (BookingStatus.CONFIRMED, Step.COMPLETE): BookingStatus.COMPLETED,
    (BookingStatus.CONFIRMED, Step.NO_SHOW): BookingStatus.NO_SHOW,
    (BookingStatus.COMPLETED, Step.UNDO): BookingStatus.CONFIRMED,
    (BookingStatus.NO_SHOW, Step.UNDO): BookingStatus.CONFIRMED,
}

OUTCOME: dict[Step, BookingStatus] = {step: after for (_, step), after in LIFE.items()}


def after(status: BookingStatus, step: Step) -> BookingStatus:
    """Return the status this step leads to; raises AlreadySettled if this status has no such step."""
    try:
        return LIFE[status, step]
    except KeyError:
        raise AlreadySettled(status) from None


def is_done(status: BookingStatus, step: Step) -> bool:
    """Whether the step was taken before: a second tap gets the first one's result, not an error."""
    return status == OUTCOME[step]
