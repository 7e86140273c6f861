"""The product as it is started by hand: processes that can be killed at any moment."""

import asyncio
import os
import re
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

import bot
from tests.e2e.forked import Forked

LONG = 30
ROOT = Path(bot.__file__).parents[1]


AnyProcess = asyncio.subprocess.Process | Forked


@dataclass
class Tutorbot:
    """Its data lies in `folder`; what it says on stderr goes to `log`. See tests.e2e.forked for `is_forked`."""

    folder: Path
    is_forked: bool = False
    processes: list[AnyProcess] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.folder / "tutorbot.log"

    @property
    def database(self) -> str:
        return f"sqlite+aiosqlite:///{self.folder / 'data' / 'sandbox.sqlite3'}"

    def said(self) -> list[str]:
        return self.log.read_text().splitlines()

    async def begins(self, command: str, **variables: str) -> AnyProcess:
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | variables
        begin = self._fork if self.is_forked else self._execute
        process = await begin(command, env)
        self.processes.append(process)
        return process

    async def _execute(self, command: str, env: dict[str, str]) -> AnyProcess:
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cli", command),
                env=env,
                cwd=self.folder,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )

    async def _fork(self, command: str, env: dict[str, str]) -> AnyProcess:
        return await Forked.begin(command, env=env, cwd=self.folder, log=self.log)

    async def is_up(self, command: str, **variables: str) -> tuple[AnyProcess, str]:
        """Start it and return what it says when it is ready."""
        process = await self.begins(command, **variables)
        assert process.stdout
        async with asyncio.timeout(LONG):
            line = (await process.stdout.readline()).decode()
        assert line, f"tutorbot {command} did not start: {self.log.read_text()}"
        return process, line

    async def start(self, port: int) -> str:
        """`tutorbot start`, the bot and the sandbox in one process; return the page's address."""
        _, line = await self.is_up("start", TUTORBOT_SANDBOX_PORT=str(port))
        return address_in(line)

    async def kill_all(self) -> None:
        for process in self.processes:
            await kill(process)
        self.processes.clear()


async def kill(process: AnyProcess) -> None:
    """With -9: it has no chance to tidy up."""
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
    await process.communicate()


def address_in(line: str) -> str:
    found = re.search(r"http://[\d.]+:\d+", line)
    assert found, line
    return found[0]


def free_port() -> int:
    """For a process that has to come back at the same address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
