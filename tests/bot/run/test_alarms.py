"""Errors reach the operators: each kind once an hour, without anybody's words, and never in a circle."""

import logging
from datetime import timedelta

import pytest

from bot.run import alarms as bot_alarms
from bot.run.alarms import Alarms
from bot.sandbox.faults.faults import Fault, FaultKind
from core.delivery import alarms
from core.enums import Event
from core.people.people import Actor
from core.settings import Policies
from core.startup import Core, open_core
from db.models.notification import Notification
from tests import builders
from tests.conftest import FrozenClock
from tests.core import tables

logger = logging.getLogger("bot.somewhere")


@pytest.fixture
async def vira(core: Core) -> Actor:
    return await builders.person(core, "Віра")


@pytest.fixture
def heard(core: Core, clock: FrozenClock, vira: Actor, monkeypatch: pytest.MonkeyPatch):
    """What listens, with the one operator of the house."""
    monkeypatch.setattr(core, "_policies", Policies(operators=(vira.profile.telegram_id,)))
    listening = Alarms(core, clock)
    listening.listen(lambda: None)
    yield listening
    listening.stop()


def fails(words: str = "the words of somebody") -> None:
    try:
        raise KeyError(words)
    except KeyError:
        logger.exception("a step failed", extra={"person": words})


async def told(core: Core) -> list[tuple[str, int]]:
    rows = await tables.rows(core, Notification)
    return [(row.details["kind"], row.details["count"]) for row in rows if row.event == Event.OPERATOR_ALARM]


async def test_each_kind_is_told_once_an_hour_with_how_often_it_was(heard, core, clock):
    kind = "a step failed: KeyError (bot.somewhere)"
    fails()
    fails()
    assert await heard.write() == 1
    assert await heard.write() == 0
    fails()
    logger.error("update %s can't be read: %s", 17, "the words of somebody")
    assert await heard.write() == 1
    other = "update … can't be read: … (bot.somewhere)"
    assert await told(core) == [(kind, 2), (other, 1)]
    clock.advance(hours=1)
    fails()
    await heard.write()
    assert await told(core) == [(kind, 2), (other, 1), (kind, 2)]


async def test_the_place_is_the_innermost_of_our_code(heard, core):
    try:
        bot_alarms.kind_of(None)
    except AttributeError:
        logger.exception("a job failed")
    await heard.write()
    assert await told(core) == [("a job failed: AttributeError (bot.run.alarms.kind_of)", 1)]


async def test_the_place_of_a_refused_call_is_the_conversation_that_made_it(stage):
    kinds: list[str] = []
    listening = logging.Handler(logging.ERROR)
    listening.emit = lambda record: kinds.append(bot_alarms.kind_of(record))
    logging.getLogger("bot").addHandler(listening)
    stage.sandbox.faults.add(
        Fault(FaultKind.ERROR, method="sendMessage", status=400, description="Bad Request", count=1)
    )
    await stage.person("Ірина").says("/privacy")
    logging.getLogger("bot").removeHandler(listening)
    stage.alarms.heard.clear()
    assert kinds == ["a step failed: BadRequest (bot.conversations.privacy.steps.privacy)"]


async def test_an_alarm_that_can_t_be_delivered_raises_none_nor_do_warnings_and_the_sandbox(heard, core):
    logger.error("a message can't be delivered", extra={"kind": str(Event.OPERATOR_ALARM)})
    logger.warning("something odd")
    logging.getLogger("bot.sandbox.api.http").error("a fault that was asked for")
    assert await heard.write() == 0
    assert await told(core) == []


async def test_with_the_database_away_it_is_logged_and_told_later(heard, core, monkeypatch, caplog):
    fails()
    with monkeypatch.context() as away:
        away.setattr(alarms, "sound", None)
        assert await heard.write() == 0
    assert [record.levelname for record in caplog.records][1:] == ["WARNING"], "an error would be an alarm again"
    assert await heard.write() == 1
    assert len(await told(core)) == 1


async def test_many_kinds_of_errors_do_not_fill_the_memory(heard):
    for number in range(bot_alarms.MOST_KINDS + 20):
        logger.error(f"kind {number}")  # noqa: G004
    assert await heard.write() == bot_alarms.MOST_KINDS


async def test_two_processes_tell_an_operator_once(postgresql_database, clock, monkeypatch):
    cores = [open_core(postgresql_database, clock=clock) for _ in range(2)]
    vira = await builders.person(cores[0], "Віра")
    for core in cores:
        monkeypatch.setattr(core, "_policies", Policies(operators=(vira.profile.telegram_id,)))
    for core in cores:
        async with core.begin() as work:
            await alarms.sound(work, kind="a step failed", count=1)
    assert await told(cores[0]) == [("a step failed", 1)]
    clock.advance(hours=1)
    async with cores[1].begin() as work:
        await alarms.sound(work, kind="x" * 900, count=1)
    assert len((await told(cores[0]))[1][0]) == alarms.MAX_KIND
    for core in cores:
        await core.close()


async def test_an_error_wakes_the_one_who_tells(core, clock):
    woken: list[timedelta] = []
    listening = Alarms(core, clock)
    listening.listen(lambda: woken.append(timedelta()))
    fails()
    listening.stop()
    fails()
    assert len(woken) == 1
