"""Language and time zone."""

from bot.screen import Button, Row, Screen
from bot.screens.home import home_button
from bot.taps.settings import ChooseLanguage
from bot.taps.start import ChooseRole
from bot.taps.zone import EditZone
from bot.voice import Html, Voice, lines
from core.enums import Language

LANGUAGES = {Language.UKRAINIAN: "🇺🇦 Українська", Language.ENGLISH: "🇬🇧 English"}


def settings(voice: Voice) -> Screen:
    """What everybody has; a tutor's are in bot.screens.terms."""
    text = lines(voice.say("⚙️ <b>Settings</b>"), personal(voice), between="\n\n")
    teach = (Button(voice.label("🎓 I teach, too"), ChooseRole(True)),)
    return Screen(text, (personal_row(voice), teach, (home_button(voice),)))


def personal(voice: Voice) -> Html:
    return lines(
        voice.say("Language: {language}", language=LANGUAGES[Language(voice.language)]),
        voice.say("Time zone: {city}", city=voice.city()),
    )


def personal_row(voice: Voice) -> Row:
    other = next(code for code in LANGUAGES if code != voice.language)
    return Button(LANGUAGES[other], ChooseLanguage(other)), Button(voice.label("🕰 Time zone"), EditZone())
