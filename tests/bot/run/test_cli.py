"""The command line as a person meets it: real processes, real ports."""

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest

import bot
from bot.run import operating
from bot.run.opening import StartError
from bot.run.sandboxed import run_sandboxed
from bot.run.start import migrate, run
from bot.sandbox.faults.faults import Fault, FaultKind
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running
from bot.settings import Settings
from core.hours import availability
from core.people import people, tutors
from core.startup import open_core
from db.settings import DatabaseSettings
from tests import builders
from tests.e2e.forked import Forked
from tests.e2e.processes import AnyProcess, kill

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
CLOSED = "http://127.0.0.1:1"
LONG = 30
HERE = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": str(Path(bot.__file__).parents[1]),
    "PYTHONWARNINGS": "always::ResourceWarning",
}


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


class Tutorbot:
    """`begins` starts it as a person does; `forks` takes less, see tests.e2e.forked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "tutorbot.log"
        self.processes: list[AnyProcess] = []

    async def begins(self, *arguments: str, **variables: str) -> AnyProcess:
        begun = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", *arguments),
            env=HERE | variables,
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self.processes.append(begun)
        return begun

    async def forks(self, *arguments: str, **variables: str) -> AnyProcess:
        begun = await Forked.begin(*arguments, env=HERE | variables, cwd=self.folder, log=self.log)
        self.processes.append(begun)
        return begun

    async def kill_what_is_left(self) -> None:
        for process in self.processes:
            if process.returncode is None:
                await kill(process)

    async def ends(self, *arguments: str, **variables: str) -> Ended:
        return await self.ended(await self.begins(*arguments, **variables))

    async def ended(self, process: AnyProcess) -> Ended:
        async with asyncio.timeout(LONG):
            out, err = await process.communicate()
        assert process.returncode is not None
        said = self.log.read_bytes() if err is None else err
        return Ended(process.returncode, out.decode(), said.decode())


async def _line(process: AnyProcess) -> str:
    assert process.stdout
    async with asyncio.timeout(LONG):
        return (await process.stdout.readline()).decode()


@pytest.fixture
async def tutorbot(tmp_path: Path) -> AsyncIterator[Tutorbot]:
    started = Tutorbot(tmp_path)
    yield started
    await started.kill_what_is_left()


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(flood_limits=False)
    yield sandbox
    await sandbox.aclose()


@pytest.fixture
async def address(sandbox: Sandbox) -> AsyncIterator[str]:
    async with running(sandbox) as address:
        yield address


def is_one_clear_line(ended: Ended, *parts: str) -> None:
    assert ended.status == 1, ended
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1, ended.err
    assert all(part in ended.err for part in parts), ended.err
    assert "Traceback" not in ended.err
    assert TOKEN not in ended.err
    assert TOKEN.partition(":")[2] not in ended.err


async def refusal(monkeypatch, command, **variables):
    """What an action says when it can't; a process says the same in one line."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StartError) as refused:
        await command(Settings(_env_file=None), print)
    return str(refused.value)


@pytest.mark.parametrize(
    ("command", "variables", "parts"),
    [
        ("start", {"TUTORBOT_RATE": "abc"}, ["TUTORBOT_RATE", "number"]),
        ("run", {}, ["TELEGRAM_BOT_TOKEN is not set"]),
        ("run", {"TELEGRAM_BOT_TOKEN": TOKEN, "TUTORBOT_API_URL": CLOSED}, ["can't reach 127.0.0.1:1"]),
    ],
    ids=["wrong setting", "no token", "unreachable"],
)
async def test_what_keeps_it_from_starting_is_told_in_one_line(tutorbot, command, variables, parts):
    is_one_clear_line(await tutorbot.ends(command, **variables), *parts)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (run_sandboxed, "can't keep the chats in /proc/no/sandbox.jsonl"),
        (migrate, "can't use the database sqlite+aiosqlite:////proc/no/"),
    ],
)
async def test_a_folder_that_can_t_be_written_to_is_told(monkeypatch, command, words):
    assert words in await refusal(monkeypatch, command, TUTORBOT_DATA_FOLDER="/proc/no")


