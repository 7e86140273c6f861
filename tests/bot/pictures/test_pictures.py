"""A week as a picture: it can be opened, is small enough, and whatever people are called is drawn or left out."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from bot.conversations.calendar import statement_screen
from bot.pictures import calendar_week, paper, statement
from bot.words.voice import LANGUAGES, Voice
from core.calendars.calendar import Week
from core.calendars.layout import Entry, Kind, Time, week_view
from core.calendars.statements import DayCount, Statement
from core.pure.planning.local_time import local_instant
from core.pure.planning.values import Span

ZONE, MONDAY = "Europe/Kyiv", date(2026, 11, 23)
HOUR = timedelta(hours=1)
LONGEST_CAPTION = 1024
LARGEST_PHOTO = 10_000_000  # bytes; and the sides together at most 10,000 pixels: Bot API, sendPhoto
NAMES = ["Іра", "Щ" * 60, "👩‍👩‍👧 " * 20, "مريم العبدالله", "𝓘𝓻𝓪", "A-" * 30, "x" * 128, "<&>", "\u200f\u202e", "Ґ ґ Ї"]


def lesson(day: int, hour: float, name: str = "Іра", kind: Kind = Kind.LESSON, length: float = 1) -> Entry:
    at = local_instant(ZONE, MONDAY + timedelta(days=day), time.min) + hour * HOUR
    return Entry(Span(at, at + length * HOUR), kind, name, booking_id=1)


def drawn(entries: Sequence[Entry] = (), *, language: str = "uk", teaches: bool = True, **time_: object) -> bytes:
    shown = Time(ZONE, tuple(entries), **time_)
    return calendar_week.draw(Voice(language, ZONE), Week(MONDAY, teaches, week_view(MONDAY, shown)))


def opened(picture: bytes) -> Image.Image:
    image = Image.open(BytesIO(picture))
    image.load()
    assert (image.format, image.width) == ("PNG", calendar_week.WIDTH)
    assert len(picture) < LARGEST_PHOTO
    assert image.width + image.height < 10_000
    return image


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_and_a_crowded_week_can_be_sent(language: str) -> None:
    every_kind = [list(Kind)[number % len(Kind)] for number in range(12)]
    crowded = [lesson(day, 8 + number, "Іра", kind) for day in range(7) for number, kind in enumerate(every_kind)]
    hours = tuple(entry.span for entry in crowded)
    full = opened(drawn(crowded, language=language, open=hours, days_off=frozenset({MONDAY})))
    empty = opened(drawn(language=language, teaches=False))
    assert empty.height < full.height <= 1300


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("length", [0.1, 0.5, 1, 3])
def test_any_name_is_drawn_in_any_room(name: str, length: float) -> None:
    overlapping = [lesson(2, 10 + number / 4, name, length=length) for number in range(5)]
    opened(drawn(overlapping))


def test_the_same_week_is_the_same_picture_and_another_is_not() -> None:
    assert drawn([lesson(1, 10)]) == drawn([lesson(1, 10)])
    each = [lesson(1, 10), lesson(1, 11), lesson(1, 10, "Макс"), lesson(1, 10, kind=Kind.ASKED), lesson(2, 10)]
    assert len({drawn([one]) for one in each}) == len(each)


def test_the_hours_are_those_that_are_used() -> None:
    def hours(*entries: Entry, **time_: object) -> tuple[int, int]:
        return calendar_week._hours(week_view(MONDAY, Time(ZONE, entries, **time_)))

    assert hours() == (9, 17)
    assert hours(lesson(0, 10)) == (6, 15)
    assert hours(lesson(0, 22.5)) == (16, 24)
    assert hours(lesson(0, 7.5), lesson(6, 19.25)) == (7, 21)
    assert hours(lesson(0, 10), lesson(1, 2, kind=Kind.ELSEWHERE)) == hours(lesson(0, 10))
    assert hours(open=(Span(local_instant(ZONE, MONDAY, time(8)), local_instant(ZONE, MONDAY, time(20))),)) == (8, 20)
    assert hours(lesson(0, 23.5)) == (0, 24)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lessons", [0, 1, 40])
def test_a_month_in_figures_can_be_sent(language: str, lessons: int) -> None:
    days = tuple(DayCount(MONDAY.replace(day=day), lessons, day % 2) for day in range(1, 31))
    held = 30 * lessons, lessons, 30 * lessons * HOUR
    shown = Statement(MONDAY, MONDAY, days, *held, ((Decimal("99999999.99"), "UAH"),), 15, 3, 2, 1)
    voice = Voice(language, "America/Argentina/Buenos_Aires")
    chart = statement.draw(voice, shown)
    opened(chart)
    assert len(statement_screen.statement(voice, shown, chart).text) < LONGEST_CAPTION


def test_a_night_on_which_the_clock_is_set_back_is_drawn() -> None:
    sunday = date(2026, 10, 25)
    at = local_instant(ZONE, sunday, time(3, 30))
    shown = Time(ZONE, (Entry(Span(at, at + HOUR), Kind.LESSON, "Іра", booking_id=1),))
    opened(calendar_week.draw(Voice("uk", ZONE), Week(sunday, True, week_view(sunday, shown))))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Ґабрієль Zoë Ångström", "Ґабрієль Zoë Ångström"),
        ("Настя 🌸", "Настя"),
        ("𝓘𝓻𝓪 Ⓑold", "Ira Bold"),
        ("مريم Maryam", "Maryam"),
        ("山田", ""),
        ("👩‍👩‍👧", ""),
        ("  a \n b\u200f ", "a b"),
    ],
)
def test_names_are_written_in_letters_that_are_there(name: str, known: str) -> None:
    assert paper.written(name) == known


def test_a_name_is_cut_where_there_is_no_room() -> None:
    letters = paper.font(24, bold=True)
    assert paper.shortened("Олександра Коваленко", letters, 400) == "Олександра Коваленко"
    assert paper.shortened("Софія Мельник", letters, 130) == "Софія М."
    assert paper.shortened("Олександра", letters, 110) == "Олекс…"
    assert paper.shortened("Олександра", letters, 5) == ""


def test_the_fonts_have_every_letter_of_both_languages() -> None:
    letters = "АаБбВвГгҐґДдЕеЄєЖжЗзИиІіЇїЙйКкЛлМмНнОоПпРрСсТтУуФфХхЦцЧчШшЩщЬьЮюЯяЪъЫыЭэЁё’«»–…₴€$№1234567890"
    assert (
        paper.written(letters)
        == "АаБбВвГгҐґДдЕеЄєЖжЗзИиІіЇїЙйКкЛлМмНнОоПпРрСсТтУуФфХхЦцЧчШшЩщЬьЮюЯяЪъЫыЭэЁё’«»–...₴€$No1234567890"
    )
