"""
The stage for stories.

A story of one language is played on one of the two databases, drawn by its name: what is bilingual crosses both, and
whatever the core writes is tested on both in tests/core.
"""

from collections.abc import AsyncIterator
from zlib import crc32

import pytest

from core.startup import Core
from tests.conftest import DATABASES, FrozenClock
from tests.stage import Stage


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    is_drawn = "stage" in metafunc.fixturenames and "database_settings" in metafunc.fixturenames
    chosen = [name for mark in metafunc.definition.iter_markers("parametrize") for name in names(mark)]
    if is_drawn and "database_settings" not in chosen:
        drawn = DATABASES[crc32(metafunc.definition.nodeid.encode()) % len(DATABASES)]
        metafunc.definition.add_marker(pytest.mark.parametrize("database_settings", [drawn], indirect=True))


def names(mark: pytest.Mark) -> list[str]:
    given = mark.args[0]
    return [name.strip() for name in given.split(",")] if isinstance(given, str) else list(given)


@pytest.fixture
async def stage(core: Core, clock: FrozenClock) -> AsyncIterator[Stage]:
    async with Stage(core, clock) as ready:
        yield ready
