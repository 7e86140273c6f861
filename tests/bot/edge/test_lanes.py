import asyncio
import gc
import warnings
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Chat, Message, Update, User

from bot.edge.lanes import Lanes

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Step = Callable[[], Coroutine[Any, Any, None]]


def said_by(person: int, update_id: int = 1, chat: int | None = None) -> Update:
    user = User(person, "x", is_bot=False)
    return Update(update_id, Message(1, NOON, Chat(chat or person, "private"), from_user=user))


def posted_in(chat: int) -> Update:
    return Update(1, channel_post=Message(1, NOON, Chat(chat, "channel")))


class Crowd:
    """Starts steps and lets each end when it is told."""

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        self.started: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def hand_in(self, name: str, update: object) -> asyncio.Task[None]:
        self.ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self.lanes.process_update(update, self._step(name)))
        return self.tasks[name]

    async def _step(self, name: str) -> None:
        self.started.append(name)
        await self.ends[name].wait()

    async def end(self, *names: str) -> None:
        for name in names:
            self.ends[name].set()
        await settled()

    async def end_all(self) -> None:
        for end in self.ends.values():
            end.set()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_person_is_heard_in_order() -> None:
    crowd = Crowd(Lanes())
    for name in "abc":
        crowd.hand_in(name, said_by(1))
    await settled()
    assert crowd.started == ["a"]
    await crowd.end("a")
    assert crowd.started == ["a", "b"]
    await crowd.end("b", "c")
    assert crowd.started == ["a", "b", "c"]
    await crowd.end_all()


async def test_people_are_heard_side_by_side() -> None:
    crowd = Crowd(Lanes())
    for person in range(100):
        crowd.hand_in(str(person), said_by(person + 1))
    await settled()
    assert len(crowd.started) == 100
    await crowd.end_all()


async def test_one_person_in_two_chats_is_one_lane() -> None:
    crowd = Crowd(Lanes())
    crowd.hand_in("private", said_by(1))
    crowd.hand_in("group", said_by(1, chat=-5))
    await settled()
    assert crowd.started == ["private"]
    await crowd.end_all()


async def test_a_chat_without_a_person_is_a_lane() -> None:
    crowd = Crowd(Lanes())
    crowd.hand_in("first", posted_in(-5))
    crowd.hand_in("second", posted_in(-5))
    crowd.hand_in("other", posted_in(-6))
    await settled()
    assert crowd.started == ["first", "other"]
    await crowd.end_all()


async def test_what_belongs_to_nobody_waits_for_nobody() -> None:
    crowd = Crowd(Lanes())
    crowd.hand_in("poll", Update(1))
    crowd.hand_in("no update", object())
    await settled()
    assert crowd.started == ["poll", "no update"]
    await crowd.end_all()


async def test_a_flooder_takes_one_place_and_delays_nobody() -> None:
    crowd = Crowd(Lanes(at_once=2, waiting_each=300))
    for number in range(300):
        crowd.hand_in(f"flood {number}", said_by(1))
    crowd.hand_in("other", said_by(2))
    await settled()
    assert crowd.started == ["flood 0", "other"]
    await crowd.end_all()


async def test_no_more_run_than_there_are_places() -> None:
    crowd = Crowd(Lanes(at_once=2))
    for person in (1, 2, 3):
        crowd.hand_in(str(person), said_by(person))
    await settled()
    assert crowd.started == ["1", "2"]
    await crowd.end("2")
    assert crowd.started == ["1", "2", "3"]
    await crowd.end_all()


async def test_what_is_too_much_is_dropped_with_one_line(caplog: pytest.LogCaptureFixture) -> None:
    crowd = Crowd(Lanes(waiting_each=2))
    for number in range(6):
        crowd.hand_in(str(number), said_by(1, update_id=100 + number))
    await settled()
    assert [name for name, task in crowd.tasks.items() if task.done()] == ["3", "4", "5"]
    assert [record.getMessage().partition(" and")[0] for record in caplog.records] == ["update 103"]
    await crowd.end_all()
    assert crowd.started == ["0", "1", "2"]
    await crowd.end_all()


async def test_who_flooded_is_heard_again_afterwards() -> None:
    crowd = Crowd(Lanes(waiting_each=1))
    for number in range(5):
        crowd.hand_in(str(number), said_by(1))
    await settled()
    await crowd.end_all()
    crowd.hand_in("again", said_by(1))
    await settled()
    assert crowd.started[-1] == "again"
    await crowd.end_all()


async def unawaited_when(act: Callable[[], Awaitable[None]]) -> list[str]:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        await act()
        gc.collect()
    return [str(warning.message) for warning in seen if "never awaited" in str(warning.message)]


async def test_a_dropped_step_is_closed() -> None:
    async def drop_one() -> None:
        crowd = Crowd(Lanes(waiting_each=0))
        crowd.hand_in("a", said_by(1))
        crowd.hand_in("b", said_by(1))
        await settled()
        await crowd.end_all()

    assert await unawaited_when(drop_one) == []


async def test_a_step_cancelled_while_it_waits_is_closed() -> None:
    async def cancel_one() -> None:
        crowd = Crowd(Lanes())
        crowd.hand_in("a", said_by(1))
        waiting = crowd.hand_in("b", said_by(1))
        await settled()
        waiting.cancel()
        await settled()
        assert waiting.cancelled()
        await crowd.end_all()

    assert await unawaited_when(cancel_one) == []


async def test_a_failed_step_frees_the_lane() -> None:
    lanes = Lanes(at_once=1)
    crowd = Crowd(lanes)

    async def fails() -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        await lanes.process_update(said_by(1), fails())
    crowd.hand_in("next", said_by(1))
    await settled()
    assert crowd.started == ["next"]
    await crowd.end_all()


async def test_empty_lanes_are_removed() -> None:
    lanes = Lanes(waiting_each=1)
    crowd = Crowd(lanes)
    for person in (1, 2):
        for number in range(3):
            crowd.hand_in(f"{person} {number}", said_by(person))
    await settled()
    assert set(lanes._lanes) == {1, 2}
    await crowd.end_all()
    assert lanes._lanes == {}
