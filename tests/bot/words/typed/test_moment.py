"""A day and a time as people type them."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words.typed import moment

MONDAY = date(2026, 11, 23)
LAST_MONTH = date(2026, 10, 24)


def read(text: str, *, earliest: date = MONDAY, on: date | None = None) -> tuple[date, time] | None:
    return moment.parse(text, today=MONDAY, earliest=earliest, on=on)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomorrow 17:30", (24, 17, 30)),
        ("Tomorrow at 5:30 pm", (24, 17, 30)),
        ("завтра о 17:30", (24, 17, 30)),
        ("завтра, 17.30", (24, 17, 30)),
        ("післязавтра 9", (25, 9, 0)),
        ("today 12 am", (23, 0, 0)),
        ("сьогодні опівдні", (23, 12, 0)),
        ("пт 18", (27, 18, 0)),
        ("п'ятниця 18:00", (27, 18, 0)),
        ("mon 18:00", (23, 18, 0)),
        ("26.11 17:30", (26, 17, 30)),
        ("26.11. о 17:30", (26, 17, 30)),
        ("26/11 1730", (26, 17, 30)),
        ("26.11.2026 17:30", (26, 17, 30)),
        ("2026-11-26 17:30", (26, 17, 30)),
    ],
)
def test_what_people_type_is_understood(typed: str, meant: tuple[int, int, int]) -> None:
    day, hour, minute = meant
    assert read(typed) == (date(2026, 11, day), time(hour, minute))


def test_without_a_year_the_first_such_date_from_the_earliest_on_is_meant() -> None:
    assert read("20.11 10:00") == (date(2027, 11, 20), time(10))
    assert read("20.11 10:00", earliest=LAST_MONTH) == (date(2026, 11, 20), time(10))
    assert read("29.02 10:00") == (date(2028, 2, 29), time(10))
    assert read("вчора 10:00", earliest=LAST_MONTH) == (date(2026, 11, 22), time(10))


def test_a_time_alone_is_on_the_day_that_is_shown() -> None:
    assert read("17:30") is None
    assert read("17.30", on=LAST_MONTH) == (LAST_MONTH, time(17, 30))
    assert read("00:00", on=LAST_MONTH) == (LAST_MONTH, time(0))
    assert read("tomorrow 9", on=LAST_MONTH) == (date(2026, 11, 24), time(9))


@pytest.mark.parametrize(
    "typed",
    ["", "later", "31.02 10:00", "99.99 10:00", "tomorrow", "tomorrow 25:00", "tomorrow 24:00", "10-12", "weekend 9",
     "0000-01-01 10:00", "26.11 17:30 please", "завтра 10:00 11:00", "0.0 0:00"],
)  # fmt: skip
def test_anything_else_is_not(typed: str) -> None:
    assert read(typed) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    read(text)
    read(text, on=MONDAY)
