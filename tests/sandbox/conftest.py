"""A sandbox that stands still, and a bot's way to ask it."""

from datetime import UTC, datetime

import pytest

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state.chats import Person
from bot.sandbox.time.clock import SandboxClock
from tests.sandbox.asking import Ask, asking

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(clock=SandboxClock.frozen(MONDAY), flood_limits=False)


@pytest.fixture
def ira(sandbox: Sandbox) -> Person:
    """A student who has written to the bot."""
    person = sandbox.people()[0]
    sandbox.say(person.id, "/start")
    sandbox.take_updates()
    return person


@pytest.fixture
def ask(sandbox: Sandbox) -> Ask:
    """Call a method as a form would: everything a string. Gives the result, or "<status> <description>"."""
    return asking(sandbox)
