"""What people read: in their language, in their zone, with what others typed made harmless."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.words.voice import Html, Voice, catalogue, escape, isolated, lines

ENGLISH, UKRAINIAN = Voice("en", "Europe/Kyiv"), Voice("uk", "Europe/Kyiv")
MONDAY = date(2026, 11, 23)
AFTERNOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BEFORE_THE_CLOCK_GOES_BACK = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_what_a_person_typed_is_escaped() -> None:
    said = ENGLISH.say('<a href="{url}">{name}</a> ', name="<b>Тест & Ко</b>", url='"><script>')
    assert said == '<a href="&quot;&gt;&lt;script&gt;">&lt;b&gt;Тест &amp; Ко&lt;/b&gt;</a> '


def test_what_was_said_already_is_not_escaped_again() -> None:
    name = ENGLISH.say("<b>{name}</b>", name="Q&A")
    assert ENGLISH.say("with {name}", name=name) == "with <b>Q&amp;A</b>"
    assert escape(name) is name


def test_what_was_made_of_html_by_hand_is_escaped() -> None:
    assert not isinstance(Html("<b>") + "x", Html)
    assert ENGLISH.say("{x}", x=Html("<b>") + "<i>") == "&lt;b&gt;&lt;i&gt;"


def test_a_label_is_plain_text() -> None:
    assert ENGLISH.label("{name}", name="Q&A") == "Q&A"
    assert not isinstance(ENGLISH.label("{name}", name=Html("x")), Html)


@pytest.mark.parametrize("name", ["מרים כהן", "مريم العبدالله", "\u202eOlena", "Olena\u2069"])
def test_a_name_from_right_to_left_leaves_the_times_around_it_in_order(name: str) -> None:
    kept = f"\u2068{name.strip(chr(0x202E) + chr(0x2069))}\u2069"
    assert ENGLISH.say("{name}, 17:00–18:00", name=name) == f"{kept}, 17:00–18:00"
    assert ENGLISH.label("{name}, 17:00–18:00", name=name) == f"{kept}, 17:00–18:00"
    assert ENGLISH.count("{n} with {name}", "{n} with {name}", 5, name=name) == f"5 with {kept}"
    assert ENGLISH.name(name) == kept == isolated(kept)


@pytest.mark.parametrize(
    "name", ["\u2068x\u2069\u202eOlena\u2069", "\u2068\u202eOlena\u2069", "\u2068x\u2069 מרים \u2068y\u2069"]
)
def test_a_name_that_only_looks_isolated_is_isolated_all_the_same(name: str) -> None:
    controls = dict.fromkeys((0x202E, 0x2068, 0x2069))
    assert isolated(name) == f"\u2068{name.translate(controls)}\u2069"


def test_what_was_said_with_isolated_names_stays_as_it_was_said() -> None:
    said = ENGLISH.label("{one} 17:00 {other}", one="מרים", other="مريم")
    assert ENGLISH.label("{said}", said=said) == said == "\u2068מרים\u2069 17:00 \u2068مريم\u2069"


@pytest.mark.parametrize("name", ["Олена", "Olena 🇺🇦", "👩\u200d🏫", "12:00", ""])
def test_other_names_are_said_as_they_are(name: str) -> None:
    assert ENGLISH.name(name) == name


def test_a_count_names_the_number_and_escapes_the_rest() -> None:
    assert ENGLISH.count("{n} lesson of {who}", "{n} lessons of {who}", 1, who="<") == "1 lesson of &lt;"
    assert ENGLISH.count("{n} lesson of {who}", "{n} lessons of {who}", 2, who="<") == "2 lessons of &lt;"


@pytest.mark.parametrize(
    ("n", "shown"), [(1, "1 день"), (2, "2 дні"), (5, "5 днів"), (11, "11 днів"), (21, "21 день"), (112, "112 днів")]
)
def test_ukrainian_counts_in_three_forms(n: int, shown: str) -> None:
    assert UKRAINIAN.count_label("{n} day", "{n} days", n) == shown


def test_a_fact_that_is_not_given_is_an_error() -> None:
    for voice in (ENGLISH, UKRAINIAN):
        with pytest.raises(KeyError):
            voice.say("{city} time")


def test_an_untranslated_sentence_is_said_in_english() -> None:
    assert UKRAINIAN.say("No such sentence, {name}", name="x") == "No such sentence, x"


def test_facts_may_be_called_what_they_are() -> None:
    assert ENGLISH.say("{message} {self}", message="a", self="b") == "a b"


def test_lines_leave_out_the_absent_and_escape_the_plain() -> None:
    assert lines(Html("<b>a</b>"), None, "<") == "<b>a</b>\n&lt;"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("uk", "uk"),
        ("uk-UA", "uk"),
        ("UK_ua", "uk"),
        ("en-GB", "en"),
        ("ru", "en"),
        ("pl", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_language_follows_telegrams_code(code: str | None, language: str) -> None:
    assert Voice.for_(code, "UTC").language == language


def test_the_catalogue_is_read_once() -> None:
    assert catalogue("uk") is catalogue("uk")


def test_days_are_said_in_the_readers_language() -> None:
    assert ENGLISH.day(MONDAY) == "Mon 23 Nov"
    assert UKRAINIAN.day(MONDAY) == "пн, 23 лист."
    assert ENGLISH.long_day(MONDAY) == "Monday, 23 November"
    assert UKRAINIAN.long_day(MONDAY) == "понеділок, 23 листопада"
    assert ENGLISH.full_date(MONDAY) == "23 November 2026"
    assert UKRAINIAN.full_date(MONDAY) == "23 листопада 2026 р."
    assert [ENGLISH.month(MONDAY), UKRAINIAN.month(MONDAY)] == ["November 2026", "листопад 2026"]
    assert [UKRAINIAN.weekday(0), ENGLISH.weekday(6), UKRAINIAN.weekday_short(6)] == ["понеділок", "Sunday", "нд"]


def test_hours_are_the_readers_wall_clock() -> None:
    assert ENGLISH.hour(AFTERNOON) == UKRAINIAN.hour(AFTERNOON) == "17:00"
    assert ENGLISH.hours(AFTERNOON, AFTERNOON + HOUR) == "17:00–18:00"
    assert ENGLISH.moment(AFTERNOON) == "Mon 23 Nov, 17:00"
    assert UKRAINIAN.moment(AFTERNOON) == "пн, 23 лист., 17:00"
    assert ENGLISH.moment_in(AFTERNOON + 9 * HOUR, "America/New_York") == "Mon 23 Nov, 19:00"
    assert ENGLISH.moment(AFTERNOON + 9 * HOUR) == "Tue 24 Nov, 02:00"


def test_an_hour_that_comes_twice_tells_its_offset() -> None:
    first = BEFORE_THE_CLOCK_GOES_BACK
    assert ENGLISH.hours(first, first + HOUR) == "03:30 (+03:00)–03:30 (+02:00)"
    assert ENGLISH.hours(first - HOUR, first + 2 * HOUR) == "02:30–04:30"
    assert Voice("en", "America/New_York").hour(datetime(2026, 11, 1, 6, 30, tzinfo=UTC)) == "01:30 (−05:00)"
    assert Voice("en", "UTC").hour(first) == "00:30"


@pytest.mark.parametrize(
    ("language", "timezone", "shown", "shown_at"),
    [
        ("en", "Europe/Kyiv", "Kyiv time", "Kyiv time (UTC+2)"),
        ("uk", "Europe/Kyiv", "час: Київ", "час: Київ (UTC+2)"),
        ("uk", "America/New_York", "час: Нью-Йорк", "час: Нью-Йорк (UTC−5)"),
        ("en", "Asia/Kolkata", "Kolkata time", "Kolkata time (UTC+5:30)"),
        ("en", "Europe/London", "London time", "London time (UTC)"),
        ("uk", "UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_is_called_by_its_city(language: str, timezone: str, shown: str, shown_at: str) -> None:
    assert Voice(language, timezone).zone() == shown
    assert Voice(language, timezone).zone(AFTERNOON) == shown_at


def test_the_offset_of_a_zone_is_that_of_the_day() -> None:
    assert ENGLISH.zone(AFTERNOON - timedelta(days=90)) == "Kyiv time (UTC+3)"


@pytest.mark.parametrize(
    ("minutes", "english", "ukrainian"),
    [
        (0, "0 min", "0 хв"),
        (45, "45 min", "45 хв"),
        (60, "1 h", "1 год"),
        (90, "1 h 30 min", "1 год 30 хв"),
        (48 * 60, "48 h", "48 год"),
        (72 * 60, "3 days", "3 дні"),
        (73 * 60 + 1, "3 days 1 h 1 min", "3 дні 1 год 1 хв"),
    ],
)
def test_a_span_is_short(minutes: int, english: str, ukrainian: str) -> None:
    assert [voice.span(timedelta(minutes=minutes)) for voice in (ENGLISH, UKRAINIAN)] == [english, ukrainian]


@pytest.mark.parametrize(
    ("minutes", "english", "ukrainian"),
    [
        (15, "in 15 minutes", "через 15 хвилин"),
        (60, "in 1 hour", "через 1 годину"),
        (90, "in 1 h 30 min", "через 1 год 30 хв"),
        (24 * 60, "in 24 hours", "через 24 години"),
        (48 * 60, "in 2 days", "через 2 дні"),
    ],
)
def test_what_lies_ahead_is_said_in_words(minutes: int, english: str, ukrainian: str) -> None:
    assert [voice.ahead(timedelta(minutes=minutes)) for voice in (ENGLISH, UKRAINIAN)] == [english, ukrainian]


@pytest.mark.parametrize(
    ("amount", "currency", "english", "ukrainian"),
    [
        ("450", "UAH", "450 UAH", "450 ₴"),
        ("450.50", "UAH", "450.50 UAH", "450,50 ₴"),
        ("12500.00", "USD", "$12,500", "12 500 USD"),
        ("0", "EUR", "€0", "0 EUR"),
    ],
)
def test_money_is_whole_unless_it_has_cents(amount: str, currency: str, english: str, ukrainian: str) -> None:
    shown = [re.sub(r"\s", " ", voice.money(Decimal(amount), currency)) for voice in (ENGLISH, UKRAINIAN)]
    assert shown == [english, ukrainian]
