"""
The questions: one frozen dataclass for each. Its fields are all that is needed to handle the answer.

    why_decline   {"version": 1, "booking_id": 7, "asked_in": 40}       name and draft in the person's Talk row

Dates, times and instants are stored as ISO 8601, lengths as microseconds. Older releases stored no version: such a
draft is read as the first version. A field with a default may be missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from types import NoneType
from typing import Any, ClassVar, TypeVar, dataclass_transform, get_args, get_type_hints

from bot.talk.taps import LARGEST, within_calendar, within_calendars

VERSION = "version"
FIRST = 1
MICROSECOND = timedelta(microseconds=1)


class Question:
    """A question to a person. A text that comes later than `lapses_after` is not taken as its answer."""

    version: ClassVar[int] = FIRST
    lapses_after: ClassVar[timedelta | None] = None

    def has_lapsed(self, asked_at: datetime, *, now: datetime) -> bool:
        return self.lapses_after is not None and now - asked_at >= self.lapses_after


class StaleQuestion(Exception):
    """A Talk row that this version of the bot can't read."""


Q = TypeVar("Q", bound=Question)

KINDS: dict[str, type[Question]] = {}
NAMES: dict[type[Question], str] = {}
TYPES: dict[type[Question], dict[str, Any]] = {}
REQUIRED: dict[type[Question], frozenset[str]] = {}


@dataclass_transform(frozen_default=True)
def question(name: str) -> Callable[[type[Q]], type[Q]]:
    """Make the class a frozen question that is stored under this name."""

    def register(plain: type[Q]) -> type[Q]:
        made = dataclass(frozen=True)(plain)
        assert name not in KINDS, f"two questions share {name!r}"
        hints, known = get_type_hints(made), fields(made)  # type: ignore[arg-type]
        KINDS[name], NAMES[made] = made, name
        TYPES[made] = {field.name: hints[field.name] for field in known}
        REQUIRED[made] = frozenset(field.name for field in known if field.default is MISSING)
        return made

    return register


def pack(asked: Question) -> dict[str, Any]:
    return {VERSION: asked.version, **{name: written(getattr(asked, name)) for name in TYPES[type(asked)]}}


def unpack(name: str, draft: Any) -> Question:
    """Return the question with its draft; raises StaleQuestion for a row that `pack` would not have made."""
    kind = KINDS.get(name)
    if kind is None or not isinstance(draft, dict):
        raise StaleQuestion(name)
    stored = {VERSION: FIRST, **draft}
    version = stored.pop(VERSION)
    if type(version) is not int or version != kind.version:
        raise StaleQuestion(name)
    try:
        return kind(**_read_all(kind, stored))
    except (ValueError, ArithmeticError):
        raise StaleQuestion(name) from None


def written(value: Any) -> Any:
    """Return the value in a form that JSON can hold."""
    match value:
        case Enum():
            return value.value
        case timedelta():
            return value // MICROSECOND
        case Decimal():
            return str(value)
        case date() | time():
            return value.isoformat()
    return value


def read(type_: Any, stored: Any) -> Any:
    """Return the value of this type, or None if the type allows it; raises ValueError for anything else."""
    allowed = get_args(type_) or (type_,)
    if stored is None and NoneType in allowed:
        return None
    (kind,) = (each for each in allowed if each is not NoneType)
    if issubclass(kind, Enum):
        return kind(_exactly(int if issubclass(kind, IntEnum) else str, stored))
    return _READ[kind](stored)


def _read_all(kind: type[Question], stored: Mapping[str, Any]) -> dict[str, Any]:
    types = TYPES[kind]
    if not REQUIRED[kind] <= stored.keys() <= types.keys():
        raise ValueError(sorted(stored))
    return {name: read(types[name], value) for name, value in stored.items()}


def _exactly(type_: type, stored: Any) -> Any:
    if type(stored) is not type_:  # a bool is an int, too
        raise ValueError(stored)
    return stored


def _read_int(stored: Any) -> int:
    number: int = _exactly(int, stored)
    if abs(number) > LARGEST:
        raise ValueError(number)
    return number


def _read_instant(stored: Any) -> datetime:
    at = datetime.fromisoformat(_exactly(str, stored))
    if at.tzinfo is None:
        raise ValueError(stored)
    return within_calendars(at)


_READ: dict[type, Callable[[Any], Any]] = {
    int: _read_int,
    str: lambda stored: _exactly(str, stored),
    bool: lambda stored: _exactly(bool, stored),
    date: lambda stored: within_calendar(date.fromisoformat(_exactly(str, stored))),
    time: lambda stored: time.fromisoformat(_exactly(str, stored)),
    datetime: _read_instant,
    Decimal: lambda stored: Decimal(_exactly(str, stored)),
    timedelta: lambda stored: _exactly(int, stored) * MICROSECOND,
}
