"""A tutor's week, typed and shown."""

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.words.typed.week import LONGEST_TEXT, merged, parse, show, week_of
from bot.words.typed.week_words import NotUnderstood, Reason
from bot.words.voice import Voice
from core.hours.availability import WeeklyWindow

ENGLISH, UKRAINIAN = Voice("en", "Europe/Kyiv"), Voice("uk", "Europe/Kyiv")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Mon-Fri 9-13, 15-19", ["Mon–Fri 09:00–13:00, 15:00–19:00"]),
        ("пн-пт 9-13", ["Mon–Fri 09:00–13:00"]),
        ("пн, ср 9:30–12; сб 10-14", ["Mon, Wed 09:30–12:00", "Sat 10:00–14:00"]),
        ("пн 9-12, ср 10-14", ["Mon 09:00–12:00", "Wed 10:00–14:00"]),
        ("Monday 9 to 12", ["Mon 09:00–12:00"]),
        ("щодня 10-18", ["Every day 10:00–18:00"]),
        ("every day 10-18", ["Every day 10:00–18:00"]),
        ("weekdays 9-17", ["Mon–Fri 09:00–17:00"]),
        ("будні 9-18, вихідні 10-14", ["Mon–Fri 09:00–18:00", "Sat, Sun 10:00–14:00"]),
        ("робочі дні 9-18", ["Mon–Fri 09:00–18:00"]),
        ("Mon 9.30 — 12.15", ["Mon 09:30–12:15"]),
        ("вт. 9-12", ["Tue 09:00–12:00"]),
        ("ПН 0900-1300", ["Mon 09:00–13:00"]),
        ("пт-пн 9-10", ["Mon, Fri–Sun 09:00–10:00"]),
        ("пн-ср, пт-сб 9-10", ["Mon–Wed, Fri, Sat 09:00–10:00"]),
        ("from Monday to Friday from 9 to 13", ["Mon–Fri 09:00–13:00"]),
        ("з понеділка по п'ятницю з 9 до 13", ["Mon–Fri 09:00–13:00"]),
        ("щоп’ятниці та по неділях 9-12", ["Fri, Sun 09:00–12:00"]),
        ("пн 9-12, по вихідних 10-14", ["Mon 09:00–12:00", "Sat, Sun 10:00–14:00"]),
        ("Пн:\n9-13\n15-19\nВт: 10–12", ["Mon 09:00–13:00, 15:00–19:00", "Tue 10:00–12:00"]),
        ("- Mon - 9-12\r\n- Tue - 10-12\r\n", ["Mon 09:00–12:00", "Tue 10:00–12:00"]),
        ("Mon\n- 9-12\n- 15-19", ["Mon 09:00–12:00, 15:00–19:00"]),
        ("Mon Tue 9-12 14-16 Wed 10-11", ["Mon, Tue 09:00–12:00, 14:00–16:00", "Wed 10:00–11:00"]),
        ("нд вихідний, пн 9-12", ["Mon 09:00–12:00"]),
    ],
)
def test_a_week_is_understood_as_tutors_type_it(typed: str, shown: list[str]) -> None:
    assert show(parse(typed), ENGLISH) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("9am-1pm", "09:00–13:00"),
        ("9 a.m. - 1 p.m.", "09:00–13:00"),
        ("9-1pm", "09:00–13:00"),
        ("1-5pm", "13:00–17:00"),
        ("9am-5", "09:00–17:00"),
        ("10pm-2", "22:00–02:00"),
        ("10pm-12", "22:00–24:00"),
        ("12pm-1pm", "12:00–13:00"),
        ("12am-6am", "00:00–06:00"),
        ("з 9 ранку до 7 вечора", "09:00–19:00"),
        ("з 10 до 2 дня", "10:00–14:00"),
        ("22-02", "22:00–02:00"),
        ("18-24", "18:00–24:00"),
        ("18:00–00:00", "18:00–24:00"),
        ("0-24", "00:00–24:00"),
        ("noon-midnight", "12:00–24:00"),
        ("9-5", "09:00–17:00"),
        ("9 to 5", "09:00–17:00"),
        ("з 9 до 5:30", "09:00–17:30"),
        ("10:30-6", "10:30–18:00"),
        ("noon to 5", "12:00–17:00"),
        ("20-8", "20:00–08:00"),
        ("9-00", "09:00–24:00"),
        ("20-14", "20:00–14:00"),
        ("9:00–5:00", "09:00–05:00"),
        ("0900-0500", "09:00–05:00"),
        ("midnight to 6", "00:00–06:00"),
    ],
)
def test_hours_are_understood_on_either_clock(typed: str, shown: str) -> None:
    assert show(parse(f"Mon {typed}"), ENGLISH) == [f"Mon {shown}"]


def test_the_days_named_are_told_also_where_they_are_closed() -> None:
    week = week_of("вт-ср 9-13, нд вихідний")
    assert week.days == {1, 2, 6}
    assert {window.weekday for window in week.windows} == {1, 2}


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("voice", [ENGLISH, UKRAINIAN], ids=["en", "uk"])
def test_a_weekday_may_be_called_by_its_full_and_its_short_name(weekday: int, voice: Voice) -> None:
    for name in (voice.weekday(weekday), voice.weekday_short(weekday), voice.weekday(weekday).upper()):
        assert parse(f"{name} 9-10") == [WeeklyWindow(weekday, time(9), time(10))]


