"""How a person wants to be spoken to."""

from bot.talk.taps import Tap, tap
from core.enums import Language


@tap("st")
class OpenSettings(Tap):
    pass


@tap("sa")
class OpenLanguages(Tap):
    pass


@tap("sl")
class ChooseLanguage(Tap):
    language: Language
