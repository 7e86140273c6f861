"""A local Telegram: a strict Bot API, people to talk to, and a page to do it on."""

from bot.sandbox.clock import Clock
from bot.sandbox.faults import Fault, FaultPlan, Kind
from bot.sandbox.refusals import PersonRefused, Refused
from bot.sandbox.sandbox import Sandbox

__all__ = ["Clock", "Fault", "FaultPlan", "Kind", "PersonRefused", "Refused", "Sandbox"]
