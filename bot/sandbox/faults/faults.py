"""
Faults on demand: what a real network and a real Telegram do to a bot on a bad day.

    plan.add(Fault(Kind.FLOOD, method="send*", count=3, retry_after=2))
    plan.add(Fault(Kind.TIMEOUT_AFTER, method="sendMessage", probability=0.1))
    plan.outage = True
"""

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from bot.sandbox.jsons import Json

YEAR_SECONDS = 365 * 86_400


class FaultKind(StrEnum):
    LATENCY = "latency"  # it happens `seconds` late
    LATE = "late"  # it happens, the answer comes `seconds` late
    FLOOD = "flood"  # 429 with `retry_after`
    ERROR = "error"  # `status` with `description`, as HTML when `html`
    TIMEOUT_BEFORE = "timeout_before"  # nothing happens, no answer comes
    TIMEOUT_AFTER = "timeout_after"  # it happens, no answer comes
    DROP_BEFORE = "drop_before"  # the connection breaks, nothing happens
    DROP_AFTER = "drop_after"  # it happens, the connection breaks


AFTER = {FaultKind.TIMEOUT_AFTER, FaultKind.DROP_AFTER}
ENDING = set(FaultKind) - {FaultKind.LATENCY, FaultKind.LATE}


@dataclass(slots=True)
class Fault:
    """`method` is a pattern ("send*"); `count` how often at most, None for ever; `chat_id` only that chat."""

    kind: FaultKind
    method: str = "*"
    probability: float = 1.0
    count: int | None = None
    chat_id: int | None = None
    seconds: float = 0.0
    retry_after: int = 1
    status: int = 500
    description: str = ""
    html: bool = False

    def __post_init__(self) -> None:
        self.kind = FaultKind(self.kind)

    def meets(self, method: str, chat_id: object) -> bool:
        if self.count == 0 or (self.chat_id is not None and str(self.chat_id) != str(chat_id)):
            return False
        return fnmatchcase(method.lower(), self.method.lower())


@dataclass(slots=True)
class FaultPlan:
    """The faults to inject, with a seeded random generator. `outage` drops every connection."""

    outage: bool = False
    duplicate_updates: float = 0.0
    reorder_updates: float = 0.0
    stale_updates: float = 0.0
    rules: list[Fault] = field(default_factory=list)
    seed: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(0), repr=False)

    def add(self, fault: Fault) -> Fault:
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        self.rules = []
        self.outage = False
        self.duplicate_updates = self.reorder_updates = self.stale_updates = 0.0

    def replace(self, plan: Json) -> None:
        """Replace the plan by one that the page or a bench has posted."""
        rules = [Fault(**rule) for rule in plan.get("rules", [])]
        self.clear()
        self.rules = rules
        self.outage = bool(plan.get("outage"))
        self.duplicate_updates = float(plan.get("duplicate_updates", 0))
        self.reorder_updates = float(plan.get("reorder_updates", 0))
        self.stale_updates = float(plan.get("stale_updates", 0))
        self.reseed(int(plan.get("seed", 0)))

    def reseed(self, seed: int) -> None:
        self.seed = seed
        self._chance.seed(seed)

    def as_json(self) -> Json:
        shares = {"duplicate_updates": self.duplicate_updates, "reorder_updates": self.reorder_updates}
        rules = [asdict(rule) for rule in self.rules]
        return {
            "seed": self.seed,
            "outage": self.outage,
            **shares,
            "stale_updates": self.stale_updates,
            "rules": rules,
        }

    def strike(self, method: str, chat_id: object) -> list[Fault]:
        """Return the faults for this call: any latencies, and at most one that ends it."""
        if self.outage:
            return [Fault(FaultKind.DROP_BEFORE)]
        return list(self._struck(method, chat_id)) if self.rules else []

    def _struck(self, method: str, chat_id: object) -> Iterator[Fault]:
        for rule in self.rules:
            if not rule.meets(method, chat_id) or self._chance.random() >= rule.probability:
                continue
            if rule.count is not None:
                rule.count -= 1
            yield rule
            if rule.kind in ENDING:
                return

    def disturb(self, updates: list[Json]) -> list[Json]:
        """Repeat, shuffle and age a batch on its way to the bot."""
        batch = [self._aged(update) for update in updates] if self.stale_updates else updates
        if self.duplicate_updates:
            batch = [copy for update in batch for copy in self._copies(update)]
        if self.reorder_updates and self._chance.random() < self.reorder_updates:
            batch = self._chance.sample(batch, len(batch))
        return batch

    def _copies(self, update: Json) -> list[Json]:
        return [update] * (2 if self._chance.random() < self.duplicate_updates else 1)

    def _aged(self, update: Json) -> Json:
        if "message" not in update or self._chance.random() >= self.stale_updates:
            return update
        message: dict[str, Any] = update["message"]
        return {**update, "message": {**message, "date": message["date"] - YEAR_SECONDS}}
