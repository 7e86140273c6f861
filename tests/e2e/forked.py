"""
Processes of the product that are forked from one which has imported it: a start need not do that again.

What a new interpreter makes of it is for tests/bot/run/test_cli.py and the runs of bench/.
"""

import asyncio
import io
import multiprocessing
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Self

PRELOADED = [
    "bot.cli",
    "bot.run.logs",
    "bot.run.signals",
    "bot.run.sandboxed",
    "bot.run.operating",
    "bot.run.doctor",
    "bot.sandbox.server",
]

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(PRELOADED)


@dataclass
class Forked:
    """What the tests use of asyncio.subprocess.Process."""

    stdout: asyncio.StreamReader
    _process: ForkServerProcess

    @classmethod
    async def begin(cls, *arguments: str, env: Mapping[str, str], cwd: Path, log: Path) -> Self:
        """What it says on stderr is added to `log`."""
        reads, writes = _server.Pipe(duplex=False)
        told = (arguments, dict(env), cwd, writes, log)
        process = _server.Process(target=_be_tutorbot, args=told, daemon=True)  # else it is waited for at the end
        process.start()
        writes.close()
        return cls(await _reader(reads), process)

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def terminate(self) -> None:
        self._process.terminate()

    async def communicate(self) -> tuple[bytes, None]:
        said = await self.stdout.read()
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, ended.set)
        await ended.wait()
        loop.remove_reader(self._process.sentinel)
        self._process.join()
        return said, None


async def _reader(end: Connection) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    file = io.FileIO(os.dup(end.fileno()))
    end.close()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
    return reader


def _be_tutorbot(
    arguments: Sequence[str], variables: Mapping[str, str], folder: Path, out: Connection, log: Path
) -> None:
    os.dup2(out.fileno(), 1)
    out.close()
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["tutorbot", *arguments]
    warnings.simplefilter("always", ResourceWarning)
    from bot.cli import main

    main()
