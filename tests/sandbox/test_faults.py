"""Faults strike as planned, floods are met as Telegram meets them."""

import asyncio
import json

import pytest

from bot.sandbox.api.dispatch import Answer, Asked, Silence, answer
from bot.sandbox.faults.faults import Fault, FaultKind
from bot.sandbox.faults.limits import FloodLimits
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.chats import Person
from tests.sandbox.asking import Ask, asking


async def send(sandbox: Sandbox, person: Person, method: str = "sendMessage") -> Answer | Silence:
    return await answer(sandbox, Asked(sandbox.token, method, {"chat_id": str(person.id), "text": "x"}))


@pytest.mark.parametrize(
    ("kind", "silence", "happened"),
    [
        (FaultKind.TIMEOUT_BEFORE, Silence.TIMEOUT, False),
        (FaultKind.TIMEOUT_AFTER, Silence.TIMEOUT, True),
        (FaultKind.DROP_BEFORE, Silence.DROP, False),
        (FaultKind.DROP_AFTER, Silence.DROP, True),
    ],
)
async def test_a_lost_answer_leaves_or_undoes_its_effect(
    sandbox: Sandbox, ira: Person, kind: FaultKind, silence: Silence, happened: bool
):
    before = len(sandbox.chat(ira.id))
    sandbox.faults.add(Fault(kind, method="send*", count=1))
    assert await send(sandbox, ira) is silence
    assert len(sandbox.chat(ira.id)) - before == happened
    assert isinstance(await send(sandbox, ira), Answer)


async def test_what_was_done_shows_before_a_late_answer(sandbox: Sandbox, ira: Person):
    sandbox.faults.add(Fault(FaultKind.LATE, method="send*", seconds=60))
    answering = asyncio.create_task(send(sandbox, ira))
    await asyncio.sleep(0)
    assert sandbox.chat(ira.id)[-1]["text"] == "x"
    assert not answering.done()
    answering.cancel()


async def test_a_planned_flood_names_its_wait(sandbox: Sandbox, ira: Person):
    sandbox.faults.add(Fault(FaultKind.FLOOD, method="sendMessage", count=1, retry_after=7))
    said = await send(sandbox, ira)
    assert isinstance(said, Answer)
    assert (said.status, said.headers["Retry-After"]) == (429, "7")
    assert json.loads(said.body) == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault(FaultKind.ERROR), 500, b"Internal Server Error"),
        (Fault(FaultKind.ERROR, status=502, html=True), 502, b"<h1>502 Bad Gateway</h1>"),
        (Fault(FaultKind.ERROR, status=403, description="Forbidden: user is deactivated"), 403, b"user is deactivated"),
    ],
)
async def test_a_planned_error_is_answered(sandbox: Sandbox, ira: Person, fault: Fault, status: int, body: bytes):
    sandbox.faults.add(fault)
    said = await send(sandbox, ira)
    assert isinstance(said, Answer)
    assert said.status == status
    assert body in said.body


async def test_a_fault_strikes_only_what_it_names(ask: Ask, sandbox: Sandbox, ira: Person):
    sandbox.faults.add(Fault(FaultKind.ERROR, method="edit*"))
    sandbox.faults.add(Fault(FaultKind.ERROR, chat_id=1))
    assert (await ask("sendMessage", chat_id=ira.id, text="x"))["text"] == "x"
    assert await ask("editMessageText", chat_id=ira.id, message_id=1, text="x") == "500 Internal Server Error"


async def test_chance_repeats_with_its_seed(sandbox: Sandbox, ira: Person):
    async def round_of_faults() -> list[bool]:
        rule = {"kind": "drop_before", "method": "sendMessage", "probability": 0.5}
        sandbox.faults.replace({"seed": 7, "rules": [rule]})
        return [await send(sandbox, ira) is Silence.DROP for _ in range(40)]

    first = await round_of_faults()
    assert await round_of_faults() == first
    assert 5 < sum(first) < 35


async def test_an_outage_drops_everything_until_it_ends(sandbox: Sandbox, ira: Person):
    sandbox.faults.outage = True
    assert await send(sandbox, ira, "getMe") is Silence.DROP
    sandbox.faults.clear()
    assert isinstance(await send(sandbox, ira), Answer)


async def test_updates_come_twice_shuffled_and_old(ask: Ask, sandbox: Sandbox, ira: Person):
    for number in range(20):
        sandbox.say(ira.id, str(number))
    sandbox.faults.replace({"duplicate_updates": 1, "reorder_updates": 1, "stale_updates": 1})
    updates = await ask("getUpdates")
    words = [update["message"]["text"] for update in updates]
    assert sorted(words, key=int) == [str(number) for number in range(20) for _ in range(2)]
    assert words != sorted(words, key=int)
    assert {sandbox.clock.seconds() - update["message"]["date"] for update in updates} == {365 * 86_400}
    assert sandbox.pending_updates()[0]["message"]["date"] == sandbox.clock.seconds()


@pytest.fixture
def seconds() -> list[float]:
    """Monotonic time, moved by hand."""
    return [1000.0]


@pytest.fixture
def strict(sandbox: Sandbox, seconds: list[float]) -> Sandbox:
    sandbox.limits = FloodLimits(tick=lambda: seconds[0])
    return sandbox


async def test_one_chat_takes_a_burst_then_one_a_second(strict: Sandbox, seconds: list[float]):
    ask, person = asking(strict), strict.people()[0]
    strict.say(person.id, "/start")

    async def sent() -> bool:
        return isinstance(await ask("sendMessage", chat_id=person.id, text="x"), dict)

    assert [await sent() for _ in range(21)] == [True] * 20 + [False]
    assert await ask("sendMessage", chat_id=person.id, text="x") == "429 Too Many Requests: retry after 1"
    assert await ask("sendChatAction", chat_id=person.id, action="typing") is True
    assert await ask("deleteMessage", chat_id=person.id, message_id=2) is True
    seconds[0] += 1
    assert [await sent() for _ in range(2)] == [True, False]
    strict.limits.is_on = False
    assert await sent()


async def test_all_chats_together_take_thirty_a_second(strict: Sandbox, seconds: list[float]):
    ask = asking(strict)
    people = [strict.add_person(f"Person {number}") for number in range(61)]
    for person in people:
        strict.say(person.id, "/start")
    said = [await ask("sendMessage", chat_id=person.id, text="x") for person in people]
    assert [isinstance(one, dict) for one in said] == [True] * 60 + [False]
    seconds[0] += 1
    said = [await ask("sendMessage", chat_id=person.id, text="x") for person in people]
    assert sum(isinstance(one, dict) for one in said) == 30
