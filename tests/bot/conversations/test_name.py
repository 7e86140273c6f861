"""Somebody is called as they wish, by everybody, until they wish otherwise."""

from tests.core import tables
from tests.stage import Player, Stage, bilingual, in_both


async def named(stage: Stage, name: str, settings: str = "Ім’я") -> tuple[Player, Player]:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.says("/settings")
    await ira.taps(settings)
    await ira.says(name)
    return olena, ira


@in_both(
    city=("Київ", "Kyiv"),
    name=("Ім’я", "Name"),
    shown=("Ім’я: {}", "Name: {}"),
    as_told=("Як у Telegram", "As in Telegram"),
    students=("Учні", "Students"),
)
async def test_a_name_of_ones_own_is_the_name_for_others(
    stage: Stage, language: str, city: str, name: str, shown: str, as_told: str, students: str
) -> None:
    olena = await stage.tutor(language=language, city=city)
    ira = await stage.student(of=olena, language=language, city=city)
    await ira.says("/settings")
    assert shown.format("Іра") in ira.sees
    await ira.taps(name)
    assert as_told not in " ".join(ira.buttons), "she is called so already"
    await ira.says("Ірина\nШевченко")
    assert shown.format("Ірина Шевченко") in ira.sees
    await olena.says("/students")
    assert "Ірина Шевченко" in olena.buttons

    stage.sandbox.change_person(ira.id, first_name="Irynka")
    await ira.says("/start")
    await olena.says("/students")
    assert "Ірина Шевченко" in olena.buttons, "it does not follow Telegram any more"

    await ira.says("/settings")
    await ira.taps(name, as_told)
    assert shown.format("Irynka") in ira.sees
    stage.sandbox.change_person(ira.id, first_name="Ira")
    await ira.says("/settings")
    assert shown.format("Ira") in ira.sees


async def test_who_has_a_name_of_their_own_costs_no_write_at_every_tap(stage: Stage) -> None:
    _, ira = await named(stage, "Ірина")
    async with stage.core.begin() as work:
        pass
    with tables.statements(work) as asked:
        await ira.taps("Головна", "Налаштування", "Мова", "Налаштування")
    assert not [sql for sql in asked if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


async def test_a_name_that_is_none_is_asked_for_again(stage: Stage) -> None:
    _, ira = await named(stage, "\u202e\u200b")
    assert "Ім’я має від 1 до 64 символів" in ira.sees
    await ira.says("Щ" * 65)
    assert "Ім’я має від 1 до 64 символів" in ira.sees
    await ira.says("Щ" * 64)
    assert f"Ім’я: {'Щ' * 64}" in ira.sees


@bilingual
async def test_each_language_is_offered_in_its_own_words(stage: Stage, language: str) -> None:
    ira = stage.person("Іра", language=language)
    await ira.says("/start")
    await ira.taps({"uk": "Я навчаюся", "en": "I learn"}[language])
    await ira.says("Київ")
    await ira.says("/settings")
    await ira.taps({"uk": "Мова", "en": "Language"}[language])
    assert {label.removeprefix("● ") for label in ira.buttons} >= {"🇺🇦 Українська", "🇬🇧 English"}
    chosen = [label for label in ira.buttons if label.startswith("●")]
    assert chosen == [{"uk": "● 🇺🇦 Українська", "en": "● 🇬🇧 English"}[language]]
    await ira.taps({"uk": "English", "en": "Українська"}[language])
    assert {"uk": "Settings", "en": "Налаштування"}[language] in ira.sees
