"""Everybody sees every time by their own clock, on nights too when a clock is put back."""

from datetime import UTC, datetime

import pytest

from bot.words.places import places
from tests.conftest import FrozenClock
from tests.stage import Player, Stage, in_both

KYIV_GOES_BACK = datetime(2026, 10, 24, 8, tzinfo=UTC)
NEW_YORK_GOES_BACK = datetime(2026, 10, 30, 8, tzinfo=UTC)
IN_NOVEMBER = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> FrozenClock:
    return FrozenClock(getattr(request, "param", IN_NOVEMBER))


def hours(player: Player) -> list[str]:
    return [label for label in player.buttons if label[2:3] == ":"]


async def test_each_sees_the_lesson_by_their_own_clock(stage: Stage) -> None:
    olena = await stage.tutor(city="Київ")
    john = await stage.student("John", of=olena, city="New York", language="en")
    await john.taps("Pick a time", "25")
    assert "Olena" not in john.sees
    assert "Олена is in another zone: Kyiv time (UTC+2)." in john.sees
    await john.taps("09:00")
    assert "Wed 25 Nov, 09:00–10:00 (New York time)" in john.sees
    assert "At the tutor's: Wed 25 Nov, 16:00 (Kyiv time)" in john.sees
    await john.taps("Ask for it")
    assert "ср, 25 лист., 16:00–17:00 (час: Київ)" in olena.sees
    assert "В учня: ср, 25 лист., 09:00 (час: Нью-Йорк)" in olena.sees
    await olena.taps("Підтвердити")
    assert "Wed 25 Nov, 09:00–10:00 (New York time)" in john.sees
    await stage.passes(days=1, hours=6)
    assert "09:00" in john.sees
    assert "in 24 hours" in john.sees
    assert "16:00" in olena.sees
    assert "через 24 години" in olena.sees


@in_both(
    pick=("Вибрати час", "Pick a time"),
    ask=("Надіслати запит", "Ask for it"),
    here=("чт, 26 лист., 03:00–04:00 (час: Київ)", "Thu 26 Nov, 03:00–04:00 (Kyiv time)"),
    there=("ср, 25 лист., 20:00{} (час: Нью-Йорк)", "Wed 25 Nov, 20:00{} (New York time)"),
    at_the_tutors=("У викладача: ", "At the tutor's: "),
)
async def test_an_evening_over_there_is_another_day_here(
    stage: Stage, language: str, pick: str, ask: str, here: str, there: str, at_the_tutors: str
) -> None:
    olena = await stage.tutor(city="New York", weekly="Wed 20-22", language=language)
    ira = await stage.student(of=olena, language=language)
    await ira.taps(pick)
    assert not {"25"} & set(ira.buttons)
    await ira.taps("26", "03:00", ask)
    assert here in ira.sees
    assert at_the_tutors + there.format("") in ira.sees
    assert there.format("–21:00") in olena.sees


async def test_a_new_tutors_hours_are_in_the_zone_just_told(stage: Stage) -> None:
    olena = await stage.tutor(city="New York", weekly="Mon-Fri 9-13")
    assert "Нью-Йорк" in olena.sees
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25")
    assert "16:00" in ira.buttons
    assert "09:00" not in ira.buttons


async def test_after_moving_all_times_are_by_the_new_clock(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await ira.says("/settings")
    await ira.taps("Часовий пояс", "Варшава")
    assert "Часовий пояс: Варшава" in ira.sees
    assert "🔒 Приватність" in ira.buttons
    await ira.says("/lessons")
    assert "⏳ ср, 25 лист., 11:00 · Олена" in ira.buttons
    await olena.taps("Підтвердити")
    assert "11:00–12:00 (час: Варшава)" in ira.sees


async def test_a_tutor_who_moves_takes_the_week_along_and_leaves_the_lessons(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await olena.says("/settings")
    await olena.taps("🙋", "Часовий пояс")
    await olena.says("Варшава")
    await olena.says("/lessons")
    assert "❓ ср, 25 лист., 11:00 · Іра" in olena.buttons
    await olena.says("/availability")
    assert "Варшава" in olena.sees
    await ira.says("/book")
    await ira.taps("26")
    assert hours(ira)[0] == "10:00"


@pytest.mark.parametrize("clock", [KYIV_GOES_BACK], indirect=True)
async def test_the_hour_that_comes_twice_is_told_apart(stage: Stage) -> None:
    """On 25 October at 4:00 in Kyiv it is 3:00 again."""
    olena = await stage.tutor(weekly="Sun 1-6")
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25")
    assert hours(ira) == ["01:00", "02:00", "03:00 (+03:00)", "03:00 (+02:00)", "04:00", "05:00"]
    await ira.taps("03:00 (+02:00)", "Надіслати запит")
    assert "03:00 (+02:00)–04:00" in ira.sees
    assert "03:00 (+02:00)–04:00" in olena.sees
    max_ = await stage.student("Макс", of=olena)
    await max_.taps("Вибрати час", "25")
    assert "03:00 (+03:00)" in max_.buttons
    assert "03:00 (+02:00)" not in max_.buttons


@pytest.mark.parametrize("clock", [NEW_YORK_GOES_BACK], indirect=True)
async def test_a_student_sees_their_own_hour_twice(stage: Stage) -> None:
    """On 1 November at 2:00 in New York it is 1:00 again; in Kyiv nothing happens that day."""
    olena = await stage.tutor(weekly="Sun 6-11")
    john = await stage.student("John", of=olena, city="New York", language="en")
    await john.taps("Pick a time", "November", "1")
    assert hours(john) == ["00:00", "01:00 (−04:00)", "01:00 (−05:00)", "02:00", "03:00"]
    await john.taps("01:00 (−05:00)", "Ask for it")
    assert "01:00 (−05:00)–02:00" in john.sees
    assert "08:00–09:00 (час: Київ)" in olena.sees


async def test_a_place_can_be_typed_tapped_or_sent(stage: Stage) -> None:
    typed, tapped, sent = (stage.person(name) for name in ("Іра", "Макс", "Остап"))
    for person in (typed, tapped, sent):
        await person.says("/start")
        await person.taps("Я навчаюся")
    await typed.says("львів")
    await tapped.taps("Нью-Йорк")
    await sent.sends_location(52.23, 21.01)
    assert "часовий пояс: Київ" in typed.sees
    assert "часовий пояс: Нью-Йорк" in tapped.sees
    assert "часовий пояс: Варшава" in sent.sees


async def test_several_places_of_one_name_are_offered(stage: Stage) -> None:
    ann = stage.person("Ann", language="en")
    await ann.says("/start")
    await ann.taps("I learn")
    await ann.says("Birmingham")
    assert "Which one" in ann.sees
    names = [f"{place.name}, {place.country}" for place in places.find("Birmingham", "en")]
    assert set(names) <= set(ann.buttons)
    await ann.taps("United Kingdom")
    assert "time zone: London" in ann.sees


async def test_a_place_nobody_knows_is_asked_for_again(stage: Stage) -> None:
    ira = stage.person("Іра")
    await ira.says("/start")
    await ira.taps("Я навчаюся")
    await ira.says("Зззййй <b>")
    assert "Зззййй <b>" in ira.sees
    await ira.sends_location(0.0, -140.0)
    assert "Не можу визначити" in ira.sees
    await ira.says("Київ")
    assert "Київ" in ira.sees
    assert "Вітаю, Іра" in ira.sees
