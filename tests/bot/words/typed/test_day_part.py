"""A part of a day as one types it."""

from datetime import date

import pytest

from bot.words.typed.day_part import parse
from core.enums import DayPart

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Tuesday evening", (TUESDAY, DayPart.EVENING)),
        ("on Tuesday, in the evening", (TUESDAY, DayPart.EVENING)),
        ("вівторок ввечері", (TUESDAY, DayPart.EVENING)),
        ("у вівторок увечері", (TUESDAY, DayPart.EVENING)),
        ("вранці у п’ятницю", (FRIDAY, DayPart.MORNING)),
        ("ЗАВТРА ВДЕНЬ", (TUESDAY, DayPart.DAY)),
        ("tomorrow afternoon", (TUESDAY, DayPart.DAY)),
        ("tonight", (MONDAY, DayPart.EVENING)),
        ("24.11 ранок", (TUESDAY, DayPart.MORNING)),
        ("2026-11-27", (FRIDAY, DayPart.ANY)),
        ("22.11", (date(2027, 11, 22), DayPart.ANY)),
        ("пт", (FRIDAY, DayPart.ANY)),
        ("mon", (MONDAY, DayPart.ANY)),
        ("evening", (FRIDAY, DayPart.EVENING)),
        *((text, None) for text in ("", "?", "evening morning", "yesterday", "2020-01-01", "weekend", "вт 17:00")),
        ("9999-12-31", (date(9999, 12, 31), DayPart.ANY)),
        ("tuesday " * 500, None),
    ],
)
def test_a_day_and_its_part_are_read(text, meant):
    assert parse(text, today=MONDAY, on=FRIDAY) == meant


def test_a_part_alone_is_of_today_where_no_day_is_shown():
    assert parse("ввечері", today=MONDAY) == (MONDAY, DayPart.EVENING)
