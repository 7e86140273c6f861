from datetime import UTC, datetime, timedelta

import pytest

from core import reminder_plan

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
DISTANCES = (timedelta(minutes=15), timedelta(hours=24), timedelta(hours=1))


def test_the_farthest_reminder_comes_first():
    starts_at = NOW + timedelta(days=3)

    due = reminder_plan.due(starts_at, DISTANCES, now=NOW)

    assert due == [(1440, starts_at - timedelta(hours=24)), (60, starts_at - timedelta(hours=1)), (15, due[2][1])]
    assert due[2][1] == starts_at - timedelta(minutes=15)


def test_a_distance_named_twice_reminds_once():
    assert len(reminder_plan.due(NOW + timedelta(days=3), [*DISTANCES, *DISTANCES], now=NOW)) == 3


@pytest.mark.parametrize(
    ("ahead", "made"),
    [
        (timedelta(hours=24) + INSTANT, [1440, 60, 15]),
        (timedelta(hours=24), [60, 15]),
        (timedelta(hours=1), [15]),
        (timedelta(minutes=15), []),
        (timedelta(minutes=-5), []),
    ],
)
def test_a_distance_already_past_is_not_made(ahead, made):
    assert [minutes for minutes, _ in reminder_plan.due(NOW + ahead, DISTANCES, now=NOW)] == made


@pytest.mark.parametrize(
    ("minutes_before", "grace"),
    [
        (2880, timedelta(hours=2)),
        (1440, timedelta(hours=2)),
        (1439, timedelta(minutes=20)),
        (60, timedelta(minutes=20)),
        (59, timedelta(minutes=10)),
        (15, timedelta(minutes=10)),
        (14, timedelta(minutes=5)),
        (3, timedelta(minutes=3)),
        (0, timedelta(0)),
    ],
)
def test_a_reminder_is_told_up_to_its_grace_and_never_after(minutes_before, grace):
    assert not reminder_plan.is_too_late(now=NOW + grace, due_at=NOW, minutes_before=minutes_before)
    assert reminder_plan.is_too_late(now=NOW + grace + INSTANT, due_at=NOW, minutes_before=minutes_before)
