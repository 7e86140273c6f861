"""
A booking's life in one table, and the hours around it. Pure: no database, no clock.

    pending ──confirm──> confirmed ──complete──> completed ──undo──> confirmed
       │                     └──────no_show───> no_show ────undo──> confirmed
       │ decline (tutor) ──> cancelled_tutor
       │ cancel ───────────> cancelled_student | cancelled_tutor     (confirmed: the same)
       │ move ─────────────> rescheduled: another booking took over  (confirmed: the same)
       │ refuse (student) ─> cancelled_student                       (confirmed: the same)
       └ expire ───────────> expired

What a tutor settled alone (proposed, moved, wrote down) the student refuses for nothing until they have said yes.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum

import pytz

from core.errors import AlreadySettled
from core.pure.planning import local_instant
from db.enums import BookingStatus, CancellationPolicy, LessonType

LIVE = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})
CALLED_OFF = frozenset({BookingStatus.CANCELLED_STUDENT, BookingStatus.CANCELLED_TUTOR, BookingStatus.EXPIRED})

FREE_CANCELLATION = {
    CancellationPolicy.FLEXIBLE: timedelta(hours=12),
    CancellationPolicy.MODERATE: timedelta(hours=24),
    CancellationPolicy.STRICT: timedelta(hours=48),
}
SECOND_THOUGHTS = timedelta(hours=1)
SECOND_THOUGHTS_BEFORE_START = timedelta(hours=24)
SHORT_REQUEST = timedelta(hours=2)
WAITING_TIME = timedelta(minutes=15)
SETTLES_AFTER = timedelta(hours=72)
NUDGED_AFTER = timedelta(hours=3), timedelta(hours=12)
LAST_NUDGE_BEFORE_EXPIRY = timedelta(hours=1)
SLEEP_BEGINS, SLEEP_ENDS = time(22), time(8)


class Step(StrEnum):
    """What can be done to a booking, and by whom."""

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
    """Return the status this step leads to; raises AlreadySettled where there is no such step."""
    try:
        return LIFE[status, step]
    except KeyError:
        raise AlreadySettled(status) from None


def is_done(status: BookingStatus, step: Step) -> bool:
    """Whether the step was taken before: a second tap gets the first one's result, not an error."""
    return status == OUTCOME[step]


def request_expires_at(
    *, now: datetime, starts_at: datetime, after_request: timedelta, before_start: timedelta
) -> datetime:
    """Return when an unanswered request lapses: the earlier of the two, half-way for a lesson that is close."""
    if starts_at - now < SHORT_REQUEST:
        return now + (starts_at - now) / 2
    return min(now + after_request, starts_at - before_start)


def nudges_at(*, made_at: datetime, expires_at: datetime, timezone: str) -> list[datetime]:
    """
    Return when a tutor is reminded of a request they have not answered.

    - 3 and 12 hours after it was made; between 22:00 and 08:00 of `timezone` it waits for the morning
    - not in the hour before it lapses, and what falls together comes once
    """
    wished = (made_at + after for after in NUDGED_AFTER)
    awake = {_when_awake(at, timezone) for at in wished}
    return sorted(at for at in awake if at <= expires_at - LAST_NUDGE_BEFORE_EXPIRY)


def _when_awake(at: datetime, timezone: str) -> datetime:
    local = at.astimezone(pytz.timezone(timezone))
    if SLEEP_ENDS <= local.time() < SLEEP_BEGINS:
        return at
    on = local.date() + timedelta(days=local.time() >= SLEEP_BEGINS)
    return local_instant(timezone, on, SLEEP_ENDS)


def free_until(*, starts_at: datetime, made_at: datetime, free_cancellation: timedelta) -> datetime:
    """
    Return the last instant at which a student cancels without paying.

    - the policy's hour, exactly at it still free
    - for an hour after booking, when the lesson was more than 24 h away then
    """
    by_policy = starts_at - free_cancellation
    if starts_at - made_at > SECOND_THOUGHTS_BEFORE_START:
        return max(by_policy, made_at + SECOND_THOUGHTS)
    return by_policy


def is_charged(*, now: datetime, status: BookingStatus, lesson_type: LessonType, free_until: datetime) -> bool:
    """Whether a student who cancels now pays: never for a trial, never for a request nobody has confirmed."""
    return status == BookingStatus.CONFIRMED and lesson_type != LessonType.TRIAL and now > free_until


def settles_at(*, ends_at: datetime, made_at: datetime) -> datetime:
    """Return when a lesson nobody spoke of counts as held for good; one written down afterwards waits as long."""
    return max(ends_at, made_at) + SETTLES_AFTER
