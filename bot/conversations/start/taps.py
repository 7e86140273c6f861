"""Coming in."""

from bot.talk.taps import Tap, tap
from core.enums import Language


@tap("rl")
class ChooseRole(Tap):
    teaches: bool


@tap("gl")
class GreetIn(Tap):
    """The language, while still being greeted."""

    language: Language
