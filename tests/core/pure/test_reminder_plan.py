from datetime import UTC, datetime, time, timedelta

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st

from core.pure import reminder_plan
from core.pure.reminder_plan import QuietHours

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DISTANCES = (timedelta(minutes=15), timedelta(hours=24), timedelta(hours=1))
KYIV = "Europe/Kyiv"
NIGHT = QuietHours(time(22), time(8), KYIV)
NOON = QuietHours(time(12), time(14), KYIV)


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


def kyiv(*clock):
    return pytz.timezone(KYIV).localize(datetime(*clock, tzinfo=UTC).replace(tzinfo=None)).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "instant", "began_at"),
    [
        (NIGHT, kyiv(2026, 11, 24, 22, 0), kyiv(2026, 11, 24, 22, 0)),
        (NIGHT, kyiv(2026, 11, 24, 23, 30), kyiv(2026, 11, 24, 22, 0)),
        (NIGHT, kyiv(2026, 11, 25, 7, 59), kyiv(2026, 11, 24, 22, 0)),
        (NIGHT, kyiv(2026, 11, 25, 8, 0), None),
        (NIGHT, kyiv(2026, 11, 25, 21, 59), None),
        (NOON, kyiv(2026, 11, 25, 12, 0), kyiv(2026, 11, 25, 12, 0)),
        (NOON, kyiv(2026, 11, 25, 13, 59), kyiv(2026, 11, 25, 12, 0)),
        (NOON, kyiv(2026, 11, 25, 14, 0), None),
        # the nights on which the clock is put back and forward are an hour longer and shorter
        (NIGHT, kyiv(2026, 10, 25, 7, 59), datetime(2026, 10, 24, 19, 0, tzinfo=UTC)),
        (NIGHT, datetime(2026, 10, 25, 6, 0, tzinfo=UTC), None),
        (NIGHT, datetime(2026, 3, 29, 4, 59, tzinfo=UTC), datetime(2026, 3, 28, 20, 0, tzinfo=UTC)),
        (NIGHT, datetime(2026, 3, 29, 5, 0, tzinfo=UTC), None),
    ],
)
def test_quiet_hours_are_half_open_by_the_persons_clock(quiet, instant, began_at):
    assert quiet.began_at(instant) == began_at


def test_a_reminder_due_in_the_night_comes_before_it():
    lesson = kyiv(2026, 11, 26, 8, 30)
    due = reminder_plan.due(lesson, [24 * HOUR, 2 * HOUR, 15 * MINUTE], now=NOW, quiet=NIGHT)
    assert due == [(1440, kyiv(2026, 11, 25, 8, 30)), (120, kyiv(2026, 11, 25, 22, 0)), (15, lesson - 15 * MINUTE)]


def test_of_several_before_one_night_the_nearest_comes():
    due = reminder_plan.due(kyiv(2026, 11, 26, 7, 0), [12 * HOUR, 3 * HOUR, 1 * HOUR], now=NOW, quiet=NIGHT)
    assert due == [(720, kyiv(2026, 11, 25, 19, 0)), (60, kyiv(2026, 11, 25, 22, 0))]


def test_in_the_night_itself_reminders_come_at_their_own_times():
    lesson, now = kyiv(2026, 11, 26, 7, 0), kyiv(2026, 11, 26, 0, 0)
    due = reminder_plan.due(lesson, [24 * HOUR, 3 * HOUR, 1 * HOUR], now=now, quiet=NIGHT)
    assert due == [(180, lesson - 3 * HOUR), (60, lesson - HOUR)]


ANY_DISTANCES = st.sets(st.integers(5, 14 * 1440).map(lambda minutes: minutes * MINUTE), max_size=6)
ANY_INSTANT = st.integers(0, 2 * 365 * 1440).map(lambda minutes: NOW + minutes * MINUTE)
ANY_QUIET = st.builds(
    QuietHours,
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(0, 23).map(time),
    st.sampled_from([KYIV, "America/New_York", "Australia/Lord_Howe", "UTC"]),
).filter(lambda quiet: quiet.since != quiet.until)


@given(ANY_DISTANCES, ANY_INSTANT, st.integers(0, 20 * 1440), ANY_QUIET)
def test_no_reminder_disturbs_and_none_comes_late_twice_or_past(before, now, ahead, quiet):
    starts_at = now + ahead * MINUTE
    due = reminder_plan.due(starts_at, before, now=now, quiet=quiet)
    assert len({at for _, at in due}) == len({minutes for minutes, _ in due}) == len(due)
    for minutes, at in due:
        assert now < at <= starts_at - minutes * MINUTE < at + DAY + HOUR
        began_at = quiet.began_at(at)
        assert began_at is None or began_at == at or began_at <= now


@given(ANY_DISTANCES, ANY_INSTANT, st.integers(0, 20 * 1440), ANY_QUIET)
def test_each_distance_ahead_is_told_at_its_time_or_by_a_nearer_one(before, now, ahead, quiet):
    starts_at = now + ahead * MINUTE
    plain = reminder_plan.due(starts_at, before, now=now)
    told = reminder_plan.due(starts_at, before, now=now, quiet=quiet)
    assert plain == [(minutes, starts_at - minutes * MINUTE) for minutes, _ in plain]
    assert bool(plain) == bool(told)
    for minutes, at in plain:
        assert [nearer for nearer, then in told if nearer <= minutes and then <= at]