async def test_an_unreachable_postgresql_is_told_without_its_password(tutorbot):
    url = "postgresql+asyncpg://tutor:hunter2@127.0.0.1:1/lessons"
    ended = await tutorbot.ends("migrate", TUTORBOT_DATABASE__URL=url)
    is_one_clear_line(ended, "can't use the database postgresql+asyncpg://127.0.0.1:1/lessons", "refused")
    assert "hunter2" not in ended.err


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mongo://here/lessons", "mongo"),
        ("sqlite:///sync.sqlite3", "async"),
        ("sqlite+aiosqlite:///lessons.txt", "not a database"),
        ("sqlite+aiosqlite://", "in-memory"),
    ],
)
async def test_a_database_that_can_t_be_used_is_told(monkeypatch, tmp_path, url, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lessons.txt").write_text("Mon 9-12, and this is no database at all " * 9)
    settings = Settings(_env_file=None, database=DatabaseSettings(url=url))
    with pytest.raises(StartError, match=told) as refused:
        await migrate(settings, print)
    assert str(refused.value).startswith(f"can't use the database {url}: ")


async def test_a_wrong_token_is_told(monkeypatch, tmp_path, address):
    monkeypatch.chdir(tmp_path)
    words = await refusal(monkeypatch, run, TELEGRAM_BOT_TOKEN=TOKEN, TUTORBOT_API_URL=address)
    assert re.search("refuses the token.*TELEGRAM_BOT_TOKEN", words)
    assert TOKEN.partition(":")[2] not in words


async def test_a_taken_port_is_told(monkeypatch, tmp_path, taken_port):
    monkeypatch.chdir(tmp_path)
    words = await refusal(monkeypatch, run_sandboxed, TUTORBOT_SANDBOX_PORT=taken_port)
    assert re.search(rf"127\.0\.0\.1:{taken_port}.*in use.*TUTORBOT_SANDBOX_PORT", words)


async def test_the_database_is_made_and_kept(monkeypatch, tutorbot, tmp_path):
    ended = await tutorbot.ends("migrate")
    assert (ended.status, ended.err) == (0, "")
    assert (tmp_path / "data" / "sandbox.sqlite3").exists()

    monkeypatch.chdir(tmp_path)
    await migrate(Settings(_env_file=None), print)


async def test_start_without_a_token_brings_a_sandbox_that_the_bot_talks_to(monkeypatch, tutorbot, tmp_path):
    process = await tutorbot.begins("start", TUTORBOT_SANDBOX_PORT="0")
    line = await _line(process)
    found = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+) — two chats, a student's and a tutor's\.\n", line)
    assert found, line
    calls = await asyncio.to_thread(_json_at, f"{found[1]}/sandbox/calls")
    monkeypatch.chdir(tmp_path)
    again = await refusal(monkeypatch, run_sandboxed, TUTORBOT_SANDBOX_PORT="0")
    process.send_signal(signal.SIGTERM)
    ended = await tutorbot.ended(process)

    assert "getMe" in json.dumps(calls)
    assert "another sandbox uses data" in again
    assert (ended.status, ended.err) == (0, "")


def _json_at(url: str) -> object:
    with urlopen(url, timeout=LONG) as answer:
        return json.load(answer)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_run_serves_a_sandbox_until_a_signal_comes(tutorbot, sandbox, address, stop):
    ira = sandbox.people()[0]
    process = await tutorbot.forks("run", TUTORBOT_API_URL=address)
    assert await _line(process) == "@first_lesson_bot is listening.\n"

    sandbox.say(ira.id, "/start")
    await _sees(sandbox, ira.id, "")
    process.send_signal(stop)
    ended = await tutorbot.ended(process)

    assert (ended.status, ended.err) == (0, "")
    assert sandbox.pending_updates() == []


