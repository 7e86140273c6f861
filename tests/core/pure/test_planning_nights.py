"""What is offered in nights in which the clock changes: elapsed time counts, the wall says when it begins and ends."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import pytz

from core.pure.planning.free_times import free_times
from core.pure.planning.opening import opening_spans
from core.pure.planning.values import DateException, Rules, Schedule, Window

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

NIGHTS = [
    # Kyiv: 03:00 becomes 04:00, and 04:00 becomes 03:00
    ("Europe/Kyiv", "2026-03-29", "01:00", "06:00", 60, "01:00 02:00 04:00 05:00"),
    ("Europe/Kyiv", "2026-03-29", "02:30", "05:00", 60, "02:30"),  # an hour and a half is open
    ("Europe/Kyiv", "2026-03-29", "03:30", "06:00", 60, "04:30"),  # 03:30 is read as 04:30
    ("Europe/Kyiv", "2026-03-29", "03:30", "04:00", 15, ""),  # closes before it opens
    ("Europe/Kyiv", "2026-10-25", "01:00", "06:00", 60, "01:00 02:00 03:00 03:00 04:00 05:00"),
    ("Europe/Kyiv", "2026-10-25", "03:30", "04:30", 60, "03:30 03:30"),  # opens the first time it is 03:30
    ("Europe/Kyiv", "2026-10-25", "02:00", "03:30", 30, "02:00 02:30 03:00"),  # closes the first time it is 03:30
    # overnight, opened the evening before
    ("Europe/Kyiv", "2026-03-28", "22:00", "05:00", 60, "22:00 23:00 00:00 01:00 02:00 04:00"),
    ("Europe/Kyiv", "2026-10-24", "22:00", "05:00", 60, "22:00 23:00 00:00 01:00 02:00 03:00 03:00 04:00"),
    ("America/New_York", "2026-03-07", "23:00", "04:00", 60, "23:00 00:00 01:00 03:00"),
    ("America/New_York", "2026-11-01", "00:00", "03:00", 60, "00:00 01:00 01:00 02:00"),
    # half an hour: 02:00 becomes 02:30, and 02:00 becomes 01:30
    ("Australia/Lord_Howe", "2026-10-04", "01:00", "04:00", 30, "01:00 01:30 02:30 03:00 03:30"),
    ("Australia/Lord_Howe", "2026-10-04", "01:00", "04:00", 60, "01:00 02:30"),
    ("Australia/Lord_Howe", "2026-04-05", "01:00", "03:00", 30, "01:00 01:30 01:30 02:00 02:30"),
    ("Australia/Lord_Howe", "2026-04-04", "23:30", "03:00", 60, "23:30 00:30 01:30 02:00"),
    # midnight itself: 00:00 becomes 01:00, and 00:00 becomes 23:00 of the day before
    ("America/Santiago", "2026-09-05", "23:00", "03:00", 60, "23:00 01:00 02:00"),
    ("America/Santiago", "2026-09-06", "00:00", "03:00", 60, "01:00 02:00"),
    ("America/Santiago", "2026-04-04", "22:00", "01:00", 60, "22:00 23:00 23:00 00:00"),
    ("America/Santiago", "2026-04-04", "22:00", "00:00", 60, "22:00 23:00 23:00"),
    ("Africa/Cairo", "2026-04-24", "00:00", "02:00", 30, "01:00 01:30"),
    # nothing changes
    ("Asia/Kolkata", "2026-03-29", "01:00", "04:00", 60, "01:00 02:00 03:00"),
    ("Asia/Kathmandu", "2026-03-29", "23:00", "01:00", 60, "23:00 00:00"),
    ("Pacific/Kiritimati", "2026-03-29", "23:00", "01:00", 60, "23:00 00:00"),
    ("Etc/GMT+12", "2026-03-29", "23:00", "01:00", 60, "23:00 00:00"),
    # Samoa left out 30 December 2011: its hours are read by the offset before, which makes them the next day's
    ("Pacific/Apia", "2011-12-29", "22:00", "02:00", 60, "22:00 23:00 00:00 01:00"),
    ("Pacific/Apia", "2011-12-30", "09:00", "11:00", 60, "09:00 10:00"),
]


@pytest.mark.parametrize(("timezone", "on", "opens", "closes", "length", "expected"), NIGHTS)
def test_a_window_in_a_night_of_change(timezone, on, opens, closes, length, expected):
    on = date.fromisoformat(on)
    assert starts(schedule(timezone, on, opens, closes, length), on, on + timedelta(days=2)) == expected


def test_the_second_of_two_equal_clock_times_is_another_lesson():
    night = date(2026, 10, 25)
    hours = schedule("Europe/Kyiv", night, "03:00", "04:00", 60)
    offers = free_times(hours, first_on=night, last_on=night, now=LONG_AGO)
    assert [offer.starts_at.hour for offer in offers] == [0, 1]


@pytest.mark.parametrize(
    ("timezone", "off", "closed"),
    [
        ("Europe/Kyiv", "2026-03-29", 23),
        ("Europe/Kyiv", "2026-10-25", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("America/Santiago", "2026-04-04", 25),
        ("America/Santiago", "2026-09-06", 23),
        ("Pacific/Apia", "2011-12-30", 0),
        ("Asia/Kathmandu", "2026-06-01", 24),
    ],
)
def test_a_day_off_is_as_long_as_its_day(timezone, off, closed):
    off = date.fromisoformat(off)
    always = tuple(Window(day, time(), time()) for day in range(7))
    hours = Schedule(Rules(timezone, timedelta(hours=1)), always, (DateException(off, off),))
    around = opening_spans(hours, first_on=off - timedelta(days=1), last_on=off + timedelta(days=1))
    gap = around[1].starts_at - around[0].ends_at if len(around) == 2 else timedelta()
    assert gap == timedelta(hours=closed)


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_closed_hours_end_by_the_clock_in_a_night_of_change(night):
    night = date.fromisoformat(night)
    hours = schedule("Europe/Kyiv", night, "02:00", "07:00", 60)
    closed = Schedule(hours.rules, hours.windows, (DateException(night, night, time(3), time(5)),))
    assert starts(closed, night, night) == "02:00 05:00 06:00"


def test_closed_hours_that_end_before_they_begin_close_nothing():
    night = date(2026, 3, 29)
    hours = schedule("Europe/Kyiv", night, "02:00", "06:00", 60)
    closed = Schedule(hours.rules, hours.windows, (DateException(night, night, time(3, 30), time(4)),))
    asked = {"first_on": night, "last_on": night}
    assert opening_spans(closed, **asked) == opening_spans(hours, **asked)
    assert len(opening_spans(hours, **asked)) == 1


def schedule(timezone: str, on: date, opens: str, closes: str, length: int) -> Schedule:
    window = Window(on.weekday(), time.fromisoformat(opens), time.fromisoformat(closes), valid_from=on, valid_until=on)
    return Schedule(Rules(timezone, timedelta(minutes=length), max_advance=20_000), (window,))


def starts(schedule: Schedule, first_on: date, last_on: date) -> str:
    zone = pytz.timezone(schedule.rules.timezone)
    offers = free_times(schedule, first_on=first_on, last_on=last_on, now=LONG_AGO)
    return " ".join(f"{offer.starts_at.astimezone(zone):%H:%M}" for offer in offers)
