"""What every step of every story can reach."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.settings import Settings
from core.startup import Core


@dataclass(frozen=True, slots=True)
class House:
    core: Core
    clock: Clock
    settings: Settings
