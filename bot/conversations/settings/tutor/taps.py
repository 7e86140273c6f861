"""A tutor's booking settings."""

from bot.talk.taps import Tap, Topic, tap
from core.enums import Setting


@tap("tt")
class OpenTopic(Tap):
    topic: Topic


@tap("to")
class OpenSetting(Tap):
    setting: Setting


@tap("tc")
class ChooseSetting(Tap):
    """`value` is a number that bot.words.typed.setting_values reads."""

    setting: Setting
    value: int


@tap("tl")
class TeachIn(Tap):
    """Add a language (by its code) to those the tutor teaches in, or remove it."""

    language: str
    is_taught: bool


@tap("tz")
class ChooseTeachingZone(Tap):
    timezone: str
