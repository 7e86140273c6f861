"""Lessons as iCalendar files (RFC 5545). Pure: no database, no clock; the bot supplies the texts."""

from core.calendars.ical.writing import Told, calendar_file, lesson_file

__all__ = ["Told", "calendar_file", "lesson_file"]
