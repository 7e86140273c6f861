"""Report errors to operators: each kind at most once an hour, with its count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from core.people import applications
from core.work import Work
from db.enums import Event

MAX_KIND = 160


@dataclass(frozen=True, slots=True)
class Alarm:
    """`kind` is the error and its place in the code, never words of people; `count` is since the last alarm."""

    kind: str
    count: int
    at: datetime


async def sound(work: Work, *, kind: str, count: int) -> None:
    """Queue an alarm for every operator, unless some process has done so for this kind in this hour."""
    once = f"{sha256(kind.encode()).hexdigest()[:16]}:{work.now:%Y%m%d%H}"
    for operator_id in await applications.operators(work):
        work.announce(Event.OPERATOR_ALARM, to=operator_id, once=once, kind=kind[:MAX_KIND], count=count)


async def told(work: Work, *, operator_id: int, details: Mapping[str, Any], at: datetime) -> Alarm | None:
    """Return the alarm to tell; None if the person is no longer an operator."""
    if not await applications.is_operator(work, operator_id):
        return None
    return Alarm(details["kind"], details["count"], at)
