"""The settings of a person, and their language."""

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
