"""From a clock on the wall to an instant, in the nights that are an hour longer or shorter."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytz

from core.pure.planning.local_time import ambiguous_clock, local_date, local_instant
from core.pure.planning.opening import opening_spans
from core.pure.planning.values import Rules, Schedule, Window

READINGS = [
    # a gap takes the offset before it
    ("Europe/Kyiv", "2026-03-29 02:59", "2026-03-29 00:59"),
    ("Europe/Kyiv", "2026-03-29 03:30", "2026-03-29 01:30"),
    ("Europe/Kyiv", "2026-03-29 04:00", "2026-03-29 01:00"),
    ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30"),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),
    ("Africa/Cairo", "2026-04-24 00:00", "2026-04-23 22:00"),
    ("America/Santiago", "2026-09-06 00:30", "2026-09-06 04:30"),
    ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00"),
    # of two equal times the first
    ("Europe/Kyiv", "2026-10-25 03:00", "2026-10-25 00:00"),
    ("Europe/Kyiv", "2026-10-25 03:59", "2026-10-25 00:59"),
    ("Europe/Kyiv", "2026-10-25 04:00", "2026-10-25 02:00"),
    ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
    ("America/Santiago", "2026-04-04 23:30", "2026-04-05 02:30"),
    ("Europe/Dublin", "2026-10-25 01:30", "2026-10-25 00:30"),
    ("Europe/Moscow", "2014-10-26 01:30", "2014-10-25 21:30"),
    # far offsets and odd ones
    ("Pacific/Kiritimati", "2026-06-01 00:00", "2026-05-31 10:00"),
    ("Etc/GMT+12", "2026-06-01 00:00", "2026-06-01 12:00"),
    ("Asia/Kolkata", "2026-06-01 09:00", "2026-06-01 03:30"),
    ("Asia/Kathmandu", "2026-06-01 09:00", "2026-06-01 03:15"),
    ("UTC", "2026-06-01 09:00", "2026-06-01 09:00"),
]


@pytest.mark.parametrize(("timezone", "clock", "instant"), READINGS)
def test_a_clock_time_is_read_as_rfc_5545_reads_it(timezone, clock, instant):
    local = datetime.fromisoformat(clock)
    assert local_instant(timezone, local.date(), local.time()) == datetime.fromisoformat(f"{instant}Z")


def test_every_change_of_every_clock_is_read_as_rfc_5545_reads_it():
    for timezone, local in clock_times_around_changes():
        expected = local.replace(tzinfo=same_data(timezone)).astimezone(UTC)
        assert local_instant(timezone, local.date(), local.time()) == expected, (timezone, local)


def test_hours_around_every_change_open_and_close_by_the_same_reading():
    hour = timedelta(hours=1)
    for timezone, local in clock_times_around_changes():
        on, opens = local.date(), local.time()
        window = Window(on.weekday(), opens, (local + hour).time(), valid_from=on, valid_until=on)
        schedule = Schedule(Rules(timezone, hour), (window,))
        bounds = [local_instant(timezone, at.date(), at.time()) for at in (local, local + hour)]
        spans = opening_spans(schedule, first_on=on - timedelta(days=2), last_on=on + timedelta(days=2))
        assert spans == ([tuple(bounds)] if bounds[0] < bounds[1] else []), (timezone, local)


@pytest.mark.parametrize(
    ("timezone", "on", "twice"),
    [
        ("Europe/Kyiv", "2026-10-25", True),
        ("Europe/Kyiv", "2026-10-24", False),
        ("Europe/Kyiv", "2026-03-29", False),
        ("Australia/Lord_Howe", "2026-04-05", True),
        ("America/Santiago", "2026-04-04", True),  # at midnight the clock goes back to 23:00 of this date
        ("America/Santiago", "2026-04-05", False),
        ("Pacific/Apia", "2011-12-30", False),
        ("Asia/Kolkata", "2026-10-25", False),
    ],
)
def test_a_date_that_shows_a_clock_time_twice_is_known(timezone, on, twice):
    assert ambiguous_clock(timezone, date.fromisoformat(on)) is twice


def clock_times_around_changes() -> Iterator[tuple[str, datetime]]:
    for timezone in pytz.common_timezones:
        zone = pytz.timezone(timezone)
        for change in getattr(zone, "_utc_transition_times", []):
            if 2026 <= change.year < 2028:
                around = change.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
                for minutes in (-1500, -90, -60, -45, -30, -1, 0, 15, 45, 60, 1440):
                    yield timezone, around + timedelta(minutes=minutes)


def same_data(timezone: str) -> ZoneInfo:
    """The standard library's reading of pytz's own files: two releases of the data may differ."""
    with pytz.open_resource(timezone) as file:
        return ZoneInfo.from_file(file)


def test_a_local_date_is_the_date_on_the_tutors_wall():
    instant = datetime.combine(date(2026, 6, 1), time(10, 30), UTC)
    assert local_date("Pacific/Kiritimati", instant) == date(2026, 6, 2)
    assert local_date("Etc/GMT+12", instant) == date(2026, 5, 31)
