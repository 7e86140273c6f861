"""
What a button carries: one frozen dataclass per kind, packed into callback_data.

    1:bk:3f:ab12       version, kind, fields in order; numbers in base 36, times as minutes

Packed data is a claim of whoever sent it, not a fact: the core authorises every one.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from typing import Any, TypeVar, dataclass_transform, get_type_hints

from core.enums import ExceptionType, Language, Term

VERSION = "1"
SEPARATOR = ":"
LONGEST = 64
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LARGEST = 2**53
# Beyond these no lesson is held, and a clock in another zone can't show every instant
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

T = TypeVar("T", bound="Tap")


class Weekday(IntEnum):
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class Tap:
    """A button's meaning."""


class StaleTap(Exception):
    """Data that no button of this version carries."""


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
    return _write_int(_within_calendar(on).toordinal())


def _read_date(word: str) -> date:
    return _within_calendar(date.fromordinal(_read_int(word)))


def _write_instant(at: datetime) -> str:
    _within_calendar(at.date())
    return _write_int((at - EPOCH) // MINUTE)


def _read_instant(word: str) -> datetime:
    at = EPOCH + _read_int(word) * MINUTE
    _within_calendar(at.date())
    return at


def _within_calendar(on: date) -> date:
    if not FIRST_DAY <= on <= LAST_DAY:
        raise ValueError(f"no button leads to {on}")
    return on


_WRITE: dict[type, Callable[[Any], str]] = {
    int: _write_int,
    bool: lambda value: "1" if value else "0",
    str: str,
    Language: str,
    ExceptionType: str,
    Term: str,
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
    Term: Term,
    Weekday: lambda word: Weekday(_read_int(word)),
    date: _read_date,
    time: _read_time,
    datetime: _read_instant,
}


# Anywhere


@tap("-")
class Nothing(Tap):
    """A label among buttons: it answers and does nothing."""


@tap("h")
class Home(Tap):
    pass


# Start and settings


@tap("rl")
class ChooseRole(Tap):
    teaches: bool


@tap("gl")
class GreetIn(Tap):
    """The language, while still being greeted."""

    language: Language


@tap("zn")
class ChooseZone(Tap):
    timezone: str


@tap("st")
class OpenSettings(Tap):
    pass


@tap("sl")
class ChooseLanguage(Tap):
    language: Language


@tap("sz")
class EditZone(Tap):
    pass


# Weekly hours


@tap("wk")
class OpenWeek(Tap):
    pass


@tap("wd")
class OpenWeekday(Tap):
    weekday: Weekday


@tap("wo")
class PickOpens(Tap):
    weekday: Weekday


@tap("wc")
class PickCloses(Tap):
    weekday: Weekday
    opens: time


@tap("wa")
class AddWindow(Tap):
    weekday: Weekday
    opens: time
    closes: time


@tap("wr")
class RemoveWindow(Tap):
    weekday: Weekday
    window_id: int


@tap("sh")
class OpenLink(Tap):
    """The tutor's link to share."""


# Booking


@tap("bt")
class OpenTutors(Tap):
    pass


@tap("bo")
class OpenTutor(Tap):
    """The month of the tutor's next free time."""

    tutor_id: int


@tap("bm")
class OpenMonth(Tap):
    tutor_id: int
    month: date


@tap("bd")
class OpenFreeDay(Tap):
    tutor_id: int
    on: date


@tap("bp")
class PickTime(Tap):
    tutor_id: int
    starts_at: datetime


@tap("ba")
class AskForLesson(Tap):
    tutor_id: int
    starts_at: datetime


# Answers


@tap("ap")
class OpenPending(Tap):
    page: int


@tap("ac")
class ConfirmLesson(Tap):
    booking_id: int


@tap("ad")
class DeclineLesson(Tap):
    booking_id: int


@tap("aw")
class DeclineWithoutWords(Tap):
    booking_id: int


# Lessons


@tap("ll")
class OpenLessons(Tap):
    page: int


@tap("lo")
class OpenLesson(Tap):
    booking_id: int


@tap("lc")
class CancelLesson(Tap):
    booking_id: int


@tap("ls")
class CancelSurely(Tap):
    """`charge_said` is whether the person was told of a charge: the answer counts for what was asked."""

    booking_id: int
    charge_said: bool


# Weekly windows


@tap("w2")
class PickOpensAtHalf(Tap):
    weekday: Weekday


@tap("w3")
class PickClosesAtHalf(Tap):
    weekday: Weekday
    opens: time


@tap("w4")
class PickDaysToCopy(Tap):
    """`days` are the chosen ones: bit 0 is Monday."""

    weekday: Weekday
    days: int


@tap("w5")
class CopyDay(Tap):
    weekday: Weekday
    days: int


@tap("ww")
class OpenWindow(Tap):
    window_id: int


@tap("wp")
class PauseWindow(Tap):
    window_id: int
    pause: bool


@tap("wv")
class PickWindowDate(Tap):
    """The first date on which the window holds, or the last."""

    window_id: int
    is_first: bool
    month: date


@tap("wl")
class LimitWindow(Tap):
    window_id: int
    is_first: bool
    on: date


@tap("wf")
class FreeWindow(Tap):
    """Without such a date from now on."""

    window_id: int
    is_first: bool


# Days off


@tap("xl")
class OpenExceptions(Tap):
    page: int


@tap("xt")
class PickExceptionType(Tap):
    pass


@tap("xf")
class PickFirstDay(Tap):
    """`is_working`: taught at other hours instead of not at all."""

    type_: ExceptionType
    is_working: bool
    month: date


@tap("xu")
class PickLastDay(Tap):
    type_: ExceptionType
    is_working: bool
    first_on: date
    month: date


@tap("xd")
class PickPart(Tap):
    """The days are picked: all day, or which hours?"""

    type_: ExceptionType
    is_working: bool
    first_on: date
    last_on: date


@tap("xo")
class PickExceptionOpens(Tap):
    type_: ExceptionType
    is_working: bool
    first_on: date
    last_on: date
    at_half: bool


@tap("xc")
class PickExceptionCloses(Tap):
    type_: ExceptionType
    is_working: bool
    first_on: date
    last_on: date
    opens: time
    at_half: bool


@tap("xa")
class AddDaysOff(Tap):
    type_: ExceptionType
    first_on: date
    last_on: date


@tap("xh")
class AddExceptionHours(Tap):
    type_: ExceptionType
    is_working: bool
    first_on: date
    last_on: date
    opens: time
    closes: time


@tap("xe")
class OpenException(Tap):
    exception_id: int


@tap("xr")
class RemoveException(Tap):
    exception_id: int


@tap("xs")
class RemoveExceptionSurely(Tap):
    exception_id: int


@tap("xw")
class OpenInTheWay(Tap):
    exception_id: int
    page: int


@tap("xi")
class OpenOneInTheWay(Tap):
    exception_id: int
    booking_id: int


@tap("xk")
class CallOffForException(Tap):
    exception_id: int
    booking_id: int


@tap("xm")
class AskToMoveForException(Tap):
    exception_id: int
    booking_id: int


@tap("xq")
class CallAllOff(Tap):
    exception_id: int


@tap("xy")
class CallAllOffSurely(Tap):
    """`count` is how many lessons the tutor was told of: the answer counts for what was asked."""

    exception_id: int
    count: int


@tap("xz")
class AskAllToMove(Tap):
    exception_id: int


@tap("hl")
class OpenHolidays(Tap):
    pass


@tap("ht")
class TakeHolidayOff(Tap):
    on: date


@tap("ha")
class TakeAllHolidaysOff(Tap):
    pass


@tap("hc")
class PickCountry(Tap):
    pass


@tap("hs")
class ChooseCountry(Tap):
    country: str


# Terms


@tap("to")
class OpenTerm(Tap):
    term: Term


@tap("tc")
class ChooseTerm(Tap):
    """`value` is a number that bot.term_values reads."""

    term: Term
    value: int


@tap("tz")
class ChooseTeachingZone(Tap):
    timezone: str


# The link


@tap("sc")
class OpenCard(Tap):
    """A message to be forwarded."""


@tap("sn")
class AskForNewLink(Tap):
    pass


@tap("sy")
class MakeNewLink(Tap):
    pass


# Who may teach


@tap("oa")
class ApproveTutor(Tap):
    person_id: int


@tap("or")
class RefuseTutor(Tap):
    person_id: int


# A lesson's life


@tap("lp")
class OpenPast(Tap):
    page: int


@tap("lh")
class OpenHistory(Tap):
    booking_id: int


@tap("lx")
class SayHeld(Tap):
    booking_id: int


@tap("ln")
class SayMissed(Tap):
    """The student has not come."""

    booking_id: int


@tap("lu")
class UndoOutcome(Tap):
    booking_id: int


@tap("lw")
class WaiveCharge(Tap):
    booking_id: int


@tap("lk")
class EditNote(Tap):
    booking_id: int


@tap("lz")
class RemoveNote(Tap):
    booking_id: int


# Moving a lesson


@tap("mo")
class OpenMove(Tap):
    """The month of the next time to which the lesson could be moved."""

    booking_id: int


@tap("mm")
class OpenMoveMonth(Tap):
    booking_id: int
    month: date


@tap("md")
class OpenMoveDay(Tap):
    booking_id: int
    on: date


@tap("mp")
class PickMove(Tap):
    booking_id: int
    starts_at: datetime


@tap("ms")
class MoveSurely(Tap):
    booking_id: int
    starts_at: datetime


@tap("mk")
class AcceptMove(Tap):
    booking_id: int


@tap("mr")
class RefuseMove(Tap):
    booking_id: int


@tap("mx")
class RefuseMoveSurely(Tap):
    booking_id: int


# Lessons written down by hand


@tap("yo")
class OpenWriteDown(Tap):
    page: int


@tap("yp")
class OpenWriteDownMonth(Tap):
    student_id: int
    month: date


@tap("ys")
class PickStudent(Tap):
    student_id: int


@tap("yd")
class OpenWriteDownDay(Tap):
    student_id: int
    on: date


@tap("yt")
class PickWriteDownTime(Tap):
    student_id: int
    starts_at: datetime


@tap("yy")
class WriteDownSurely(Tap):
    student_id: int
    starts_at: datetime


# Times


@tap("ot")
class OpenTimes(Tap):
    """A day that is past leads to today."""

    on: date


@tap("om")
class PickTimesDay(Tap):
    month: date


@tap("of")
class BlockFreeTime(Tap):
    """A time that is shown: of two equal clock times the one that is meant."""

    on: date
    starts_at: datetime
    ends_at: datetime


@tap("ob")
class BlockTime(Tap):
    on: date
    opens: time
    closes: time


@tap("ou")
class UnblockTime(Tap):
    on: date
    slot_id: int


@tap("oc")
class CloseOpenedTime(Tap):
    on: date
    slot_id: int


@tap("ps")
class PickSpanOpens(Tap):
    """`block` hours, or open a time."""

    on: date
    block: bool
    at_half: bool


@tap("pu")
class PickSpanCloses(Tap):
    on: date
    block: bool
    opens: time
    at_half: bool


@tap("po")
class OpenTime(Tap):
    on: date
    opens: time
    closes: time


# Students and packages


@tap("vl")
class OpenStudents(Tap):
    page: int


@tap("vs")
class OpenStudent(Tap):
    student_id: int


@tap("kl")
class PickPackageSize(Tap):
    student_id: int


@tap("kp")
class PickPackagePrice(Tap):
    student_id: int
    lessons: int


@tap("ku")
class PickPackageSubject(Tap):
    """`price` is an amount with its currency, as screens.packages packs them."""

    student_id: int
    lessons: int
    price: int


@tap("kc")
class ConfirmPackage(Tap):
    """`subject` is the mark of one of the tutor's subjects, 0 for any."""

    student_id: int
    lessons: int
    price: int
    subject: int


@tap("kg")
class GrantPackage(Tap):
    """`after` is the last package the student had when this was offered."""

    student_id: int
    lessons: int
    price: int
    subject: int
    after: int
