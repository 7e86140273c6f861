"""Who may teach where the operators of the bot decide it."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.api.methods.profile import commands_for
from bot.sandbox.state.chats import FIRST_PERSON_ID
from bot.settings import Settings
from core.settings import Policies
from core.startup import Core
from tests.conftest import FrozenClock
from tests.stage import Player, Stage

SECRET = "a-secret-word"
OPERATOR = FIRST_PERSON_ID


@pytest.fixture
def policies() -> Policies:
    return Policies(tutors="approval", operators=(OPERATOR,), tutor_invitation=SECRET)


@pytest.fixture
async def stage(core: Core, clock: FrozenClock, policies: Policies) -> AsyncIterator[Stage]:
    async with Stage(core, clock, settings=Settings(_env_file=None, policies=policies)) as ready:
        yield ready


async def test_an_operator_lets_somebody_teach(stage: Stage) -> None:
    vira, olena = await operator(stage), stage.person("Олена")
    await olena.says("/start")
    await olena.taps("Я викладаю")
    assert "Прохання надіслано" in olena.sees
    assert "Де ви перебуваєте?" in olena.sees
    assert "Хтось хоче тут викладати" in vira.sees
    assert "Олена" in vira.sees
    await olena.taps("Київ")
    assert "Вітаю, Олена" in olena.sees
    await vira.taps("Схвалити")
    assert "Схвалено: уже викладає" in vira.sees
    assert "Схвалити" not in " ".join(vira.buttons)
    assert "Тепер ви можете тут викладати" in olena.sees
    assert "pending" in [each["command"] for each in commands_for(stage.sandbox.state, olena.id, "uk")]
    await olena.taps("Розклад")
    await olena.says("пн 9-13")
    assert "https://t.me/" in await olena.link()


async def test_an_operator_turns_somebody_down_and_takes_it_back(stage: Stage) -> None:
    vira, olena = await operator(stage), stage.person("Olena", language="en")
    await olena.says("/start")
    await olena.taps("I teach")
    await vira.taps("Відмовити")
    assert "Відмовлено" in vira.sees
    assert "declined your wish" in olena.sees
    await olena.says("Kyiv")
    await olena.says("/settings")
    await olena.taps("I teach, too")
    assert "declined your wish" in olena.sees
    assert "🏠 Home" in olena.buttons
    await vira.taps("Схвалити")
    assert "You can teach here now" in olena.sees


async def test_an_operator_who_comes_in_later_hears_of_those_who_wait(stage: Stage) -> None:
    vira, olena = stage.person("Віра"), stage.person("Олена")
    await olena.says("/start")
    await olena.taps("Я викладаю")
    await vira.says("/start")
    assert [words for words in vira.heard if "Хтось хоче тут викладати" in words]
    count = len(vira.heard)
    await vira.says("/start")
    assert len(vira.heard) == count + 1


async def test_nobody_answers_who_is_no_operator(stage: Stage) -> None:
    vira, olena = await operator(stage), stage.person("Олена")
    await olena.says("/start")
    await olena.taps("Я викладаю", "Київ")
    stolen = vira.data("Схвалити")
    await olena.forges(stolen)
    assert olena.toast == "Цього вже немає."
    await olena.says("/share")
    assert "для викладачів" in olena.sees


async def test_the_operators_invitation_makes_a_tutor_at_once(stage: Stage) -> None:
    await operator(stage)
    olena = stage.person("Олена")
    await olena.says(f"/start teach-{SECRET}")
    await olena.taps("Київ")
    assert "Тижневий розклад" in olena.sees
    ira = stage.person("Іра")
    await ira.says("/start teach-nearly")
    assert "Прохання надіслано" in ira.sees


@pytest.mark.parametrize("policies", [Policies(tutors="invitation", tutor_invitation=SECRET)], ids=["invitation"])
async def test_without_an_invitation_one_can_still_learn(stage: Stage) -> None:
    olena = stage.person("Олена")
    await olena.says("/start")
    await olena.taps("Я викладаю")
    assert "за запрошенням" in olena.sees
    await olena.taps("Я навчаюся", "Київ")
    assert "Вітаю, Олена" in olena.sees
    await olena.says("/settings")
    await olena.taps("Я також викладаю")
    assert "за запрошенням" in olena.sees
    await olena.says(f"/start teach-{SECRET}")
    assert "Тижневий розклад" in olena.sees


async def operator(stage: Stage) -> Player:
    vira = stage.person("Віра")
    assert vira.id == OPERATOR, "the first of the stage"
    await vira.says("/start")
    return vira
