"""The closed sets of the trade, as bot may see them."""

from db.enums import (
    BookingAction,
    BookingStatus,
    CancellationPolicy,
    DeliveryStatus,
    Event,
    ExceptionType,
    Language,
    LessonType,
    ReminderType,
    SlotStatus,
)

__all__ = [
    "BookingAction",
    "BookingStatus",
    "CancellationPolicy",
    "DeliveryStatus",
    "Event",
    "ExceptionType",
    "Language",
    "LessonType",
    "ReminderType",
    "SlotStatus",
]
