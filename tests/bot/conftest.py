from collections.abc import AsyncIterator

import pytest

from core.startup import Core
from tests.conftest import FrozenClock
from tests.stage import Stage


@pytest.fixture
async def stage(core: Core, clock: FrozenClock) -> AsyncIterator[Stage]:
    async with Stage(core, clock) as ready:
        yield ready
