"""Finding where somebody is."""

import asyncio
from datetime import UTC, datetime

import pytest
import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.words.places import places
from bot.words.places.places import Place

WINTER = datetime(2026, 11, 24, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 12, tzinfo=UTC)
KYIV = Place("Київ", "Україна", "Europe/Kyiv")


@pytest.mark.parametrize(
    ("typed", "name", "timezone"),
    [
        ("Київ", "Київ", "Europe/Kyiv"),
        ("київ", "Київ", "Europe/Kyiv"),
        ("м. Київ", "Київ", "Europe/Kyiv"),
        ("Kyiv", "Київ", "Europe/Kyiv"),
        ("Kiev", "Київ", "Europe/Kyiv"),
        ("Kyiv, Ukraine", "Київ", "Europe/Kyiv"),
        ("Lviv", "Львів", "Europe/Kyiv"),
        (" львів ", "Львів", "Europe/Kyiv"),
        ("Одеса", "Одеса", "Europe/Kyiv"),
        ("Харків", "Харків", "Europe/Kyiv"),
        ("Вінниця", "Вінниця", "Europe/Kyiv"),
        ("Кам'янець-Подільський", "Кам’янець-Подільський", "Europe/Kyiv"),
        ("Івано-Франківськ", "Івано-Франківськ", "Europe/Kyiv"),
        ("Warszawa", "Варшава", "Europe/Warsaw"),
        ("Варшава", "Варшава", "Europe/Warsaw"),
        ("краків", "Краків", "Europe/Warsaw"),
        ("New York", "Нью-Йорк", "America/New_York"),
        ("нью-йорк", "Нью-Йорк", "America/New_York"),
        ("нью йорк", "Нью-Йорк", "America/New_York"),
        ("London", "Лондон", "Europe/London"),
        ("London, Канада", "London", "America/Toronto"),
        ("München", "Munich", "Europe/Berlin"),
        ("Europe/Kyiv", "Київ", "Europe/Kyiv"),
        ("europe/kiev", "Київ", "Europe/Kyiv"),
        ("ховд", "Ховд", "Asia/Hovd"),
        ("Longyearbyen", "Лонгʼїр", "Arctic/Longyearbyen"),
        ("варшва", "Варшава", "Europe/Warsaw"),
        ("Londn", "Лондон", "Europe/London"),
        ("Amsterdm", "Амстердам", "Europe/Amsterdam"),
        ("Philadel", "Philadelphia", "America/New_York"),
    ],
)
def test_a_place_is_found_as_it_is_typed(typed: str, name: str, timezone: str) -> None:
    first = places.find(typed, "uk")[0]
    assert (first.name, first.timezone) == (name, timezone)


def test_a_place_is_named_in_the_readers_language() -> None:
    assert places.find("Київ", "uk") == [KYIV]
    assert places.find("Київ", "en") == [Place("Kyiv", "Ukraine", "Europe/Kyiv")]
    assert places.find("Львів", "en") == [Place("Lviv", "Ukraine", "Europe/Kyiv")]


CENTRES = """
Луцьк Житомир Ужгород Запоріжжя Кропивницький Луганськ Донецьк Миколаїв Полтава Рівне Суми Тернопіль Херсон Хмельницький
Черкаси Чернівці Чернігів Дніпро Сімферополь Севастополь Маріуполь Краматорськ Бровари Керч Умань Слов’янськ Куп’янськ
"""


@pytest.mark.parametrize("name", CENTRES.split())
def test_ukrainian_cities_are_spelled_as_in_ukraine(name: str) -> None:
    assert places.find(name, "uk")[0].name == name


def test_the_bigger_city_comes_first() -> None:
    assert [place.country for place in places.find("London")] == ["United Kingdom", "Canada"]


def test_a_zone_is_not_offered_beside_its_own_city() -> None:
    assert [place.name for place in places.find("ховд")] == ["Khovd"]


def test_no_more_than_six_places_are_offered_each_once() -> None:
    found = places.find("Santa")
    assert len(found) == len(set(found)) == 6


@pytest.mark.parametrize(
    "typed", ["", "  ", "x", "asdfgh", "Kheiyf", "qwertyzz", "🙂", "....", ",", "9-13", "Etc/GMT+3", "a" * 5000]
)
def test_nonsense_finds_nothing(typed: str) -> None:
    assert places.find(typed, now=WINTER) == []


def test_an_offset_finds_the_zones_whose_clocks_show_it_now() -> None:
    assert places.find("UTC+2", "uk", now=WINTER)[0] == KYIV
    assert places.find("gmt +3", "uk", now=SUMMER)[0] == KYIV
    assert "Europe/Warsaw" in [place.timezone for place in places.find("+02:00", "uk", now=SUMMER)]
    assert places.find("UTC−5", now=WINTER)[0].timezone == "America/New_York"
    assert places.find("UTC+5:30", now=WINTER)[0].timezone == "Asia/Kolkata"
    assert places.find("UTC", now=WINTER)[0].timezone == "Europe/London"
    assert places.find("UTC+47", now=WINTER) == []
    assert places.find("UTC+2") == []


@pytest.mark.parametrize(
    ("latitude", "longitude", "timezone"),
    [
        (50.45, 30.52, "Europe/Kyiv"),
        (48.6, 22.3, "Europe/Kyiv"),
        (46.3, 30.85, "Europe/Kyiv"),
        (40.7, -74.0, "America/New_York"),
        (22.57, 88.36, "Asia/Kolkata"),
        (30.0, -40.0, None),
        (91.0, 0.0, None),
        (float("nan"), 0.0, None),
    ],
)
def test_a_location_has_the_zone_of_its_land_or_shore(latitude: float, longitude: float, timezone: str | None) -> None:
    assert places.at(latitude, longitude) == timezone


def test_zones_are_called_what_they_are_called_today() -> None:
    assert places.canonical("Europe/Kiev") == "Europe/Kyiv"
    assert places.canonical("Asia/Calcutta") == "Asia/Kolkata"
    assert places.canonical("Europe/Nowhere") is None
    assert all(places.canonical(zone) in pytz.all_timezones_set for zone in pytz.common_timezones if "/" in zone)


@pytest.mark.parametrize("language", ["uk", "en"])
def test_the_usual_places_have_names_in_the_readers_language(language: str) -> None:
    usual = places.common(language)
    assert 5 <= len(usual) <= 8
    assert all(place.name and places.canonical(place.timezone) == place.timezone for place in usual)
    assert {"uk": "Київ", "en": "Kyiv"}[language] in [place.name for place in usual]


@pytest.mark.parametrize("language", ["uk", "en"])
def test_the_usual_places_fit_on_half_a_row(language: str) -> None:
    assert all(not place.country and len(place.name) <= 14 for place in places.common(language))


@given(st.text(max_size=40), st.sampled_from(["uk", "en"]))
@settings(max_examples=100, deadline=None)
def test_every_place_found_has_a_zone_that_is_known(text: str, language: str) -> None:
    for place in places.find(text, language, now=WINTER):
        assert place.timezone in pytz.all_timezones_set


async def test_others_are_not_kept_waiting_while_the_cities_are_read() -> None:
    places.gazetteer.cache_clear()
    turns = 0
    search = asyncio.create_task(places.find_async("Київ", "uk"))
    while not search.done():
        await asyncio.sleep(0)
        turns += 1
    assert await search == [KYIV]
    assert turns > 10
