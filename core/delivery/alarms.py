"""What goes wrong in the house is told to its operators: each kind once an hour, with how often it was."""

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
    """`kind` is the error and its place, no words of people; `count` since the alarm before."""

    kind: str
    count: int
    at: datetime


async def sound(work: Work, *, kind: str, count: int) -> None:
    """Tell every operator, unless they have heard of this kind in this hour, from whichever process."""
    once = f"{sha256(kind.encode()).hexdigest()[:16]}:{work.now:%Y%m%d%H}"
    for operator_id in await applications.operators(work):
        work.announce(Event.OPERATOR_ALARM, to=operator_id, once=once, kind=kind[:MAX_KIND], count=count)


async def told(work: Work, *, operator_id: int, details: Mapping[str, Any], at: datetime) -> Alarm | None:
    """Return what there is to tell; None where the person is no operator any more."""
    if not await applications.is_operator(work, operator_id):
        return None
    return Alarm(details["kind"], details["count"], at)
