"""
The deadlines of a booking: when a request expires and when its tutor is reminded of it, until when cancelling is free,
when a lesson counts as held. Pure: no database, no clock.
"""

from datetime import datetime, time, timedelta

import pytz

from core.pure.planning.local_time import local_instant
from db.enums import BookingStatus, CancellationPolicy, LessonType

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


def request_expires_at(
    *, now: datetime, starts_at: datetime, after_request: timedelta, before_start: timedelta
) -> datetime:
    """
    Return when an unanswered request expires: `after_request` from now or `before_start` of the lesson, whichever comes
    first; half-way to the lesson if it starts soon.
    """
    if starts_at - now < SHORT_REQUEST:
        return now + (starts_at - now) / 2
    return min(now + after_request, starts_at - before_start)


def nudges_at(*, made_at: datetime, expires_at: datetime, timezone: str) -> list[datetime]:
    """
    Return when a tutor is reminded of a request they have not answered.

    - 3 and 12 hours after it was made; between 22:00 and 08:00 in `timezone` it waits for the morning
    - none in the hour before the request expires, and never two at the same time
    """
    planned = (made_at + after for after in NUDGED_AFTER)
    awake = {_when_awake(at, timezone) for at in planned}
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

    - `free_cancellation` before the start; exactly then it is still free
    - in any case for an hour after booking, if the lesson was more than 24 hours away then
    """
    by_policy = starts_at - free_cancellation
    if starts_at - made_at > SECOND_THOUGHTS_BEFORE_START:
        return max(by_policy, made_at + SECOND_THOUGHTS)
    return by_policy


def is_late(*, now: datetime, free_until: datetime) -> bool:
    return now > free_until


def is_chargeable(*, status: BookingStatus, lesson_type: LessonType, move_wanted: bool, awaits_student: bool) -> bool:
    """
    Return whether the student can be charged for this lesson.

    - never for a trial, nor for a request that nobody has confirmed
    - never when the tutor has asked to move the lesson, nor before the student has said yes to what the tutor settled
      alone
    """
    is_agreed = status == BookingStatus.CONFIRMED and not awaits_student
    return is_agreed and lesson_type != LessonType.TRIAL and not move_wanted


def settles_at(*, ends_at: datetime, made_at: datetime) -> datetime:
    """Return when a lesson without an outcome counts as held for good; one written down after its end waits as long."""
    return max(ends_at, made_at) + SETTLES_AFTER
