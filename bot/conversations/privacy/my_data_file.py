"""A person's data as a JSON document: UTF-8, instants and dates in ISO 8601, lengths in minutes."""

import json
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.account.my_data import MyData

NAME = "my-data.json"
MINUTE = timedelta(minutes=1)


def written(data: MyData) -> bytes:
    facts = asdict(data)
    more = facts.pop("more")
    return json.dumps(facts | more, ensure_ascii=False, indent=2, default=_plain).encode()


def _plain(value: Any) -> str | int:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value // MINUTE
        case Decimal() | UUID():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no form in JSON")
