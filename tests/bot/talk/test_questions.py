"""A question is read from a Talk row as it was asked, and a row that no `pack` made is stale and never an accident."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import app
from bot.conversations.booking.questions import BookingNote
from bot.conversations.directory.questions import FreeWhen
from bot.conversations.exceptions.questions import ExceptionHours
from bot.conversations.feeds.questions import WhichFeed
from bot.conversations.lessons.moves.questions import MoveTo
from bot.conversations.lessons.questions import WhyCancel
from bot.conversations.pending.questions import WhyDecline
from bot.conversations.settings.email.questions import EmailCode
from bot.talk import questions, taps
from bot.talk.questions import Question, StaleQuestion, pack, unpack
from bot.talk.taps import Weekday
from core.enums import ExceptionType, LessonType, Setting

assert app, "imported for the questions of all its stories"

AN_HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST, LAST = taps.FIRST_DAY + taps.ONE_DAY, taps.LAST_DAY - taps.ONE_DAY
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-taps.LARGEST, taps.LARGEST),
    bool: st.booleans(),
    str: st.text(max_size=20),
    date: st.dates(taps.FIRST_DAY, taps.LAST_DAY),
    time: st.times(),
    datetime: st.datetimes(datetime.combine(FIRST, time()), datetime.combine(LAST, time.max), timezones=st.just(UTC)),
    timedelta: st.timedeltas(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    NoneType: st.none(),
}


def of_type(type_: Any) -> st.SearchStrategy[Any]:
    allowed = get_args(type_) or (type_,)
    return st.one_of(st.sampled_from(each) if issubclass(each, Enum) else FIELDS[each] for each in allowed)


def of_kind(kind: type[Question]) -> st.SearchStrategy[Question]:
    return st.builds(kind, **{name: of_type(type_) for name, type_ in questions.TYPES[kind].items()})


KINDS = st.sampled_from(list(questions.NAMES))
ANY_QUESTION = KINDS.flatmap(of_kind)
TYPES = [int, bool, str, date, time, datetime, timedelta, Decimal, Weekday, Setting, date | None, datetime | None]


def stored(value: Any) -> Any:
    """What comes back from a JSON column."""
    return json.loads(json.dumps(value))


@given(ANY_QUESTION)
def test_a_question_unpacks_to_itself(asked: Question) -> None:
    assert unpack(questions.NAMES[type(asked)], stored(pack(asked))) == asked


@given(st.sampled_from(TYPES).flatmap(lambda type_: st.tuples(st.just(type_), of_type(type_))))
def test_every_type_of_field_is_read_as_it_was_written(field: tuple[Any, Any]) -> None:
    type_, value = field
    assert questions.read(type_, stored(questions.written(value))) == value


@given(st.sampled_from(TYPES), JSON)
@example(int, True)
@example(bool, 1)
@example(Weekday, False)
@example(Decimal, "x")
@example(timedelta, 10**30)
@example(datetime, "2026-11-23T12:00:00")
@example(datetime, "9999-12-31T23:59:59+00:00")
@example(date, "0001-01-01")
def test_any_other_value_is_read_as_this_type_or_refused(type_: Any, value: Any) -> None:
    try:
        made = questions.read(type_, value)
    except (ValueError, ArithmeticError):
        return
    assert type(made) in (get_args(type_) or (type_,))


@given(KINDS, st.dictionaries(st.text(max_size=5), JSON, max_size=2) | JSON)
def test_any_other_draft_is_stale_or_read(kind: type[Question], draft: Any) -> None:
    with suppress(StaleQuestion):
        assert type(unpack(questions.NAMES[kind], draft)) is kind


@given(ANY_QUESTION, st.data())
def test_a_draft_with_one_value_changed_is_stale_or_read(asked: Question, data: st.DataObject) -> None:
    draft = stored(pack(asked))
    draft[data.draw(st.sampled_from(list(draft)))] = data.draw(JSON)
    with suppress(StaleQuestion):
        assert type(unpack(questions.NAMES[type(asked)], draft)) is type(asked)


@pytest.mark.parametrize(
    ("name", "draft"),
    [
        ("shoe_size", {}),
        ("zone", None),
        ("zone", []),
        ("zone", {"city": "Kyiv"}),
        ("zone", {"version": 0}),
        ("zone", {"version": 2}),
        ("zone", {"version": True}),
        ("zone", {"version": "1"}),
        ("move_to", {"version": 1, "on": None}),
        ("move_to", {"version": 1, "booking_id": None, "on": None}),
        ("move_to", {"version": 1, "booking_id": "7", "on": None}),
        ("move_to", {"version": 1, "booking_id": 7.0, "on": None}),
        ("move_to", {"version": 1, "booking_id": True, "on": None}),
        ("move_to", {"version": 1, "booking_id": 2**60, "on": None}),
        ("move_to", {"version": 1, "booking_id": 7, "on": "yesterday"}),
        ("move_to", {"version": 1, "booking_id": 7, "on": "9999-12-31"}),
        ("weekday", {"version": 1, "weekday": 7}),
        ("term", {"version": 1, "term": "shoe_size"}),
    ],
)
def test_a_row_that_was_not_packed_is_stale(name: str, draft: Any) -> None:
    with pytest.raises(StaleQuestion):
        unpack(name, draft)


def test_a_version_that_was_left_behind_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = pack(MoveTo(7, None))
    monkeypatch.setattr(MoveTo, "version", 2)
    for draft in (asked, {"booking_id": 7, "on": None}):
        with pytest.raises(StaleQuestion):
            unpack("move_to", draft)
    assert unpack("move_to", pack(MoveTo(7, None))) == MoveTo(7, None)


def test_a_row_reads_as_it_is_written() -> None:
    """Rows outlive a version of the bot: this form changes with the version of its question only."""
    assert pack(WhyDecline(7, None)) == {"version": 1, "booking_id": 7, "asked_in": None}
    assert pack(BookingNote(7, "Hi", NOON, LessonType.TRIAL)) == {
        "version": 1,
        "tutor_id": 7,
        "note": "Hi",
        "starts_at": "2026-11-23T12:00:00+00:00",
        "kind": "trial",
    }


@pytest.mark.parametrize(
    ("name", "draft", "asked"),
    [
        ("why_decline", {"booking_id": 7, "asked_in": 40}, WhyDecline(7, 40)),
        ("move_to", {"booking_id": 7, "on": "2026-11-23"}, MoveTo(7, NOON.date())),
        (
            "booking_note",
            {"tutor_id": 7, "starts_at": NOON.isoformat(), "kind": "trial", "note": None},
            BookingNote(7, None, NOON, LessonType.TRIAL),
        ),
        ("booking_note", {"tutor_id": 7, "starts_at": None, "note": "Hi"}, BookingNote(7, "Hi", None)),
        ("free_when", {"subject": 7}, FreeWhen(7)),
        ("feed", {}, WhichFeed()),
        ("feed", {"file_id": "f", "name": "n", "size": 1}, WhichFeed("f", "n", 1)),
        (
            "exception_hours",
            {"type": "vacation", "is_working": False, "first_on": "2026-11-23", "last_on": "2026-11-23"},
            ExceptionHours(ExceptionType.VACATION, False, NOON.date(), NOON.date()),
        ),
        (
            "email_code",
            {"email": "e", "salt": "s", "hash": "h", "until": NOON.isoformat(), "tries": 5},
            EmailCode("e", "s", "h", NOON, 5),
        ),
    ],
)
def test_a_row_of_before_there_were_versions_is_read(name: str, draft: dict[str, Any], asked: Question) -> None:
    assert unpack(name, draft) == asked


@pytest.mark.parametrize("asked", [WhyDecline(7, None), WhyCancel(7, None)])
def test_what_takes_a_lesson_away_is_waited_for_no_longer_than_an_hour(asked: Question) -> None:
    assert asked.has_lapsed(NOON, now=NOON + AN_HOUR)
    assert not asked.has_lapsed(NOON, now=NOON + AN_HOUR - timedelta(microseconds=1))


def test_any_other_question_is_waited_for() -> None:
    assert not MoveTo(7, None).has_lapsed(NOON, now=NOON + 1000 * AN_HOUR)
