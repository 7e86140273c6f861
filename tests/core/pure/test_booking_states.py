from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from core.enums import BookingStatus, CancellationPolicy, LessonType
from core.errors import AlreadySettled
from core.pure import booking_states
from core.pure.booking_states import Step

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)

PENDING, CONFIRMED = BookingStatus.PENDING, BookingStatus.CONFIRMED
BY_STUDENT, BY_TUTOR = BookingStatus.CANCELLED_STUDENT, BookingStatus.CANCELLED_TUTOR

ALLOWED = {
    (PENDING, Step.CONFIRM): CONFIRMED,
    (PENDING, Step.DECLINE): BY_TUTOR,
    (PENDING, Step.CANCEL_BY_STUDENT): BY_STUDENT,
    (PENDING, Step.CANCEL_BY_TUTOR): BY_TUTOR,
    (PENDING, Step.EXPIRE): BookingStatus.EXPIRED,
    (CONFIRMED, Step.CANCEL_BY_STUDENT): BY_STUDENT,
    (CONFIRMED, Step.CANCEL_BY_TUTOR): BY_TUTOR,
    (PENDING, Step.MOVE): BookingStatus.RESCHEDULED,
    (CONFIRMED, Step.MOVE): BookingStatus.RESCHEDULED,
    (PENDING, Step.REFUSE): BY_STUDENT,
    (CONFIRMED, Step.REFUSE): BY_STUDENT,
    (CONFIRMED, Step.COMPLETE): BookingStatus.COMPLETED,
    (CONFIRMED, Step.NO_SHOW): BookingStatus.NO_SHOW,
    (BookingStatus.COMPLETED, Step.UNDO): CONFIRMED,
    (BookingStatus.NO_SHOW, Step.UNDO): CONFIRMED,
}
DONE = {
    (CONFIRMED, Step.CONFIRM),
    (BY_TUTOR, Step.DECLINE),
    (BY_TUTOR, Step.CANCEL_BY_TUTOR),
    (BY_STUDENT, Step.CANCEL_BY_STUDENT),
    (BookingStatus.EXPIRED, Step.EXPIRE),
    (BookingStatus.RESCHEDULED, Step.MOVE),
    (BY_STUDENT, Step.REFUSE),
    (BookingStatus.COMPLETED, Step.COMPLETE),
    (BookingStatus.NO_SHOW, Step.NO_SHOW),
    (CONFIRMED, Step.UNDO),
}


@pytest.mark.parametrize(("status", "step"), list(product(BookingStatus, Step)))
def test_a_step_leads_where_the_table_says_or_nowhere(status, step):
    assert booking_states.is_done(status, step) is ((status, step) in DONE)
    if (status, step) in ALLOWED:
        assert booking_states.after(status, step) is ALLOWED[status, step]
        return
    with pytest.raises(AlreadySettled) as refusal:
        booking_states.after(status, step)
    assert refusal.value.status is status


@pytest.mark.parametrize(
    ("policy", "hours"),
    [(CancellationPolicy.FLEXIBLE, 12), (CancellationPolicy.MODERATE, 24), (CancellationPolicy.STRICT, 48)],
)
def test_cancelling_is_free_up_to_and_at_the_hour_of_the_policy(policy, hours):
    starts_at = NOW + timedelta(days=10)
    free_until = booking_states.free_until(
        starts_at=starts_at, made_at=NOW, free_cancellation=booking_states.FREE_CANCELLATION[policy]
    )

    assert free_until == starts_at - timedelta(hours=hours)
    assert not charged_at(free_until, free_until)
    assert charged_at(free_until + INSTANT, free_until)


@pytest.mark.parametrize(
    ("ahead", "free_for"),
    [
        (timedelta(hours=30), timedelta(hours=1)),
        (timedelta(hours=24) + INSTANT, timedelta(hours=1)),
        (timedelta(hours=24), timedelta(hours=-24)),
        (timedelta(hours=3), timedelta(hours=-45)),
        (timedelta(hours=48, minutes=30), timedelta(hours=1)),
        (timedelta(hours=50), timedelta(hours=2)),
    ],
)
def test_second_thoughts_are_free_for_an_hour_when_the_lesson_is_over_a_day_away(ahead, free_for):
    free_until = booking_states.free_until(starts_at=NOW + ahead, made_at=NOW, free_cancellation=timedelta(hours=48))

    assert free_until == NOW + free_for


@pytest.mark.parametrize("status", BookingStatus)
@pytest.mark.parametrize("lesson_type", LessonType)
def test_only_a_late_cancel_of_an_agreed_lesson_that_is_no_trial_costs(status, lesson_type):
    costs = status is CONFIRMED and lesson_type is not LessonType.TRIAL

    assert charged_at(NOW + INSTANT, NOW, status=status, lesson_type=lesson_type) is costs
    assert not charged_at(NOW, NOW, status=status, lesson_type=lesson_type)


@pytest.mark.parametrize(
    ("ahead", "expires_in"),
    [
        (timedelta(days=7), timedelta(hours=24)),
        (timedelta(hours=25), timedelta(hours=24)),
        (timedelta(hours=24), timedelta(hours=23)),
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(hours=2) - 2 * INSTANT, timedelta(hours=1) - INSTANT),
        (timedelta(minutes=30), timedelta(minutes=15)),
    ],
)
def test_a_request_expires_after_a_day_an_hour_before_the_start_or_half_way(ahead, expires_in):
    expires_at = booking_states.request_expires_at(
        now=NOW, starts_at=NOW + ahead, after_request=timedelta(hours=24), before_start=timedelta(hours=1)
    )

    assert expires_at == NOW + expires_in


def kyiv(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour - 2, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("made_at", "lapses_in", "nudges"),
    [
        (kyiv(9), 24, [kyiv(12), kyiv(21)]),
        (kyiv(7), 24, [kyiv(10), kyiv(19)]),
        (kyiv(19), 24, [kyiv(8, day=24)]),  # 22:00 and 07:00: both in the morning, once
        (kyiv(18, 59), 24, [kyiv(21, 59), kyiv(8, day=24)]),
        (kyiv(5), 24, [kyiv(8), kyiv(17)]),  # 08:00 is no night any more
        (kyiv(12), 3, []),
        (kyiv(12), 4, [kyiv(15)]),
        (kyiv(20), 12, []),  # in the morning it would lapse at once
    ],
)
def test_a_tutor_is_nudged_after_three_and_twelve_hours_but_not_at_night(made_at, lapses_in, nudges):
    expires_at = made_at + timedelta(hours=lapses_in)
    assert booking_states.nudges_at(made_at=made_at, expires_at=expires_at, timezone="Europe/Kyiv") == nudges


def charged_at(now, free_until, *, status=CONFIRMED, lesson_type=LessonType.REGULAR):
    return booking_states.is_charged(now=now, status=status, lesson_type=lesson_type, free_until=free_until)
