"""A person's calendar, and a tutor's month in figures."""

from datetime import date

from bot.talk.taps import Tap, tap


@tap("cm")
class OpenMonth(Tap):
    month: date


@tap("cw")
class OpenCalendarWeek(Tap):
    on: date


@tap("cd")
class OpenCalendarDay(Tap):
    on: date


@tap("ct")
class OpenToday(Tap):
    """The month that is now."""


@tap("cp")
class ShowWeekPicture(Tap):
    on: date


@tap("cs")
class OpenStatement(Tap):
    month: date
