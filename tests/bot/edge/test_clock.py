from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.edge.clock import Clock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def moves_of(clock: Clock) -> list[datetime]:
    moves: list[datetime] = []
    clock.on_move(lambda: moves.append(clock.now()))
    return moves


def test_a_clock_shows_aware_utc_and_goes_on() -> None:
    clock = Clock()
    first, second = clock.now(), clock()
    assert first.utcoffset() == timedelta()
    assert first <= second


def test_a_frozen_clock_stands_until_it_is_advanced() -> None:
    clock = Clock.frozen(NOON)
    assert clock.now() == clock() == NOON
    clock.advance(timedelta(hours=2))
    assert clock.now() == NOON + timedelta(hours=2)


@pytest.mark.parametrize("drift", [timedelta(days=3), timedelta(days=-3), timedelta(seconds=1)])
def test_a_followed_clock_jumps_and_tells(drift: timedelta) -> None:
    clock = Clock.frozen(NOON)
    moves = moves_of(clock)
    clock.follow(NOON + drift)
    assert clock.now() == NOON + drift
    assert moves == [NOON + drift]


@pytest.mark.parametrize("drift", [timedelta(), timedelta(milliseconds=999), timedelta(milliseconds=-999)])
def test_jitter_is_not_a_move(drift: timedelta) -> None:
    clock = Clock.frozen(NOON)
    moves = moves_of(clock)
    clock.follow(NOON + drift)
    assert clock.now() == NOON
    assert moves == []


def test_following_twice_to_one_instant_is_one_move() -> None:
    clock = Clock.frozen(NOON)
    moves = moves_of(clock)
    clock.follow(NOON + timedelta(hours=1))
    clock.follow(NOON + timedelta(hours=1))
    assert len(moves) == 1


def test_a_running_clock_follows_and_keeps_running() -> None:
    readings = iter([NOON, NOON + timedelta(seconds=5)])
    clock = Clock(lambda: next(readings))
    clock.follow(NOON + timedelta(days=1))
    assert clock.now() == NOON + timedelta(days=1, seconds=5)


def test_who_stopped_listening_hears_no_more() -> None:
    clock = Clock.frozen(NOON)
    moves: list[int] = []
    stop = clock.on_move(lambda: moves.append(1))
    clock.advance(timedelta(hours=1))
    stop()
    clock.advance(timedelta(hours=1))
    assert moves == [1]


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    kyiv = timezone(timedelta(hours=2))
    assert Clock.frozen(NOON.astimezone(kyiv)).now() == NOON
    assert Clock.frozen(NOON.astimezone(kyiv)).now().tzinfo is UTC


def test_a_naive_instant_is_refused() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        Clock.frozen(naive)
    with pytest.raises(ValueError, match="aware"):
        Clock().follow(naive)
