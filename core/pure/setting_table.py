"""
A tutor's booking settings: one row for each column, with its limits and its default.

Two settings have a second column: the price its currency, the trial lesson its length.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

import pytz

from core.enums import CancellationPolicy, Setting
from core.pure import video_rooms

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING = timedelta(0)
SHORTEST_LESSON, LONGEST_LESSON = 10 * MINUTE, 8 * HOUR
LONGEST_BUFFER = 4 * HOUR
LARGEST_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Length:
    """Whole minutes; `unit` is what a typed number without a unit counts."""

    shortest: timedelta
    longest: timedelta
    unit: timedelta = MINUTE
    or_none: bool = False

    def allows(self, value: object) -> bool:
        if value is None:
            return self.or_none
        return isinstance(value, timedelta) and self.shortest <= value <= self.longest and not value % MINUTE


@dataclass(frozen=True, slots=True)
class Days:
    most: int

    def allows(self, value: object) -> bool:
        return isinstance(value, int) and 1 <= value <= self.most


@dataclass(frozen=True, slots=True)
class Limit:
    """A count; None is no limit."""

    most: int

    def allows(self, value: object) -> bool:
        return value is None or (isinstance(value, int) and 1 <= value <= self.most)


@dataclass(frozen=True, slots=True)
class Flag:
    def allows(self, value: object) -> bool:
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[StrEnum, ...]

    def allows(self, value: object) -> bool:
        return value in self.options


@dataclass(frozen=True, slots=True)
class Price:
    """An amount with two places; None is no price."""

    largest: Decimal

    def allows(self, value: object) -> bool:
        if not isinstance(value, Decimal):
            return value is None
        return value.is_finite() and 0 <= value <= self.largest and value * 100 % 1 == 0


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 code."""

    def allows(self, value: object) -> bool:
        return isinstance(value, str) and re.fullmatch("[A-Z]{3}", value) is not None


@dataclass(frozen=True, slots=True)
class Names:
    most: int
    longest: int

    def allows(self, value: object) -> bool:
        return _is_list(value, self.most, lambda name: 0 < len(name.strip()) <= self.longest)


@dataclass(frozen=True, slots=True)
class Languages:
    """ISO 639 codes."""

    most: int

    def allows(self, value: object) -> bool:
        return _is_list(value, self.most, lambda code: re.fullmatch("[a-z]{2,3}", code) is not None)


@dataclass(frozen=True, slots=True)
class Text:
    """None is no text."""

    longest: int

    def allows(self, value: object) -> bool:
        return value is None or (isinstance(value, str) and 0 < len(value.strip()) <= self.longest)


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a video room; None is a room for each lesson."""

    def allows(self, value: object) -> bool:
        return value is None or (isinstance(value, str) and video_rooms.is_address(value))


@dataclass(frozen=True, slots=True)
class Zone:
    """An IANA name."""

    def allows(self, value: object) -> bool:
        return value in pytz.all_timezones_set


Kind = Length | Days | Limit | Flag | Choice | Price | Currency | Names | Languages | Text | Link | Zone


@dataclass(frozen=True, slots=True)
class Row:
    """`rule` is the field of planning.Rules that the column fills: changing it can change which times are offered."""

    setting: Setting
    kind: Kind
    default: Any
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class TutorSettingsCard:
    """The columns of TutorSettings that a tutor can change. `slot_step` None: the step is the lesson's length."""

    timezone: Annotated[str, Row(Setting.ZONE, Zone(), "Europe/Kyiv", rule="timezone")]
    default_lesson_duration: Annotated[
        timedelta, Row(Setting.LENGTH, Length(SHORTEST_LESSON, LONGEST_LESSON), HOUR, rule="length")
    ]
    slot_step: Annotated[
        timedelta | None, Row(Setting.STEP, Length(5 * MINUTE, LONGEST_LESSON, or_none=True), None, rule="step")
    ]
    buffer_before: Annotated[
        timedelta, Row(Setting.BUFFER_BEFORE, Length(NOTHING, LONGEST_BUFFER), NOTHING, rule="buffer_before")
    ]
    buffer_after: Annotated[
        timedelta, Row(Setting.BUFFER_AFTER, Length(NOTHING, LONGEST_BUFFER), NOTHING, rule="buffer_after")
    ]
    min_gap: Annotated[timedelta, Row(Setting.GAP, Length(NOTHING, LONGEST_BUFFER), NOTHING, rule="min_gap")]
    min_booking_notice: Annotated[
        timedelta, Row(Setting.NOTICE, Length(NOTHING, 30 * DAY, unit=HOUR), 2 * HOUR, rule="min_notice")
    ]
    max_booking_advance: Annotated[int, Row(Setting.ADVANCE, Days(365), 30, rule="max_advance")]
    auto_accept: Annotated[bool, Row(Setting.AUTO_ACCEPT, Flag(), default=False)]
    cancellation_policy: Annotated[
        CancellationPolicy, Row(Setting.POLICY, Choice(tuple(CancellationPolicy)), CancellationPolicy.MODERATE)
    ]
    trial_lesson_duration: Annotated[
        timedelta, Row(Setting.TRIAL, Length(SHORTEST_LESSON, LONGEST_LESSON), 30 * MINUTE)
    ]
    trial_lesson_enabled: Annotated[bool, Row(Setting.TRIAL, Flag(), default=False)]
    price: Annotated[Decimal | None, Row(Setting.PRICE, Price(Decimal(10_000_000)), None)]
    currency: Annotated[str, Row(Setting.PRICE, Currency(), "UAH")]
    accepts_new_students: Annotated[bool, Row(Setting.NEW_STUDENTS, Flag(), default=True)]
    is_listed: Annotated[bool, Row(Setting.LISTED, Flag(), default=True)]
    subjects: Annotated[Sequence[str], Row(Setting.SUBJECTS, Names(most=10, longest=40), [])]
    languages: Annotated[Sequence[str], Row(Setting.LANGUAGES, Languages(most=10), [])]
    about: Annotated[str | None, Row(Setting.ABOUT, Text(longest=500), None)]
    room_url: Annotated[str | None, Row(Setting.ROOM, Link(), None)]
    max_lessons_per_day: Annotated[int | None, Row(Setting.PER_DAY, Limit(LARGEST_LIMIT), None, rule="max_per_day")]
    max_lessons_per_week: Annotated[int | None, Row(Setting.PER_WEEK, Limit(LARGEST_LIMIT), None, rule="max_per_week")]
    max_lessons_per_student: Annotated[int | None, Row(Setting.PER_STUDENT, Limit(LARGEST_LIMIT), None)]


ROWS: dict[str, Row] = {
    column: hint.__metadata__[0] for column, hint in get_type_hints(TutorSettingsCard, include_extras=True).items()
}
DEFAULTS: dict[str, Any] = {name: row.default for name, row in ROWS.items()}
RULES: tuple[tuple[str, str], ...] = tuple((row.rule, name) for name, row in ROWS.items() if row.rule)
# For a setting with two columns, the first one
COLUMNS: dict[Setting, str] = {row.setting: name for name, row in reversed(ROWS.items())}


def row_of(setting: Setting) -> Row:
    return ROWS[COLUMNS[setting]]


def _is_list(value: object, most: int, allows: Callable[[str], bool]) -> bool:
    return isinstance(value, list | tuple) and len(value) <= most and all(map(allows, value))
