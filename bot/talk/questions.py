"""What the bot can be waiting for; the name stands in the person's Talk row."""

from datetime import datetime, timedelta
from enum import StrEnum


class Question(StrEnum):
    ZONE = "zone"
    NAME = "name"
    WEEK = "week"
    WEEKDAY = "weekday"
    WHY_DECLINE = "why_decline"
    WHY_CANCEL = "why_cancel"
    MOVE_TO = "move_to"
    NOTE = "note"
    FIND_TUTOR = "find_tutor"
    FREE_WHEN = "free_when"
    STUDENT_NAME = "student_name"
    WRITE_DOWN_AT = "write_down_at"
    TERM = "term"
    EXCEPTION_HOURS = "exception_hours"
    EXCEPTION_WORDS = "exception_words"
    COUNTRY = "country"
    SPAN = "span"
    PACKAGE_SIZE = "package_size"
    PACKAGE_PRICE = "package_price"
    REMINDER = "reminder"
    FEED = "feed"
    EMAIL = "email"
    EMAIL_CODE = "email_code"
    BOOKING_NOTE = "booking_note"


# Any words are an answer to these, and it takes a lesson away: what is said much later was meant for something else
DESTROYING = frozenset({Question.WHY_DECLINE, Question.WHY_CANCEL})
LAPSES_AFTER = timedelta(hours=1)


def has_lapsed(question: str | None, asked_at: datetime | None, *, now: datetime) -> bool:
    return question in DESTROYING and asked_at is not None and now - asked_at >= LAPSES_AFTER
