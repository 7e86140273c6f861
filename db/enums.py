"""The closed sets of values that are stored; the tables say what they mean."""

from enum import StrEnum


class Language(StrEnum):
    UKRAINIAN = "uk"
    ENGLISH = "en"


class CancellationPolicy(StrEnum):
    FLEXIBLE = "flexible"
    MODERATE = "moderate"
    STRICT = "strict"


class LessonType(StrEnum):
    TRIAL = "trial"
    REGULAR = "regular"
    PACKAGE = "package"


class BookingStatus(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    CANCELLED_STUDENT = "cancelled_student"
    CANCELLED_TUTOR = "cancelled_tutor"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    RESCHEDULED = "rescheduled"
    EXPIRED = "expired"


class BookingAction(StrEnum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    MOVED = "moved"
    MOVE_ASKED = "move_asked"
    MOVE_DECLINED = "move_declined"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    UNDONE = "undone"
    CHARGE_WAIVED = "charge_waived"
    NOTED = "noted"
    WRITTEN_DOWN = "written_down"
    ATTENDING = "attending"


class SlotStatus(StrEnum):
    AVAILABLE = "available"
    BOOKED = "booked"
    BLOCKED = "blocked"
    PAST = "past"


class ExceptionType(StrEnum):
    DAY_OFF = "day_off"
    HOLIDAY = "holiday"
    VACATION = "vacation"
    SICK_LEAVE = "sick_leave"
    OTHER = "other"


class ChannelKind(StrEnum):
    """The channel by which a message reaches a person; `push` is the chat. core.people.channels has a row for each."""

    EMAIL = "email"
    PUSH = "push"
    SMS = "sms"


class Job(StrEnum):
    """A background job."""

    DELIVER = "deliver"
    MAIL = "mail"
    EXPIRE = "expire requests"
    SETTLE = "settle lessons"
    CLEAN = "clean"
    FEEDS = "read calendars"
    ALARM = "alarm"


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Event(StrEnum):
    BOOKING_CREATED = "booking.created"
    BOOKING_CONFIRMED = "booking.confirmed"
    BOOKING_DECLINED = "booking.declined"
    BOOKING_CANCELLED = "booking.cancelled"
    BOOKING_EXPIRED = "booking.expired"
    BOOKING_RESCHEDULED = "booking.rescheduled"
    BOOKING_NO_SHOW = "booking.no_show"
    BOOKING_CHANGED = "booking.changed"
    CHARGE_WAIVED = "charge.waived"
    MOVE_ASKED = "move.asked"
    MOVE_DECLINED = "move.declined"
    MOVE_WANTED = "move.wanted"
    TUTOR_ASKED = "tutor.asked"
    TUTOR_APPROVED = "tutor.approved"
    TUTOR_REFUSED = "tutor.refused"
    PACKAGE_GRANTED = "package.granted"
    PERSON_UNREACHABLE = "person.unreachable"
    BOOKING_NUDGE = "booking.nudge"
    OPERATOR_ALARM = "operator.alarm"
    FEED_CONFLICT = "feed.conflict"
    FEED_FAILED = "feed.failed"
    EMAIL_CODE = "email.code"
    EMAIL_FAILED = "email.failed"
