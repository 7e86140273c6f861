"""What was answered survives the process, however it ends."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.checking.coercion import Upload
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.journal import JournalDamaged, JournalInUse
from bot.sandbox.time.clock import SandboxClock
from tests.sandbox.asking import asking, buttons, png


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sandbox" / "journal.jsonl"


async def lived_in(path: Path) -> Sandbox:
    """A sandbox where something of everything has happened."""
    sandbox = Sandbox(path, flood_limits=False)
    ask = asking(sandbox)
    ira, olena = sandbox.people()
    sandbox.say(ira.id, "/start")
    sandbox.take_updates()
    sent = await ask("sendMessage", chat_id=ira.id, text="When?", reply_markup=buttons(["Mon"]))
    await ask("sendMessage", chat_id=ira.id, text="x", reply_markup={"keyboard": [[{"text": "Share"}]]})
    await ask("sendPhoto", chat_id=ira.id, files={"photo": Upload("a.png", png(), "image/png")})
    await ask(
        "editMessageText", chat_id=ira.id, message_id=sent["message_id"], text="Mon?", reply_markup=buttons(["y"])
    )
    await ask("pinChatMessage", chat_id=ira.id, message_id=sent["message_id"])
    await ask("setMyCommands", commands=[{"command": "start", "description": "x"}])
    await ask("setMyName", name="Another name")
    await ask("setChatMenuButton", menu_button={"type": "commands"})
    sandbox.tap(ira.id, sent["message_id"], 0, 0)
    sandbox.say(olena.id, "not heard yet")
    sandbox.block(olena.id)
    sandbox.clock.advance(timedelta(days=3))
    return sandbox


async def test_a_restart_changes_nothing(path: Path):
    before = await lived_in(path)
    before.close()
    after = Sandbox(path)
    assert after.state == before.state
    assert after.clock.offset >= timedelta(days=2, hours=23)
    photo = next(message for message in after.chat(after.people()[0].id) if "photo" in message)
    assert after.files.get(photo["photo"][-1]["file_unique_id"]) == png()
    after.close()
    twice = Sandbox(path)
    assert twice.state == before.state
    twice.close()


@pytest.mark.parametrize("torn", [b'[{"kind":"message","chat_id":7', b"\x00\xff", b'[{"kind"\n'])
async def test_a_torn_last_line_is_forgotten(path: Path, torn: bytes):
    before = await lived_in(path)
    before.close()
    with path.open("ab") as file:
        file.write(torn)
    after = Sandbox(path)
    assert after.state == before.state
    after.say(after.people()[0].id, "goes on")
    after.close()
    again = Sandbox(path)
    assert again.chat(again.people()[0].id)[-1]["text"] == "goes on"
    again.close()


def test_any_prefix_of_the_journal_can_be_started_from(path: Path):
    asyncio.run(lived_in(path)).close()
    whole = path.read_bytes()
    for cut in range(0, len(whole), 97):
        path.write_bytes(whole[:cut])
        Sandbox(path).close()


def test_damage_before_the_end_is_not_passed_over(path: Path):
    Sandbox(path).close()
    path.write_bytes(b"damaged\n" + path.read_bytes())
    with pytest.raises(JournalDamaged, match="line 1"):
        Sandbox(path)


def test_two_sandboxes_do_not_share_a_journal(path: Path):
    first = Sandbox(path)
    with pytest.raises(JournalInUse):
        Sandbox(path)
    first.close()
    Sandbox(path).close()


async def test_clearing_forgets_people_but_never_reuses_an_id(path: Path):
    sandbox = await lived_in(path)
    old = {person.id for person in sandbox.people()}
    sandbox.clear()
    assert [person.first_name for person in sandbox.people()] == ["Ira", "Olena"]
    assert not old & {person.id for person in sandbox.people()}
    assert sandbox.pending_updates() == []
    sandbox.close()
    again = Sandbox(path)
    assert again.state == sandbox.state
    again.close()


SERVER = """
import asyncio, sys
from pathlib import Path
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running

async def main():
    async with running(Sandbox(Path(sys.argv[1]), flood_limits=False)) as url:
        print(url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def call(url: str, path: str, params: dict[str, object] | None = None) -> dict[str, object]:
    body = json.dumps(params or {}).encode()
    request = urllib.request.Request(url + path, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.loads(answer.read())


def test_what_was_answered_survives_a_kill(path: Path):
    with subprocess.Popen([sys.executable, "-c", SERVER, str(path)], stdout=subprocess.PIPE, text=True) as server:
        url = server.stdout.readline().strip()
        for number in range(20):
            call(url, "/sandbox/people/7000000001/say", {"text": f"said {number}"})
        sent = [
            call(
                url,
                "/bot424242:sandbox-token-of-no-value/sendMessage",
                {"chat_id": 7000000001, "text": f"sent {number}"},
            )
            for number in range(20)
        ]
        os.kill(server.pid, signal.SIGKILL)
    after = Sandbox(path, clock=SandboxClock())
    assert [message["text"] for message in after.chat(7000000001)][20:] == [f"sent {number}" for number in range(20)]
    assert len(after.pending_updates()) == 20
    assert after.chat(7000000001)[-1] == sent[-1]["result"]
    after.close()
