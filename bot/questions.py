"""What the bot can be waiting for; the name stands in the person's Talk row."""

from enum import StrEnum


class Question(StrEnum):
    ZONE = "zone"
    WEEK = "week"
    WEEKDAY = "weekday"
    WHY_DECLINE = "why_decline"
    WHY_CANCEL = "why_cancel"
    MOVE_TO = "move_to"
    NOTE = "note"
    STUDENT_NAME = "student_name"
    WRITE_DOWN_AT = "write_down_at"
    TERM = "term"
    EXCEPTION_HOURS = "exception_hours"
    EXCEPTION_WORDS = "exception_words"
    COUNTRY = "country"
    SPAN = "span"
    PACKAGE_SIZE = "package_size"
    PACKAGE_PRICE = "package_price"
