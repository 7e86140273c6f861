"""Nothing that a person or a changed client sends does harm, shows what is another's, or goes without an answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import taps
from bot.taps import AskForLesson, ChooseRole, OpenLesson, OpenTutor, PickTime, Tap, pack
from tests.bot.test_taps import FIELDS
from tests.conftest import MONDAY
from tests.core import desk
from tests.stage import Player, Stage

ON_ONE_STAGE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
THEIR_OWN = {"person", "talk"}
TOMORROW_NOON = MONDAY.replace(hour=10) + timedelta(days=1)

SMALL_FIELDS = {
    **FIELDS,
    int: st.integers(0, 9) | FIELDS[int],
    datetime: st.sampled_from([TOMORROW_NOON, TOMORROW_NOON + timedelta(days=1)]) | FIELDS[datetime],
}


def of_kind(kind: type[Tap]) -> st.SearchStrategy[Tap]:
    return st.builds(kind, *(SMALL_FIELDS[type_] for type_ in taps.TYPES[kind]))


ANY_FORGED = st.sampled_from([kind for kind in taps.KINDS.values() if kind is not ChooseRole]).flatmap(of_kind)
ODD_DATA = st.one_of(
    st.text(min_size=1, max_size=16),
    st.binary(min_size=1, max_size=32).map(lambda octets: octets.decode("latin-1")),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789:-", min_size=64, max_size=64),
    ANY_FORGED.map(lambda tap: "2" + pack(tap)[1:]),
    ANY_FORGED.map(lambda tap: pack(tap)[:-1]),
)


async def others_lesson(stage: Stage) -> tuple[Player, Player]:
    """A tutor and a student with a lesson tomorrow and a request for the day after, which are nobody else's."""
    olena = await stage.tutor("Олександра")
    ira = await stage.student("Ірина", of=olena)
    for day in ("24", "25"):
        await ira.says("/book")
        await ira.taps(day, "12:00", "Надіслати запит")
    await olena.taps("Підтвердити")
    return olena, ira


async def tables(stage: Stage) -> dict[str, list[tuple[Any, ...]]]:
    return {name: rows for name, rows in (await desk.dump(stage.core)).items() if name not in THEIR_OWN}


def assert_saw_nobody(mallory: Player) -> None:
    shown = "\n".join([mallory.sees, mallory.toast, *mallory.buttons])
    assert "Олександра" not in shown
    assert "Ірина" not in shown


@pytest.fixture
async def mallory(stage: Stage) -> Player:
    await others_lesson(stage)
    mallory = stage.person("Меллорі")
    await mallory.says("/start")
    await mallory.taps("Я навчаюся", "Київ")
    return mallory


@ON_ONE_STAGE
@given(forged=st.lists(ANY_FORGED, min_size=8, max_size=12))
async def test_forged_taps_change_nothing_and_show_nobody(stage: Stage, mallory: Player, forged: list[Tap]) -> None:
    before = await tables(stage)
    for tap in forged:
        await mallory.forges(pack(tap))
        assert_saw_nobody(mallory)
        assert not stage.alarms.heard, (tap, stage.alarms.heard)
    assert await tables(stage) == before
    assert stage.unanswered == 0
