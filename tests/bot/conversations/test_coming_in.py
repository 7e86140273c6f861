"""Who comes in, by which door, in which language."""

import pytest

from bot.sandbox.api.methods.profile import commands_for
from tests.stage import Stage


async def test_a_wrong_link_says_so_and_still_lets_in(stage: Stage) -> None:
    ira = stage.person("Іра")
    await ira.opens("https://t.me/bot?start=nobody")
    assert "Це посилання нікуди не веде" in ira.sees
    await ira.taps("Головна")
    assert "Що вас сюди привело?" in ira.sees
    await ira.taps("Я навчаюся", "Київ")
    assert "Вітаю, Іра" in ira.sees


@pytest.mark.parametrize("code", ["x" * 64, "'; DROP TABLE person; --", "<b>", "😀", "a b c"])
async def test_odd_codes_are_wrong_codes(stage: Stage, code: str) -> None:
    ira = stage.person("Іра")
    await ira.says(f"/start {code}")
    assert "Це посилання нікуди не веде" in ira.sees


async def test_somebody_known_who_opens_a_link_sees_the_tutor_at_once(stage: Stage) -> None:
    olena, ostap = await stage.tutor(), await stage.tutor("Остап")
    ira = await stage.student(of=olena)
    await ira.opens(await ostap.link())
    assert "Остап" in ira.sees
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    assert "Новий запит" in ostap.sees
    await ira.says("/book")
    assert [label for label in ira.buttons if label in ("Олена", "Остап")] == ["Олена", "Остап"]


async def test_start_brings_somebody_known_to_their_desk(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await ira.says("/start")
    assert "Вітаю, Іра" in ira.sees
    assert "Наступне заняття: ср, 25 лист., 12:00, Олена" in ira.sees


async def test_the_latest_tutor_comes_first(stage: Stage) -> None:
    olena, ostap = await stage.tutor(), await stage.tutor("Остап")
    ira = await stage.student(of=olena)
    await stage.passes(minutes=1)
    await ira.opens(await ostap.link())
    await ira.says("/book")
    assert ira.buttons[:2] == ["Остап", "Олена"]


async def test_a_tutor_cannot_book_their_own_hours(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.opens(await olena.link())
    assert "Олена" in olena.sees
    await olena.taps("Вибрати час", "25", "12:00")
    assert olena.toast == "Це ваші власні години. Учні записуються за вашим посиланням."
    assert not [words for words in olena.heard if "Новий запит" in words]


async def test_a_tutor_learns_from_another_tutor(stage: Stage) -> None:
    olena, ostap = await stage.tutor(), await stage.tutor("Остап")
    await ostap.opens(await olena.link())
    await ostap.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    assert "Остап" in olena.sees
    await olena.taps("Підтвердити")
    assert "Ваше заняття підтверджено" in ostap.sees
    await ostap.says("/lessons")
    assert [label for label in ostap.buttons if "Олена" in label] == ["✅ ср, 25 лист., 12:00 · 🎓 Олена"]

    ira = await stage.student(of=ostap)
    await ira.taps("Вибрати час", "25")
    assert "12:00" not in ira.buttons
    assert "11:00" in ira.buttons


async def test_a_student_becomes_a_tutor_too(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.says("/settings")
    await ira.taps("Я також викладаю")
    await ira.says("пн 9-13")
    assert "Пн 09:00–13:00" in ira.sees
    assert "https://t.me/" in await ira.link()
    assert "pending" in menu_of(stage, ira.id)


async def test_a_newcomer_without_hours_is_asked_for_them_again(stage: Stage) -> None:
    olena = stage.person("Олена")
    await olena.says("/start")
    await olena.taps("Я викладаю", "Київ")
    await olena.says("/start")
    assert "Годин ще немає" in olena.sees
    await olena.says("пн 9-13")
    assert "Збережено" in olena.sees


async def test_the_other_language_changes_words_menu_and_notices(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await ira.says("/settings")
    await ira.taps("Мова", "English")
    assert "Settings" in ira.sees
    assert "Home" in " ".join(ira.buttons)
    assert menu_of(stage, ira.id)["lessons"] == "Your lessons"
    await olena.taps("Підтвердити")
    assert "Your lesson is confirmed" in ira.sees
    assert "Wed 25 Nov, 12:00–13:00 (Kyiv time)" in ira.sees
    await stage.passes(hours=26)
    assert "in 24 hours" in ira.sees
    assert "через 24 години" in olena.sees
    await ira.says("/settings")
    await ira.taps("Language", "Українська")
    assert "Налаштування" in ira.sees
    assert menu_of(stage, ira.id)["lessons"] == "Ваші заняття"


@pytest.mark.parametrize(("code", "hello"), [("uk", "Вітаю"), ("en", "Hello"), ("de", "Hello"), ("uk-UA", "Вітаю")])
async def test_the_first_word_is_in_telegrams_language(stage: Stage, code: str, hello: str) -> None:
    ira = stage.person("Ira", language=code)
    await ira.says("/start")
    assert hello in ira.sees


async def test_a_stranger_chooses_the_language_before_anything_else(stage: Stage) -> None:
    ira = stage.person("Ira", language="de")
    await ira.says("/start")
    await ira.taps("Українською")
    assert "Вітаю, Ira" in ira.sees
    await ira.taps("Я навчаюся", "Київ")
    assert "часовий пояс: Київ" in ira.sees


async def test_whatever_a_stranger_says_first_they_are_greeted(stage: Stage) -> None:
    for deed in ("Добрий день", "/lessons", "/settings", "/book"):
        ira = stage.person("Іра")
        await ira.says(deed)
        assert "Що вас сюди привело?" in ira.sees, deed
    await (max_ := stage.person("Макс")).sends_sticker()
    assert "Що вас сюди привело?" in max_.sees


async def test_help_and_privacy_answer_everybody(stage: Stage) -> None:
    ira = stage.person("Іра")
    await ira.says("/privacy")
    assert "Що я про вас знаю" in ira.sees
    await ira.says("/help")
    assert "/lessons" in ira.sees
    assert "/pending" not in ira.sees
    olena = await stage.tutor()
    await olena.says("/help")
    assert "/pending" in olena.sees


async def test_a_new_name_in_telegram_is_the_new_name_here(stage: Stage) -> None:
    olena = await stage.tutor()
    stage.sandbox.change_person(olena.id, first_name="Олена", last_name="Шевченко")
    await olena.says("/start")
    ira = await stage.student(of=olena)
    assert "Олена Шевченко" in ira.sees


def menu_of(stage: Stage, person_id: int) -> dict[str, str]:
    known = commands_for(stage.sandbox.state, person_id, "uk")
    return {command["command"]: command["description"] for command in known}
