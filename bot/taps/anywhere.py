"""What works anywhere."""

from bot.taps import Tap, tap


@tap("-")
class Nothing(Tap):
    """A label among buttons: it answers and does nothing."""


@tap("h")
class Home(Tap):
    pass
