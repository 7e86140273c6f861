"""The first steps of a new person."""

from bot.talk.taps import Tap, tap
from core.enums import Language


@tap("rl")
class ChooseRole(Tap):
    teaches: bool


@tap("gl")
class GreetIn(Tap):
    """Change the language of the welcome screen."""

    language: Language
