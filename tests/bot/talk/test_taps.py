"""A button's data is short, means one thing, and whatever else comes in its place is stale and never an accident."""

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import app
from bot.conversations.availability.taps import AddWindow
from bot.conversations.booking.taps import AskForLesson, OpenMonth, PickTime
from bot.conversations.lessons.taps import OpenLesson
from bot.conversations.settings.zone.taps import ChooseZone
from bot.talk import taps
from bot.talk.taps import StaleTap, Tap, pack, unpack
from core.enums import LessonType

assert app, "imported for the taps of all its stories"

FIRST_ANYWHERE, LAST_ANYWHERE = taps.FIRST_DAY + taps.ONE_DAY, taps.LAST_DAY - taps.ONE_DAY
BIT = st.integers(0, taps.LARGEST)
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minutes: time(*divmod(minutes, 60)))
ZONE = "America/Argentina/ComodRivadavia"

FIELDS = {
    int: BIT,
    bool: st.booleans(),
    str: st.sampled_from([ZONE, "Europe/Kyiv", "UTC"]),
    date: st.dates(taps.FIRST_DAY, taps.LAST_DAY),
    time: MINUTES,
    datetime: st.datetimes(datetime.combine(FIRST_ANYWHERE, time()), datetime.combine(LAST_ANYWHERE, time(23, 59))).map(
        lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
    ),
}


def of_kind(kind: type[Tap], fields: dict[type, st.SearchStrategy[Any]] = FIELDS) -> st.SearchStrategy[Tap]:
    return st.builds(
        kind,
        *(st.sampled_from(type_) if issubclass(type_, Enum) else fields[type_] for type_ in taps.TYPES[kind]),
    )


ANY_TAP = st.sampled_from(list(taps.KINDS.values())).flatmap(of_kind)
PACKED = ANY_TAP.map(pack)


@pytest.mark.parametrize("kind", taps.KINDS.values(), ids=lambda kind: kind.__name__)
def test_the_longest_tap_fits_on_a_button(kind: type[Tap]) -> None:
    longest = {int: taps.LARGEST, str: ZONE, date: taps.LAST_DAY, time: time(23, 59), bool: True}
    longest[datetime] = datetime.combine(LAST_ANYWHERE, time(23, 59), UTC)
    fields = (
        max(type_, key=lambda member: len(str(member))) if issubclass(type_, Enum) else longest[type_]
        for type_ in taps.TYPES[kind]
    )
    made = kind(*fields)
    assert len(pack(made).encode()) <= 64
    assert unpack(pack(made)) == made


@given(ANY_TAP)
def test_a_tap_unpacks_to_itself(tap: Tap) -> None:
    assert len(pack(tap).encode()) <= 64
    assert unpack(pack(tap)) == tap


def means_itself_or_nothing(data: str) -> None:
    try:
        made = unpack(data)
    except StaleTap:
        return
    assert pack(made) == data


@given(st.text(max_size=80))
@example("1:zn:\ud800")
@example("1:zn:" + "a" * 60)
@example("1:zn:" + "я" * 40)
@example("1:lo:00")
@example("1:lo:-1")
@example("1:lo:٣")
@example("1:lo:1_0")
@example("1:lo: 1")
@example("1:wd:7")
@example("1:sl:xx")
@example("")
def test_any_other_data_is_stale(data: str) -> None:
    means_itself_or_nothing(data)


@given(PACKED, st.integers(0, 63), st.text(max_size=3))
def test_a_tap_tampered_with_is_another_tap_or_stale(data: str, at: int, instead: str) -> None:
    means_itself_or_nothing(data[:at] + instead + data[at + 1 :])


@given(st.sampled_from(list(taps.CODES.values())), st.lists(st.text(max_size=14), max_size=4))
def test_a_kind_with_odd_fields_is_stale(code: str, words: list[str]) -> None:
    means_itself_or_nothing(":".join([taps.VERSION, code, *words]))


@pytest.mark.parametrize(
    "data",
    [
        "2:h",
        "h",
        "1:",
        "1:??",
        "1:h:",
        "1:lo",
        "1:lo:",
        "1:lo:1:1",
        "1:lo:A",
        "1:lo:01",
        "1:lo:" + "z" * 11,
        "1:wd:7",
        "1:gl:ru",
        "1:wc:0:1400",
        "1:rl:2",
        "1:bm:1:1",
        "1:bp:1:" + "z" * 8,
        "1:zn:" + "a" * 60,
        "1:zn:Київ",
        "1:zn:\ud800",
    ],
)
def test_what_no_button_carries_is_stale(data: str) -> None:
    with pytest.raises(StaleTap):
        unpack(data)


def test_data_reads_as_it_is_written() -> None:
    """Buttons in chats outlive a version of the bot: this form changes with VERSION only."""
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert pack(OpenLesson(46655)) == "1:lo:zzz"
    assert pack(AskForLesson(7, noon, LessonType.TRIAL, 46655)) == "1:ba:7:htdg0:t:zzz"
    assert pack(OpenMonth(7, date(2026, 11, 1))) == "1:bm:7:fuxd:r"
    assert pack(AddWindow(taps.Weekday.SUNDAY, time(9), time(18, 30))) == "1:wa:6:f0:uu"
    assert pack(ChooseZone("Europe/Kyiv")) == "1:zn:Europe/Kyiv"


def test_a_day_outside_the_calendar_is_not_packed() -> None:
    with pytest.raises(ValueError):
        pack(OpenMonth(1, taps.LAST_DAY + timedelta(days=1)))


def test_an_instant_that_lies_outside_the_calendar_in_some_zone_is_stale() -> None:
    last = datetime.combine(LAST_ANYWHERE, time(23, 59), UTC)
    assert unpack(pack(PickTime(1, last))) == PickTime(1, last)
    minutes = taps._write_int((last + timedelta(minutes=1) - taps.EPOCH) // taps.MINUTE)
    with pytest.raises(StaleTap):
        unpack(f"1:bp:1:{minutes}:r")
