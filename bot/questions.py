"""What the bot can be waiting for; the name stands in the person's Talk row."""

from enum import StrEnum


class Question(StrEnum):
    ZONE = "zone"
    WEEK = "week"
    WEEKDAY = "weekday"
    WHY_DECLINE = "why_decline"
    WHY_CANCEL = "why_cancel"
