"""A local Telegram: a strict Bot API, people to talk to, and a page to do it on."""

from bot.sandbox.faults.faults import Fault, FaultPlan, Kind
from bot.sandbox.refusals import PersonRefused, Refused
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.time.clock import Clock

__all__ = ["Clock", "Fault", "FaultPlan", "Kind", "PersonRefused", "Refused", "Sandbox"]
