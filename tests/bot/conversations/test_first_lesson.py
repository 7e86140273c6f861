"""From nothing to the first lesson, in both languages, with a new process of the bot at every step."""

from collections.abc import AsyncIterator

import pytest

from core.startup import Core
from tests.conftest import FrozenClock
from tests.stage import CITY, I_TEACH, Player, Stage, bilingual

LABELS = {
    "uk": ["Вибрати час", "25", "12:00", "Надіслати запит"],
    "en": ["Pick a time", "25", "12:00", "Ask for it"],
}
CONFIRM = {"uk": "Підтвердити", "en": "Confirm"}


@pytest.fixture
async def restarting(core: Core, clock: FrozenClock) -> AsyncIterator[Stage]:
    async with Stage(core, clock, restarts=True) as ready:
        yield ready


async def comes_in_to_teach(stage: Stage, language: str) -> tuple[Player, str]:
    """A tutor comes in and gets the link."""
    olena = stage.person("Олена", last_name="Коваль", language=language)
    await olena.says("/start")
    await olena.taps(I_TEACH[language])
    await olena.says(CITY[language])
    await olena.says({"uk": "пн-пт 9-13, 15-19", "en": "Mon-Fri 9-13, 15-19"}[language])
    assert {"uk": "Пн–пт 09:00–13:00, 15:00–19:00", "en": "Mon–Fri 09:00–13:00, 15:00–19:00"}[language] in olena.sees
    return olena, await olena.link()


@bilingual
async def test_the_first_lesson_is_asked_for_and_agreed(restarting: Stage, language: str) -> None:
    olena, link = await comes_in_to_teach(restarting, language)
    ira = restarting.person("Іра", language=language)
    await ira.opens(link)
    assert "Олена Коваль" in ira.sees
    await ira.says(CITY[language])
    assert {"uk": "1 год", "en": "1 h"}[language] in ira.sees
    await ira.taps(*LABELS[language])
    assert {"uk": "Запит надіслано", "en": "Asked"}[language] in ira.sees
    when = {"uk": "ср, 25 лист., 12:00–13:00 (час: Київ)", "en": "Wed 25 Nov, 12:00–13:00 (Kyiv time)"}[language]
    assert "Іра" in olena.sees
    assert when in olena.sees
    await olena.taps(CONFIRM[language])
    for person in (olena, ira):
        assert {"uk": "ідтверджено", "en": "onfirmed"}[language] in person.sees
        assert when in person.sees
    assert "Олена Коваль" in ira.sees


REMINDED = {
    "uk": ["через 24 години", "через 1 годину", "через 15 хвилин"],
    "en": ["in 24 hours", "in 1 hour", "in 15 minutes"],
}


@bilingual
async def test_both_are_reminded_a_day_an_hour_and_a_quarter_before(stage: Stage, language: str) -> None:
    olena = await stage.tutor(language=language, city=CITY[language])
    ira = await stage.student(of=olena, language=language, city=CITY[language])
    await ira.taps(*LABELS[language])
    await olena.taps(CONFIRM[language])
    told = [len(person.heard) for person in (olena, ira)]
    await stage.passes(hours=25, minutes=59)
    assert [len(person.heard) for person in (olena, ira)] == told
    for words, length in zip(REMINDED[language], ({"minutes": 1}, {"hours": 23}, {"minutes": 45}), strict=True):
        await stage.passes(**length)
        assert words in olena.sees
        assert "Іра" in olena.sees
        assert words in ira.sees
        assert "Олена" in ira.sees
    await stage.passes(hours=3)
    assert [len(person.heard) for person in (olena, ira)] == [count + 3 for count in told]


async def test_a_request_nobody_confirmed_reminds_nobody(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await stage.passes(hours=23, minutes=30)
    told = len(ira.messages)
    await olena.taps("Підтвердити")
    await stage.passes(hours=2, minutes=30)
    assert "через 24 години" in ira.sees
    assert len(ira.messages) == told + 2


async def test_from_the_link_to_the_request_it_is_six_taps_and_one_to_confirm(stage: Stage) -> None:
    olena = await stage.tutor()
    link = await olena.link()
    ira = stage.person("Іра")
    await ira.opens(link)
    await ira.taps("Київ", "Вибрати час", "Найближче", "Надіслати запит")
    assert "Запит надіслано" in ira.sees
    assert ira.deeds == 5

    max_ = stage.person("Макс")
    await max_.opens(link)
    await max_.taps("Київ", "Вибрати час", "25", "12:00", "Надіслати запит")
    assert "Запит надіслано" in max_.sees
    assert max_.deeds <= 6
    before = olena.deeds
    await olena.taps("Підтвердити")
    assert olena.deeds - before == 1
    assert "підтверджено" in max_.sees


async def test_a_tutor_is_bookable_after_five_deeds(stage: Stage) -> None:
    olena = stage.person("Олена")
    await olena.says("/start")
    await olena.taps("Я викладаю", "Київ")
    await olena.says("пн-пт 9-17")
    await olena.taps("Посилання")
    assert "https://t.me/" in olena.sees
    assert olena.deeds == 5


async def test_everything_happens_in_one_message(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    before = len(ira.messages)
    await ira.taps("Вибрати час", "Грудень", "Листопад", "26", "25 лист", "12:00", "Інший час", "13:00", "Надіслати")
    assert len(ira.messages) == before
    await ira.taps("Заняття", "Головна", "Налаштування", "Головна", "Записатися")
    assert len(ira.messages) == before
