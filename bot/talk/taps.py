"""
The taps: one frozen dataclass for each kind of button, packed into callback_data.

    1:bk:3f:ab12       version, kind, fields in order; numbers in base 36, times as minutes

Anybody can send any data, so the core checks each time what the sender may do.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import Any, TypeVar, dataclass_transform, get_type_hints

from core.enums import DayPart, ExceptionType, Language, LessonType, Setting

VERSION = "1"
SEPARATOR = ":"
LONGEST = 64
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LARGEST = 2**53
# No lesson is held outside of these, and near datetime's own limits another zone can't show an instant
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)

T = TypeVar("T", bound="Tap")


class Weekday(IntEnum):
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class Topic(StrEnum):
    """A group of a tutor's settings; short, since it is packed into buttons."""

    LESSONS = "l"
    BOOKING = "b"
    MONEY = "m"
    ABOUT = "a"
    PERSONAL = "p"


class Tap:
    """What a button means."""


class StaleTap(Exception):
    """Callback data that this version can't read."""


KINDS: dict[str, type[Tap]] = {}
CODES: dict[type[Tap], str] = {}
TYPES: dict[type[Tap], tuple[type, ...]] = {}


@dataclass_transform(frozen_default=True)
def tap(code: str) -> Callable[[type[T]], type[T]]:
    """Make the class a frozen tap known by this short code."""

    def register(plain: type[T]) -> type[T]:
        made = dataclass(frozen=True)(plain)
        assert code not in KINDS, f"two taps share {code!r}"
        hints = get_type_hints(made)
        KINDS[code], CODES[made] = made, code
        TYPES[made] = tuple(hints[field.name] for field in fields(made))  # type: ignore[arg-type]
        return made

    return register


def pack(tap: Tap) -> str:
    values = tuple(vars(tap).values())
    data = SEPARATOR.join((VERSION, CODES[type(tap)], *(_WRITE[type_](value) for type_, value in _typed(tap, values))))
    assert len(data.encode()) <= LONGEST, f"{data} is too long for a button"
    return data


def unpack(data: str) -> Tap:
    """Return the tap; raises StaleTap for anything that `pack` would not have made."""
    if len(data) > LONGEST or not data.isascii():
        raise StaleTap
    version, _, rest = data.partition(SEPARATOR)
    code, *words = rest.split(SEPARATOR)
    kind = KINDS.get(code)
    if version != VERSION or kind is None or len(words) != len(TYPES[kind]):
        raise StaleTap
    try:
        made = kind(*(_READ[type_](word) for type_, word in zip(TYPES[kind], words, strict=True)))
    except (ValueError, OverflowError):
        raise StaleTap from None
    if pack(made) != data:
        raise StaleTap
    return made


def _typed(tap: Tap, values: tuple[Any, ...]) -> list[tuple[type, Any]]:
    return list(zip(TYPES[type(tap)], values, strict=True))


def _write_int(value: int) -> str:
    if value < 0:
        raise ValueError("no button carries a negative number")
    digits = ""
    while value or not digits:
        value, digit = divmod(value, 36)
        digits = DIGITS[digit] + digits
    return digits


def _read_int(word: str) -> int:
    if len(word) > 11 or not word.isascii() or not word.isalnum():
        raise ValueError(word)
    value = int(word, 36)
    if value > LARGEST:
        raise ValueError(word)
    return value


def _read_bool(word: str) -> bool:
    return {"0": False, "1": True}[word] if word in ("0", "1") else bool(_read_int("-"))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _read_time(word: str) -> time:
    hour, minute = divmod(_read_int(word), 60)
    return time(hour, minute)


def _write_date(on: date) -> str:
    return _write_int(within_calendar(on).toordinal())


def _read_date(word: str) -> date:
    return within_calendar(date.fromordinal(_read_int(word)))


def _write_instant(at: datetime) -> str:
    return _write_int((within_calendars(at) - EPOCH) // MINUTE)


def _read_instant(word: str) -> datetime:
    return within_calendars(EPOCH + _read_int(word) * MINUTE)


# Short: the data of a button is limited to 64 bytes
KIND_LETTERS = {LessonType.REGULAR: "r", LessonType.TRIAL: "t", LessonType.PACKAGE: "p"}
LETTERS_KIND = {letter: kind for kind, letter in KIND_LETTERS.items()}


def _read_kind(word: str) -> LessonType:
    if word not in LETTERS_KIND:
        raise ValueError(word)
    return LETTERS_KIND[word]


def within_calendars(at: datetime) -> datetime:
    """Return the instant; raises ValueError if its date is outside that range in some time zone."""
    for on in (at.date() - ONE_DAY, at.date() + ONE_DAY):
        within_calendar(on)
    return at


def within_calendar(on: date) -> date:
    """Return the date; raises ValueError if it is outside the range that taps may carry."""
    if not FIRST_DAY <= on <= LAST_DAY:
        raise ValueError(f"no button leads to {on}")
    return on


_WRITE: dict[type, Callable[[Any], str]] = {
    int: _write_int,
    bool: lambda value: "1" if value else "0",
    str: str,
    Language: str,
    ExceptionType: str,
    LessonType: KIND_LETTERS.__getitem__,
    Setting: str,
    Topic: str,
    DayPart: str,
    Weekday: _write_int,
    date: _write_date,
    time: lambda value: _write_int(_minutes(value)),
    datetime: _write_instant,
}
_READ: dict[type, Callable[[str], Any]] = {
    int: _read_int,
    bool: _read_bool,
    str: str,
    Language: Language,
    ExceptionType: ExceptionType,
    LessonType: _read_kind,
    Setting: Setting,
    Topic: Topic,
    DayPart: DayPart,
    Weekday: lambda word: Weekday(_read_int(word)),
    date: _read_date,
    time: _read_time,
    datetime: _read_instant,
}


@tap("-")
class Nothing(Tap):
    """A label among buttons: a tap on it does nothing."""


@tap("h")
class Home(Tap):
    pass
