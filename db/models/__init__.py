"""One table a file."""

from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.busy_time import BusyTime
from db.models.date_exception import DateException
from db.models.external_calendar import ExternalCalendar
from db.models.job_run import JobRun
from db.models.lesson_message import LessonMessage
from db.models.lesson_package import LessonPackage
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from db.models.slot_hold import SlotHold
from db.models.talk import Talk
from db.models.time_slot import TimeSlot
from db.models.tutor_application import TutorApplication
from db.models.tutor_availability import TutorAvailability
from db.models.tutor_settings import TutorSettings
from db.models.tutor_student import TutorStudent

__all__ = [
    "Booking",
    "BookingHistory",
    "BusyTime",
    "DateException",
    "ExternalCalendar",
    "JobRun",
    "LessonMessage",
    "LessonPackage",
    "Notification",
    "Person",
    "Reminder",
    "SlotHold",
    "Talk",
    "TimeSlot",
    "TutorApplication",
    "TutorAvailability",
    "TutorSettings",
    "TutorStudent",
]
