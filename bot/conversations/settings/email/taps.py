"""Reminders and changes by e-mail."""

from bot.talk.taps import Tap, tap


@tap("io")
class OpenEmail(Tap):
    pass


@tap("ix")
class StopEmail(Tap):
    pass
