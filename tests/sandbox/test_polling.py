"""getUpdates: nothing lost, nothing twice, one poller."""

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.chats import Person
from bot.sandbox.time import clock
from bot.sandbox.time.clock import SandboxClock
from bot.sandbox.updates import polling
from tests.sandbox.asking import Ask, asking


def ids(updates: list[dict[str, object]]) -> list[object]:
    return [update["update_id"] for update in updates]


async def begun(waiting: "asyncio.Task[object]") -> None:
    await asyncio.sleep(0)
    assert not waiting.done()


async def test_an_update_comes_again_until_it_is_confirmed(ask: Ask, sandbox: Sandbox, ira: Person):
    for word in ("a", "b", "c"):
        sandbox.say(ira.id, word)
    first, second, third = ids(await ask("getUpdates"))
    assert ids(await ask("getUpdates", limit=2)) == [first, second]
    assert ids(await ask("getUpdates", offset=second)) == [second, third]
    assert ids(await ask("getUpdates")) == [second, third]
    assert ids(await ask("getUpdates", offset=third + 1)) == []


async def test_a_negative_offset_forgets_all_but_the_last(ask: Ask, sandbox: Sandbox, ira: Person):
    for word in ("a", "b", "c"):
        sandbox.say(ira.id, word)
    (last,) = await ask("getUpdates", offset=-1)
    assert last["message"]["text"] == "c"
    assert len(sandbox.pending_updates()) == 1


async def test_a_waiting_poll_hears_at_once(ask: Ask, sandbox: Sandbox, ira: Person):
    waiting = asyncio.create_task(ask("getUpdates", timeout=50))
    await begun(waiting)
    sandbox.say(ira.id, "now")
    async with asyncio.timeout(5):
        assert (await waiting)[0]["message"]["text"] == "now"


async def test_a_moved_clock_answers_a_waiting_poll(ask: Ask, sandbox: Sandbox):
    waiting = asyncio.create_task(ask("getUpdates", timeout=50))
    await begun(waiting)
    sandbox.clock.advance(3600)
    async with asyncio.timeout(5):
        assert await waiting == []


async def test_a_second_poller_is_told_of_the_conflict(ask: Ask, sandbox: Sandbox, ira: Person):
    first = asyncio.create_task(ask("getUpdates", timeout=50))
    await begun(first)
    second = asyncio.create_task(ask("getUpdates", timeout=50))
    async with asyncio.timeout(5):
        assert await first == (
            "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
    sandbox.say(ira.id, "x")
    assert len(await second) == 1


async def test_polling_and_a_webhook_exclude_each_other(ask: Ask, sandbox: Sandbox, ira: Person):
    waiting = asyncio.create_task(ask("getUpdates", timeout=50))
    await begun(waiting)
    assert await ask("setWebhook", url="http://127.0.0.1:9/") is True
    assert await waiting == "409 Conflict: terminated by setWebhook request"
    assert await ask("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    sandbox.say(ira.id, "kept")
    await ask("deleteWebhook")
    assert len(await ask("getUpdates")) == 1
    await sandbox.aclose()


async def test_only_the_kinds_asked_for_are_queued(ask: Ask, sandbox: Sandbox, ira: Person):
    await ask("getUpdates", allowed_updates=["callback_query"])
    await ask("getUpdates")  # not naming any keeps the former ones
    sandbox.say(ira.id, "unheard")
    sandbox.forge(ira.id, "heard")
    assert len(await ask("getUpdates")) == 1
    await ask("getUpdates", allowed_updates=[])
    sandbox.say(ira.id, "heard again")
    assert len(await ask("getUpdates")) == 2


@pytest.mark.parametrize(("hours", "left"), [(0.03, 2), (0.05, 1), (23.9, 1), (24.1, 0)])
async def test_updates_grow_old_in_real_time_only(
    ask: Ask, sandbox: Sandbox, ira: Person, monkeypatch: pytest.MonkeyPatch, hours: float, left: int
):
    sandbox.say(ira.id, "words live a day")
    sandbox.forge(ira.id, "taps live 150 seconds")
    sandbox.clock.advance(timedelta(days=30))
    later = clock.real_seconds() + hours * 3600
    monkeypatch.setattr(polling, "real_seconds", lambda: later)
    assert len(await ask("getUpdates")) == left


async def test_an_impatient_poller_is_slowed_down(ira: Person):
    sandbox = Sandbox(clock=SandboxClock.frozen(clock.real_now()), flood_limits=True)
    ask = asking(sandbox)
    for word in ("a", "b"):
        sandbox.say(sandbox.people()[0].id, word)
    assert len(await ask("getUpdates")) == 2
    assert len(await ask("getUpdates")) == 1


async def test_the_bot_is_online_while_it_polls(ask: Ask, sandbox: Sandbox):
    assert not sandbox.presence.is_online
    waiting = asyncio.create_task(ask("getUpdates", timeout=50))
    await begun(waiting)
    assert sandbox.presence.is_online
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert not sandbox.presence.is_online
