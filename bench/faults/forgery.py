"""Taps that no button carries, made by hypothesis for every kind there is."""

from hypothesis import HealthCheck, given, settings

from bench.faults.table import Row
from bot.taps import Tap, pack
from core.settings import DatabaseSettings
from core.startup import open_core
from tests.bot.test_bad_input import KINDS, SMALL_FIELDS, assert_saw_nobody, others_lesson, tables
from tests.bot.test_taps import of_kind
from tests.conftest import MONDAY, FrozenClock
from tests.stage import Player, Stage


def drawn(kind: type[Tap], count: int) -> list[Tap]:
    made: list[Tap] = []

    @settings(max_examples=count, database=None, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
    @given(of_kind(kind, SMALL_FIELDS))
    def draw(tap: Tap) -> None:
        made.append(tap)

    draw()
    return made


async def forged(database: DatabaseSettings, *, each: int) -> Row:
    """A person with a phone of their own forges every kind; nothing of others changes or shows."""
    row = Row("forged taps")
    clock = FrozenClock(MONDAY)
    core = open_core(database, clock=clock)
    await core.migrate()
    try:
        async with Stage(core, clock) as stage:
            await others_lesson(stage)
            mallory = stage.person("Меллорі")
            await mallory.says("/start")
            await mallory.taps("Я навчаюся", "Київ")
            counts = [await _of_kind(row, stage, mallory, kind, each) for kind in KINDS]
            row.demand("every tap is answered", stage.unanswered == 0)
    finally:
        await core.close()
    row.figures = {"kinds": len(KINDS), "taps": sum(counts), "against it": len(row.against)}
    return row


async def _of_kind(row: Row, stage: Stage, mallory: Player, kind: type[Tap], each: int) -> int:
    before = await tables(stage)
    taps = drawn(kind, each)
    for tap in taps:
        await mallory.forges(pack(tap))
        try:
            assert_saw_nobody(mallory)
        except AssertionError:
            row.against.append(f"{tap} shows others")
        if stage.alarms.heard:
            row.against.append(f"{tap}: {stage.alarms.heard.pop().splitlines()[-1]}")
            stage.alarms.heard.clear()
    row.demand(f"{kind.__name__} changes nothing", await tables(stage) == before)
    return len(taps)