async def test_reminders_arrive_when_the_sandbox_clock_is_moved(tutorbot, tmp_path, sandbox, address):
    student, tutor = sandbox.people()
    process = await tutorbot.forks("run", TUTORBOT_API_URL=address)
    await _line(process)
    for person in (student, tutor):
        sandbox.say(person.id, "/start")
        await _sees(sandbox, person.id, "")
    starts_at = (sandbox.clock.now() + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
    await _agree(sandbox, f"sqlite+aiosqlite:///{tmp_path}/data/sandbox.sqlite3", starts_at)

    sandbox.clock.set(starts_at - timedelta(hours=1))

    await _sees(sandbox, student.id, "in 1 hour")
    await _sees(sandbox, tutor.id, "через 1 годину")
    process.terminate()
    assert (await tutorbot.ended(process)).status == 0


async def test_an_operator_sends_what_failed_beside_the_running_bot(tutorbot, tmp_path, sandbox, address):
    student, tutor = sandbox.people()
    process = await tutorbot.forks("run", TUTORBOT_API_URL=address)
    await _line(process)
    for person in (student, tutor):
        sandbox.say(person.id, "/start")
        await _sees(sandbox, person.id, "")
    starts_at = (sandbox.clock.now() + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
    await _agree(sandbox, f"sqlite+aiosqlite:///{tmp_path}/data/sandbox.sqlite3", starts_at)
    refused = "Bad Request: not today"
    sandbox.faults.add(
        Fault(FaultKind.ERROR, method="sendMessage", chat_id=student.id, status=400, description=refused)
    )
    sandbox.clock.set(starts_at - timedelta(hours=1))
    await _sees(sandbox, tutor.id, "через 1 годину")
    jobs = await tutorbot.ended(await tutorbot.forks("jobs", TUTORBOT_API_URL=address))
    examined = await tutorbot.ended(await tutorbot.forks("doctor", TUTORBOT_API_URL=address))
    sandbox.faults.clear()

    ended = await tutorbot.ends("send-reminders", "--limit", "10", "--retry-failed", TUTORBOT_API_URL=address)
    process.terminate()
    assert (await tutorbot.ended(process)).status == 0

    counts = ["tried again: 1", "sent: 1", "skipped: 0", "failed: 0", "unreachable: 0", "later: 0"]
    assert (ended.status, ended.out.splitlines()) == (0, counts), ended
    assert [said["text"] for said in sandbox.chat(student.id) if "in 1 hour" in said["text"]]
    assert re.search(r"^ok  deliver +0 min ago +[1-9]\d* ", jobs.out, re.MULTILINE), jobs
    assert "!! failed in the last day: BadRequest" in examined.out
    assert examined.status == 1


@pytest.mark.parametrize(
    "act", [operating.jobs, partial(operating.send_reminders, limit=1, retry_failed=False)], ids=["jobs", "send"]
)
async def test_what_runs_beside_a_bot_leaves_the_form_of_its_database_alone(tmp_path, act):
    settings = Settings(_env_file=None, data_folder=tmp_path, api_url=CLOSED)
    with pytest.raises(
        StartError, match=r"is in form none, the newest is .*; start the bot, or run `tutorbot migrate`"
    ):
        await act(settings, print)
    with closing(sqlite3.connect(tmp_path / "sandbox.sqlite3")) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []


async def _agree(sandbox: Sandbox, database: str, starts_at: datetime) -> None:
    """Let the tutor and the student agree on a lesson, in another process than the bot's."""
    core = open_core(DatabaseSettings(url=database), clock=sandbox.clock.now)
    async with core.begin() as work:
        student, tutor = [await people.find(work, person.id) for person in sandbox.people()]
        assert student
        assert tutor
        await tutors.become(work, person_id=tutor.id)
        await availability.set_week(work, tutor_id=tutor.id, windows=builders.EVERY_DAY_9_TO_17)
    await builders.confirm(core, await builders.request(core, tutor, student, starts_at))
    await core.close()


async def _sees(sandbox: Sandbox, person_id: int, words: str) -> None:
    """Wait until the bot has said this to the person."""
    said = asyncio.Event()

    def look(_: object) -> None:
        if any(message["from"]["is_bot"] and words in message["text"] for message in sandbox.chat(person_id)):
            said.set()

    sandbox.listeners.append(look)
    look(None)
    async with asyncio.timeout(LONG):
        await said.wait()
    sandbox.listeners.remove(look)


async def test_help_names_every_command(tutorbot):
    ended = await tutorbot.ends("--help")
    commands = ("start", "run", "sandbox", "migrate", "send-reminders", "jobs", "doctor")
    assert all(command in ended.out for command in commands)
