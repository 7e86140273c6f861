"""People leave one question for another, and come back after a restart; the words go where they belong."""

import pytest

from tests.stage import Player, Stage, on_one_database

pytestmark = on_one_database


async def asked(stage: Stage, question: str) -> tuple[Player, Player]:
    """A tutor who has been asked this question, and a student with a request where it needs one."""
    olena = await stage.tutor(weekly="Mon-Sun 9-17")
    ira = stage.person("Іра")
    if question.startswith("why"):
        ira = await stage.student(of=olena)
        await ira.taps("Вибрати час", "24", "12:00", "Надіслати запит")
    if question == "why_cancel":
        await olena.taps("Підтвердити")
        await olena.says("/lessons")
    await olena.taps(*QUESTIONS[question])
    return olena, ira


QUESTIONS = {
    "zone": ["Головна", "Налаштування", "🙋", "Часовий пояс"],
    "week": ["Головна", "Розклад"],
    "weekday": ["Вт"],
    "why_decline": ["Відхилити"],
    "why_cancel": ["24 лист", "Скасувати заняття"],
}
ANSWERS = {
    "zone": ("Варшава", "Варшава"),
    "week": ("пн 9-10", "Пн 09:00–10:00"),
    "weekday": ("9-10", "09:00–10:00"),
    "why_decline": ("Хворію", "«Хворію»"),
    "why_cancel": ("Хворію", "«Хворію»"),
}


def shown(olena: Player) -> str:
    return "\n".join([olena.sees, *olena.buttons])


@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_answer_reaches_its_question_past_a_sticker_and_a_restart(stage: Stage, question: str) -> None:
    olena, _ = await asked(stage, question)
    answer, said = ANSWERS[question]
    await olena.sends_sticker()
    assert "текстом" in olena.sees
    await stage.restart()
    await olena.says(answer)
    assert said in shown(olena)


@pytest.mark.parametrize("question", ["zone", "why_decline", "why_cancel"])
async def test_one_answer_is_enough(stage: Stage, question: str) -> None:
    olena, ira = await asked(stage, question)
    await olena.says(ANSWERS[question][0])
    told = len(ira.heard)
    await olena.says("Дякую")
    assert "кнопками" in olena.sees
    assert len(ira.heard) == told


@pytest.mark.parametrize("question", QUESTIONS)
async def test_after_cancel_the_words_answer_nothing(stage: Stage, question: str) -> None:
    olena, ira = await asked(stage, question)
    told = len(ira.heard)
    await olena.says("/cancel")
    assert "Зупинено. Нічого не змінено." in olena.sees
    await stage.restart()
    await olena.says(ANSWERS[question][0])
    assert "кнопками" in olena.sees
    assert len(ira.heard) == told
    await olena.says("/cancel")
    assert "Немає чого зупиняти." in olena.sees


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_button_of_another_story_ends_the_question(stage: Stage, question: str) -> None:
    olena, ira = await asked(stage, question)
    told = len(ira.heard)
    await olena.taps("Головна")
    await olena.says(ANSWERS[question][0])
    assert "кнопками" in olena.sees
    assert len(ira.heard) == told


@pytest.mark.parametrize("first", QUESTIONS)
async def test_the_words_go_to_the_question_asked_last(stage: Stage, first: str) -> None:
    """Whatever was asked before, an old week button leads to the week, and what is typed is hours."""
    olena, ira = await asked(stage, first)
    told = len(ira.heard)
    await olena.says("/availability")
    await olena.says("Хворію")
    assert "Хворію" in olena.sees
    assert "Ваш розклад не змінено." in olena.sees
    assert len(ira.heard) == told


async def test_cancel_works_for_a_stranger(stage: Stage) -> None:
    ira = stage.person("Іра")
    await ira.says("/start")
    await ira.taps("Я навчаюся")
    await ira.says("/cancel")
    assert "Зупинено" in ira.sees
    await ira.says("Київ")
    assert "Що вас сюди привело?" in ira.sees
    await ira.taps("Я навчаюся")
    await ira.says("Київ")
    assert "часовий пояс: Київ" in ira.sees


async def test_an_invitation_survives_cancel_and_restart(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = stage.person("Іра")
    await ira.opens(await olena.link())
    await ira.says("/cancel")
    await stage.restart()
    await ira.says("/start")
    await ira.taps("Я навчаюся", "Київ")
    assert "Олена" in ira.sees
    assert "Вибрати час" in " ".join(ira.buttons)


async def test_two_questions_of_two_people_do_not_mix(stage: Stage) -> None:
    olena = await stage.tutor()
    ostap = await stage.tutor("Остап")
    await olena.taps("Пн")
    await ostap.says("/settings")
    await ostap.taps("🙋", "Часовий пояс")
    stage.sandbox.say(olena.id, "9-10")
    stage.sandbox.say(ostap.id, "Варшава")
    await stage.settle()
    assert "09:00–10:00" in " ".join(olena.buttons)
    assert "Варшава" in ostap.sees
