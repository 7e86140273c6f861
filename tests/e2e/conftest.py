"""Whole processes and a real browser, for the tests that need them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.e2e.browser import found_chromium, open_browser
from tests.e2e.processes import Tutorbot


def pytest_configure(config: pytest.Config) -> None:
    """Known without pytest-xdist, too: with it these tests share one worker, since each of them takes several cores."""
    config.addinivalue_line("markers", "xdist_group(name): tests of one group run in one worker")


@pytest.fixture
async def tutorbot(tmp_path: Path) -> AsyncIterator[Tutorbot]:
    started = Tutorbot(tmp_path, is_forked=True)
    yield started
    await started.kill_all()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One for the tests of a module, which run in its loop: to start it takes long."""
    found = found_chromium()
    if found is None:
        pytest.skip("no Chromium found: the browser test is skipped")
    async with async_playwright() as playwright, open_browser(playwright, found) as opened:
        yield opened
