"""The first screens of a new person."""

from bot.talk.taps import Tap, tap
from core.enums import Language


@tap("rl")
class ChooseRole(Tap):
    teaches: bool


@tap("gl")
class GreetIn(Tap):
    """Another language on the greeting."""

    language: Language
