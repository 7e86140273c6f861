"""What the page asks and hears, over HTTP."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running, serve
from bot.sandbox.state.chats import Person
from tests.sandbox.asking import Ask, buttons, png


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with running(sandbox) as url, aiohttp.ClientSession(url) as session:
        yield session


async def post(page: aiohttp.ClientSession, path: str, **given: Any) -> Any:
    async with page.post(path, json=given) as answer:
        return await answer.json() if answer.ok else (answer.status, (await answer.json())["error"])


class Events:
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            line = await self._answer.content.readline()
            await self._answer.content.readline()
        return json.loads(line.removeprefix(b"data: "))


async def test_the_page_hears_everything_as_it_happens(page: aiohttp.ClientSession, sandbox: Sandbox, ask: Ask):
    async with page.get("/sandbox/events") as answer:
        events = Events(answer)
        snapshot = await events.next()
        assert snapshot["type"] == "snapshot"
        assert snapshot["now"] == "2026-11-23T14:00:00.000000Z"
        assert snapshot["bot"] == {
            "id": 424242,
            "first_name": "Lessons",
            "username": "first_lesson_bot",
            "online": False,
        }
        ira, olena = snapshot["people"]
        assert (ira["first_name"], ira["language_code"], olena["language_code"]) == ("Ira", "en", "uk")
        assert set(ira) == {
            "id",
            "first_name",
            "last_name",
            "username",
            "language_code",
            "blocked",
            "commands",
            "keyboard",
            "color",
        }

        await post(page, f"/sandbox/people/{ira['id']}/say", text="/start")
        assert (await events.next())["type"] == "person"
        heard = await events.next()
        assert (heard["type"], heard["chat_id"], heard["message"]["text"]) == ("message", ira["id"], "/start")

        await ask("sendChatAction", chat_id=ira["id"], action="typing")
        assert await events.next() == {"type": "action", "chat_id": ira["id"], "action": "typing"}
        sent = await ask("sendMessage", chat_id=ira["id"], text="x", reply_markup=buttons(["y"]))
        assert (await events.next())["message"] == sent
        place = {"message_id": sent["message_id"], "row": 0, "column": 0}
        query_id = (await post(page, f"/sandbox/people/{ira['id']}/tap", **place))["callback_query_id"]
        await ask("answerCallbackQuery", callback_query_id=query_id, text="Done", show_alert=True)
        answered = {"callback_query_id": query_id, "text": "Done", "show_alert": True, "url": None}
        assert await events.next() == {"type": "answer", "chat_id": ira["id"], **answered}

        await ask("editMessageText", chat_id=ira["id"], message_id=sent["message_id"], text="z")
        assert (await events.next())["type"] == "edited"
        await ask("deleteMessage", chat_id=ira["id"], message_id=sent["message_id"])
        assert await events.next() == {"type": "deleted", "chat_id": ira["id"], "message_id": sent["message_id"]}
        await ask("setMyCommands", commands=[{"command": "start", "description": "Begin"}])
        commands = (await events.next())["person"]["commands"]
        assert commands == [{"command": "start", "description": "Begin"}]


async def test_a_bot_that_comes_and_a_clock_that_moves_are_told(page: aiohttp.ClientSession, ask: Ask):
    async with page.get("/sandbox/events") as answer:
        events = Events(answer)
        await events.next()
        waiting = asyncio.create_task(ask("getUpdates", timeout=50))
        assert await events.next() == {"type": "bot", "online": True}
        assert await post(page, "/sandbox/clock", advance=3600) == {"now": "2026-11-23T15:00:00.000000Z"}
        assert await events.next() == {"type": "clock", "now": "2026-11-23T15:00:00.000000Z"}
        assert await waiting == []


async def test_a_bot_that_dies_is_offline_at_once(page: aiohttp.ClientSession, sandbox: Sandbox):
    async with page.get("/sandbox/events") as answer:
        events = Events(answer)
        await events.next()
        poll = asyncio.ensure_future(page.get(f"/bot{sandbox.token}/getUpdates", params={"timeout": 50}))
        assert await events.next() == {"type": "bot", "online": True}
        poll.cancel()
        assert await events.next() == {"type": "bot", "online": False}


async def test_the_clock_is_set_moved_and_reset(page: aiohttp.ClientSession):
    assert await post(page, "/sandbox/clock", now="2027-01-01T12:00:00+02:00") == {"now": "2027-01-01T10:00:00.000000Z"}
    assert await post(page, "/sandbox/clock", advance=0.5) == {"now": "2027-01-01T10:00:00.500000Z"}
    assert await post(page, "/sandbox/clock", reset=True) == {"now": "2026-11-23T14:00:00.000000Z"}
    assert (await post(page, "/sandbox/clock", advance="soon"))[0] == 400
    assert (await post(page, "/sandbox/clock", advance=1e30))[0] == 400


async def test_every_bot_api_answer_tells_the_time(page: aiohttp.ClientSession, sandbox: Sandbox):
    sandbox.clock.advance(3600)
    for path in (f"/bot{sandbox.token}/getMe", f"/bot{sandbox.token}/nonsense", "/bot1:x/getMe"):
        async with page.get(path) as answer:
            assert answer.headers["X-Sandbox-Now"] == "2026-11-23T15:00:00.000000Z"


@pytest.mark.parametrize("body", ["query", "form", "json", "multipart"])
async def test_a_call_may_come_in_any_dress(page: aiohttp.ClientSession, sandbox: Sandbox, ira: Person, body: str):
    path = f"/BOT{sandbox.token}/SENDMESSAGE".replace("BOT", "bot")
    params = {"chat_id": str(ira.id), "text": "Їжак & <b>", "reply_markup": json.dumps(buttons(["y"]))}
    multipart = aiohttp.FormData(params, default_to_multipart=True)
    dress: dict[str, Any] = {
        "query": {"params": params},
        "form": {"data": params},
        "json": {"json": {**params, "chat_id": ira.id, "reply_markup": buttons(["y"])}},
        "multipart": {"data": multipart},
    }[body]
    async with page.post(path, **dress) as answer:
        result = (await answer.json())["result"]
    assert (result["text"], result["reply_markup"]) == ("Їжак & <b>", buttons(["y"]))


async def test_people_are_made_and_changed(page: aiohttp.ClientSession):
    max_ = await post(page, "/sandbox/people", first_name="Max", username="max", language_code="uk")
    assert (max_["first_name"], max_["last_name"], max_["blocked"]) == ("Max", None, False)
    path = f"/sandbox/people/{max_['id']}"
    async with page.patch(path, json={"blocked": True, "language_code": "en"}) as answer:
        changed = await answer.json()
    assert (changed["blocked"], changed["language_code"]) == (True, "en")
    assert await post(page, f"{path}/say", text="x") == (409, "The bot is blocked: unblock it first")
    assert (await post(page, "/sandbox/people/1/say", text="x"))[0] == 409
    assert (await post(page, "/sandbox/people"))[0] == 400


async def test_a_tap_beside_the_buttons_is_refused(page: aiohttp.ClientSession, ira: Person):
    refused = await post(page, f"/sandbox/people/{ira.id}/tap", message_id=1, row=0, column=0)
    assert refused == (409, "There is no such button")
    forged = await post(page, f"/sandbox/people/{ira.id}/forge", data="anything")
    assert forged["callback_query_id"].isdecimal()


async def test_files_go_up_and_come_down(page: aiohttp.ClientSession, sandbox: Sandbox, ira: Person):
    path = f"/sandbox/people/{ira.id}/file"
    async with page.post(
        path, params={"name": "a.png", "caption": "c"}, data=png(), headers={"Content-Type": "image/png"}
    ) as answer:
        assert (await answer.json())["caption"] == "c"
    async with page.get("/sandbox/events") as answer:
        snapshot = await Events(answer).next()
    address = snapshot["chats"][str(ira.id)][-1]["photo"][-1]["url"]
    async with page.get(address) as answer:
        assert (await answer.read(), answer.content_type) == (png(), "image/png")
    assert "url" not in sandbox.pending_updates()[0]["message"]["photo"][-1]


async def test_a_document_never_runs_as_a_page(page: aiohttp.ClientSession, ira: Person):
    path = f"/sandbox/people/{ira.id}/file"
    async with page.post(
        path, params={"name": "a.html"}, data=b"<script>", headers={"Content-Type": "text/html"}
    ) as answer:
        file_id = (await answer.json())["document"]["file_id"]
    async with page.get(f"/sandbox/files/{file_id}") as answer:
        assert answer.content_type == "application/octet-stream"


async def test_faults_are_planned_shown_and_forgiven(page: aiohttp.ClientSession, sandbox: Sandbox):
    rule = {"kind": "flood", "method": "send*", "retry_after": 3}
    plan = await post(page, "/sandbox/faults", rules=[rule], seed=5)
    assert (plan["rules"][0]["kind"], plan["rules"][0]["retry_after"], plan["seed"]) == ("flood", 3, 5)
    assert (await post(page, "/sandbox/faults", rules=[{"kind": "nonsense"}]))[0] == 400
    assert len(sandbox.faults.rules) == 1
    async with page.delete("/sandbox/faults") as answer:
        assert (await answer.json())["rules"] == []


async def test_calls_are_remembered_from_any_point_on(page: aiohttp.ClientSession, ask: Ask, ira: Person):
    await ask("getMe")
    await ask("sendMessage", chat_id=ira.id, text="")
    async with page.get("/sandbox/calls", params={"since": 1}) as answer:
        (call,) = await answer.json()
    assert (call["n"], call["method"], call["status"]) == (2, "sendMessage", 400)


async def test_clearing_tells_the_page_and_starts_anew(page: aiohttp.ClientSession, sandbox: Sandbox, ira: Person):
    async with page.get("/sandbox/events") as answer:
        events = Events(answer)
        await events.next()
        await post(page, "/sandbox/clear")
        kinds = []
        while not kinds or kinds[-1] != "snapshot":
            kinds.append((await events.next())["type"])
        assert kinds[-2:] == ["cleared", "snapshot"]
    assert all(sandbox.chat(person.id) == [] for person in sandbox.people())


async def test_strange_paths_are_not_found(page: aiohttp.ClientSession):
    for path in ("/nonsense", "/bot1:x", "/sandbox/files/nothing", "/page/../server.py", "/file/bot1:x/../../x"):
        async with page.get(path) as answer:
            assert answer.status in (401, 404), path


async def test_a_taken_port_is_an_error_not_an_exit(sandbox: Sandbox):
    async with running(sandbox) as url:
        with pytest.raises(OSError, match="in use"):
            await serve(Sandbox(), port=int(url.rpartition(":")[2]), handle_signals=False)


async def test_serving_ends_when_it_is_cancelled_even_with_a_page_open(sandbox: Sandbox):
    port = free_port()
    serving = asyncio.create_task(serve(sandbox, port=port, handle_signals=False))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        await up(session)
        async with session.get("/sandbox/events") as answer:
            await Events(answer).next()
            serving.cancel()
            ended, _ = await asyncio.wait({serving}, timeout=1.5)
    assert ended
    assert serving.cancelled()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


async def up(session: aiohttp.ClientSession) -> None:
    """Wait until somebody answers."""
    while True:
        try:
            async with session.get("/sandbox/clock"):
                return
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.01)
