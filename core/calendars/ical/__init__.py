"""Lessons as calendars read them (RFC 5545). Pure: no database, no clock, and the words come from the bot."""

from core.calendars.ical.writing import Told, calendar_file, lesson_file

__all__ = ["Told", "calendar_file", "lesson_file"]
