"""Lessons as calendars read them (RFC 5545). Pure: no database, no clock, and the words come from the bot."""

from core.ical.lesson_file import lesson_file

__all__ = ["lesson_file"]
