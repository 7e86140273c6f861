from datetime import UTC, datetime, timedelta

import pytest

from core.enums import BookingStatus, CancellationPolicy, LessonType
from core.pure import deadlines

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
CONFIRMED = BookingStatus.CONFIRMED


@pytest.mark.parametrize(
    ("policy", "hours"),
    [(CancellationPolicy.FLEXIBLE, 12), (CancellationPolicy.MODERATE, 24), (CancellationPolicy.STRICT, 48)],
)
def test_cancelling_is_free_up_to_and_at_the_hour_of_the_policy(policy, hours):
    starts_at = NOW + timedelta(days=10)
    free_until = deadlines.free_until(
        starts_at=starts_at, made_at=NOW, free_cancellation=deadlines.FREE_CANCELLATION[policy]
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
    free_until = deadlines.free_until(starts_at=NOW + ahead, made_at=NOW, free_cancellation=timedelta(hours=48))

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
    expires_at = deadlines.request_expires_at(
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
    assert deadlines.nudges_at(made_at=made_at, expires_at=expires_at, timezone="Europe/Kyiv") == nudges


def test_a_lesson_that_the_tutor_settled_alone_or_wants_moved_costs_nothing():
    agreed = {"status": CONFIRMED, "lesson_type": LessonType.REGULAR}

    assert deadlines.is_chargeable(**agreed, move_wanted=False, awaits_student=False)
    assert not deadlines.is_chargeable(**agreed, move_wanted=True, awaits_student=False)
    assert not deadlines.is_chargeable(**agreed, move_wanted=False, awaits_student=True)


def charged_at(now, free_until, *, status=CONFIRMED, lesson_type=LessonType.REGULAR):
    agreed = {"move_wanted": False, "awaits_student": False}
    is_chargeable = deadlines.is_chargeable(status=status, lesson_type=lesson_type, **agreed)
    return is_chargeable and deadlines.is_late(now=now, free_until=free_until)
