"""Operators see how the bot is doing; nobody else sees anything."""

from collections.abc import AsyncIterator

import pytest

from bot.run.alarms import Alarms
from bot.sandbox.state.chats import FIRST_PERSON_ID
from bot.settings import Settings
from core.enums import Job
from core.operating import job_runs, operators
from core.settings import Policies
from core.startup import Core
from tests.conftest import FrozenClock
from tests.stage import I_TEACH, Player, Stage, bilingual, in_both

OPERATOR = FIRST_PERSON_ID
UNKNOWN = {"uk": "Я не знаю такої команди", "en": "I don't know this command"}
GONE = {"uk": "Цього вже немає.", "en": "I can't find that any more."}


@pytest.fixture
def policies() -> Policies:
    return Policies(tutors="approval", operators=(OPERATOR,))


@pytest.fixture
async def stage(core: Core, clock: FrozenClock, policies: Policies) -> AsyncIterator[Stage]:
    async with Stage(core, clock, settings=Settings(_env_file=None, policies=policies)) as ready:
        yield ready


async def operator(stage: Stage, language: str) -> Player:
    vira = stage.person("Віра", language=language)
    assert vira.id == OPERATOR, "the first of the stage"
    await vira.says("/start")
    return vira


@in_both(
    waiting=("📝 Хочуть викладати · 1", "📝 Want to teach · 1"),
    approve=("Схвалити", "Approve"),
    refresh=("Оновити", "Refresh"),
    empty=("Ніхто не чекає", "Nobody waits"),
    overview=("Стан бота", "The house"),
)
async def test_an_operator_sees_who_waits_to_teach_and_lets_them(
    stage: Stage, language, waiting, approve, refresh, empty, overview
) -> None:
    vira, olena = await operator(stage, language), stage.person("Олена", language=language)
    await olena.says("/start")
    await olena.taps(I_TEACH[language])
    await vira.says("/admin")
    assert overview in vira.sees
    await vira.taps(waiting)
    stolen = vira.data("Олена")
    await vira.taps("Олена", approve)
    await vira.says("/admin")
    assert waiting not in vira.buttons
    await vira.taps(refresh)
    assert overview in vira.sees
    assert [words for words in olena.heard if "✅" in words], "she hears of it"

    await olena.forges(stolen)
    assert olena.toast == GONE[language]
    await vira.forges("1:ow")
    assert empty in vira.sees


@bilingual
async def test_the_overview_is_shown_in_numbers_and_without_names(stage: Stage, core: Core, language) -> None:
    vira = await operator(stage, language)
    olena = stage.person("Олена", language=language)
    await olena.says("/start")
    await olena.taps(I_TEACH[language])
    stage.person("Іра")
    async with core.begin() as work:
        await job_runs.note(work, job=Job.DELIVER, done=2)
        await job_runs.note(work, job=Job.CLEAN, error="OperationalError")
    await vira.says("/admin")
    assert ("✅ надсилання: щойно" if language == "uk" else "✅ delivery: just now") in vira.sees
    assert "OperationalError" in vira.sees
    assert "Олена" not in vira.sees
    async with core.read() as work:
        people = (await operators.overview(work, operator_id=await id_of(core, vira))).people
    assert (people.tutors, people.students, people.new, people.unreachable) == (0, 2, 2, 0)


@bilingual
async def test_to_anybody_else_the_command_does_not_exist(stage: Stage, language) -> None:
    await operator(stage, language)
    ira = stage.person("Іра", language=language)
    for words in ("/admin", "/nonsense"):
        await ira.says(words)
        assert UNKNOWN[language] in ira.sees
    for forged in ("1:oh", "1:ow", "1:op:1"):
        await ira.forges(forged)
        assert ira.toast == GONE[language]


@bilingual
async def test_an_error_is_told_to_the_operator_once_an_hour(
    stage: Stage, core: Core, clock, monkeypatch, language
) -> None:
    vira, ira = await operator(stage, language), stage.person("Іра", language=language)
    await ira.says("/start")
    heard = Alarms(core, clock)
    heard.listen(lambda: None)
    monkeypatch.setattr(operators, "overview", None)
    for pause in (0, 0, 1):
        clock.advance(hours=pause)
        await ira.says("/admin")
        await heard.write()
        await stage.deliver()
    heard.stop()
    stage.alarms.heard.clear()
    told = [words for words in vira.heard if "🚨" in words]
    assert len(told) == 2
    assert "a step failed: TypeError (bot.conversations.admin.steps.show_overview)" in told[0]
    often = {"uk": "{} після попереднього", "en": "{} since the last alarm"}[language]
    assert often.format("").strip() not in told[0]
    assert often.format("2 рази" if language == "uk" else "2 times") in told[1]
    assert "Іра" not in told[0]


async def id_of(core: Core, player: Player) -> int:
    from core.people import people

    async with core.read() as work:
        actor = await people.find(work, player.id)
    assert actor
    return actor.id
