"""
A bot beside a sandbox follows the sandbox's clock.

    each answer of the sandbox    carries the sandbox's time
    each poll of the bot          carries the time of the bot's next work; the sandbox's clock stops there
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.edge.clock import Clock
from bot.edge.ingress import Polling
from bot.run.jobs import Jobs

SANDBOX_NOW: Final = "X-Sandbox-Now"
SANDBOX_WAKE: Final = "X-Wake-At"

OnHeaders = Callable[[Mapping[str, str]], None]


@dataclass(slots=True)
class Plans:
    """
    What each poll tells the sandbox. `jobs` and `polling` are set when they start: they need the application first.
    """

    jobs: Jobs | None = None
    polling: Polling | None = None

    def told(self) -> dict[str, str]:
        if self.jobs is None or self.polling is None:
            return {}
        if self.jobs.is_at_work or self.polling.in_flight:
            return {SANDBOX_WAKE: "busy"}
        return {SANDBOX_WAKE: self.jobs.due_at.isoformat()} if self.jobs.due_at else {}


def sandbox_time(clock: Clock) -> OnHeaders:
    def follow(headers: Mapping[str, str]) -> None:
        if told := headers.get(SANDBOX_NOW):
            clock.follow(datetime.fromisoformat(told))

    return follow


def once(told: OnHeaders) -> OnHeaders:
    waiting = [told]

    def first(headers: Mapping[str, str]) -> None:
        while waiting:
            waiting.pop()(headers)

    return first