@pytest.mark.parametrize(
    ("typed", "reason", "word", "position"),
    [
        ("Mon-Fri 9-13, Funday 9-12", Reason.UNKNOWN_WORD, "Funday", 14),
        ("пн 9-12 😀", Reason.UNKNOWN_WORD, "😀", 8),
        ("mon am 9-12", Reason.UNKNOWN_WORD, "am", 4),
        ("mon 9-12 - tue", Reason.BAD_TIME, "-", 9),
        ("Mon 25:00-26:00", Reason.BAD_TIME, "25:00", 4),
        ("Mon 9:60-10", Reason.BAD_TIME, "9:60", 4),
        ("Mon 24-9", Reason.BAD_TIME, "24", 4),
        ("Mon 13pm-2pm", Reason.BAD_TIME, "13", 4),
        ("Mon 0am-2am", Reason.BAD_TIME, "0", 4),
        ("Mon 9", Reason.BAD_TIME, "9", 4),
        ("Mon 99999999999-9", Reason.BAD_TIME, "99999999999", 4),
        ("Mon 9-9", Reason.EMPTY_WINDOW, "9", 6),
        ("9-12 Mon", Reason.HOURS_WITHOUT_DAY, "9", 0),
        ("Mon 9-12, Tue", Reason.DAY_WITHOUT_HOURS, "Tue", 10),
        ("Mon\nTue 9-12", Reason.DAY_WITHOUT_HOURS, "Mon", 0),
        ("Mon -", Reason.DAY_WITHOUT_HOURS, "Mon", 0),
        ("closed", Reason.UNKNOWN_WORD, "closed", 0),
        ("", Reason.EMPTY, "", 0),
        (" ,;\n", Reason.EMPTY, "", 0),
        ("Mon 9-12 " * 400, Reason.TOO_LONG, "9-12 Mon", LONGEST_TEXT),
    ],
)
def test_what_is_not_understood_is_pointed_at(typed: str, reason: Reason, word: str, position: int) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        parse(typed)
    assert (refusal.value.reason, refusal.value.position) == (reason, position)
    assert refusal.value.word.startswith(word.split()[0] if reason is not Reason.TOO_LONG and word else "")
    assert typed.startswith(refusal.value.word, position)


def test_overlapping_and_touching_hours_become_one_and_are_named() -> None:
    week = merged(parse("Mon 9-12, 11-14, 14-15, 18-20; Tue 9-12, 9-12; Wed 9-10"))
    assert show(week.windows, ENGLISH) == ["Mon 09:00–15:00, 18:00–20:00", "Tue 09:00–12:00", "Wed 09:00–10:00"]
    assert week.joined == (WeeklyWindow(0, time(9), time(15)), WeeklyWindow(1, time(9), time(12)))


def test_hours_that_no_single_window_can_say_stay_two() -> None:
    assert show(parse("Mon 0-24, 9-12"), ENGLISH) == ["Mon 00:00–24:00"]
    assert show(parse("Mon 9-24, 22-10"), ENGLISH) == ["Mon 09:00–24:00, 22:00–10:00"]


def test_a_week_is_shown_in_the_readers_language() -> None:
    assert show(parse("Mon-Fri 9-13; Sat, Sun 10-14"), UKRAINIAN) == ["Пн–пт 09:00–13:00", "Сб, нд 10:00–14:00"]
    assert show(parse("daily 9-13"), UKRAINIAN) == ["Щодня 09:00–13:00"]


clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
window_lists = st.lists(
    st.builds(WeeklyWindow, st.integers(0, 6), clocks, clocks).filter(
        lambda window: window.opens != window.closes or window.opens == time()
    ),
    min_size=1,
    max_size=12,
)


@given(window_lists)
@settings(max_examples=200)
def test_what_is_shown_is_read_back_as_the_same_week(windows: list[WeeklyWindow]) -> None:
    week = list(merged(windows).windows)
    for voice in (ENGLISH, UKRAINIAN):
        assert parse("\n".join(show(windows, voice))) == week
        assert parse("; ".join(show(windows, voice))) == week


@given(window_lists)
def test_merging_twice_is_merging_once(windows: list[WeeklyWindow]) -> None:
    once = merged(windows).windows
    assert merged(once) == merged(reversed(once))
    assert merged(once).windows == once
    assert merged(once).joined == ()


PIECES = "Mon пн-пт щодня 9 9:30 25 24 - – , ; : . ( am p.m. з до to по everyday вихідний foo ' ’ 99999 ١ İ 😀"
pieces = st.sampled_from([*PIECES.split(), "\n"])


@given(st.one_of(st.text(max_size=200), st.lists(pieces, max_size=60).map(" ".join), st.lists(pieces).map("".join)))
@settings(max_examples=400)
def test_no_text_is_answered_with_a_crash(text: str) -> None:
    with suppress(NotUnderstood):
        assert parse(text) == sorted(parse(text))
        return
    with pytest.raises(NotUnderstood) as refusal:
        parse(text)
    assert text.startswith(refusal.value.word, refusal.value.position)


@pytest.mark.parametrize("text", ["every " * 2000, "a'" * 5000, "9:" * 5000, " " * 10_000, "1" * 10_000, "п" * 10_000])
def test_ten_thousand_characters_are_answered(text: str) -> None:
    for typed in (text, text[:LONGEST_TEXT]):
        with pytest.raises(NotUnderstood):
            parse(typed)
