"""A calendar shows what there is, on the dates of who reads it, and nothing twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendars.layout import Entry, Kind, Piece, Time, columns, dates_of, day_span, day_view, month_view, week_view
from core.pure.planning.values import Span

KYIV, NEW_YORK, LORD_HOWE = "Europe/Kyiv", "America/New_York", "Australia/Lord_Howe"
HOUR = timedelta(hours=1)


def lesson(*at: int, length: timedelta = HOUR, kind: Kind = Kind.LESSON) -> Entry:
    starts_at = datetime(*at, tzinfo=UTC)
    return Entry(Span(starts_at, starts_at + length), kind, "Іра", booking_id=1)


def clock(piece: Piece) -> tuple[timedelta, timedelta]:
    return piece.begins, piece.until


def test_a_lesson_stands_at_the_readers_clock_and_date() -> None:
    late = lesson(2026, 11, 24, 23)
    in_kyiv, in_new_york = Time(KYIV, (late,)), Time(NEW_YORK, (late,))
    assert [clock(piece) for piece in day_view(date(2026, 11, 25), in_kyiv).entries] == [(HOUR, 2 * HOUR)]
    assert day_view(date(2026, 11, 24), in_kyiv).entries == ()
    assert [clock(piece) for piece in day_view(date(2026, 11, 24), in_new_york).entries] == [(18 * HOUR, 19 * HOUR)]


def test_what_runs_over_midnight_stands_on_both_dates_and_counts_once() -> None:
    night = Time(KYIV, (lesson(2026, 11, 24, 21, 30),))
    assert [clock(piece) for piece in day_view(date(2026, 11, 24), night).entries] == [(23.5 * HOUR, 24 * HOUR)]
    assert [clock(piece) for piece in day_view(date(2026, 11, 25), night).entries] == [(0 * HOUR, 0.5 * HOUR)]
    marks = {mark.on.day: mark.lessons for week in month_view(date(2026, 11, 1), night) for mark in week if mark}
    assert {on for on, lessons in marks.items() if lessons} == {24}


def test_what_ends_at_midnight_does_not_touch_the_next_date() -> None:
    evening = lesson(2026, 11, 24, 21)
    assert dates_of(evening.span, KYIV) == (date(2026, 11, 24), date(2026, 11, 24))
    assert day_view(date(2026, 11, 25), Time(KYIV, (evening,))).entries == ()


@pytest.mark.parametrize(
    ("timezone", "on", "hours"),
    [(KYIV, date(2026, 3, 29), 23), (KYIV, date(2026, 10, 25), 25), (LORD_HOWE, date(2026, 10, 4), 23.5)],
)
def test_a_day_on_which_the_clock_is_changed_is_as_long_as_it_is(timezone: str, on: date, hours: float) -> None:
    begins, ends = day_span(timezone, on)
    assert ends - begins == hours * HOUR


def test_a_lesson_of_an_hour_that_comes_twice_takes_time_all_the_same() -> None:
    piece = day_view(date(2026, 10, 25), Time(KYIV, (lesson(2026, 10, 25, 0, 30),))).entries[0]
    assert piece.begins == 3.5 * HOUR
    assert piece.until >= piece.begins


def test_the_month_tells_lessons_requests_open_hours_and_days_off() -> None:
    hours = Span(datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 24, 15, tzinfo=UTC))
    entries = (
        lesson(2026, 11, 24, 8),
        lesson(2026, 11, 24, 10, kind=Kind.ASKED),
        lesson(2026, 11, 24, 12, kind=Kind.BLOCKED),
    )
    shown = Time(KYIV, entries, (hours,), frozenset({date(2026, 11, 26)}))
    weeks = month_view(date(2026, 11, 5), shown)
    marks = {mark.on.day: mark for week in weeks for mark in week if mark}
    assert len(marks) == 30
    assert all(len(week) == 7 for week in weeks)
    assert (marks[24].lessons, marks[24].asked, marks[24].is_open, marks[24].is_day_off) == (2, 1, True, False)
    assert (marks[26].lessons, marks[26].is_open, marks[26].is_day_off) == (0, False, True)


def test_a_week_begins_on_monday() -> None:
    days = week_view(date(2026, 11, 29), Time(KYIV))
    assert [day.on.day for day in days] == [23, 24, 25, 26, 27, 28, 29]


MINUTES = st.integers(0, 24 * 60 - 1)


@given(st.lists(st.tuples(MINUTES, st.integers(1, 300)), max_size=12))
def test_pieces_in_one_column_never_overlap(spans: list[tuple[int, int]]) -> None:
    pieces = [Piece(timedelta(minutes=at), timedelta(minutes=at + length)) for at, length in sorted(spans)]
    placed = list(zip(pieces, columns(pieces), strict=True))
    for at, (one, (column, of)) in enumerate(placed):
        assert 0 <= column < of
        for other, (others_column, _) in placed[at + 1 :]:
            if column == others_column:
                assert one.until <= other.begins
