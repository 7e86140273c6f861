"""Language and time zone."""

from bot.screen import Button, Screen
from bot.screens.home import home_button
from bot.taps import ChooseLanguage, ChooseRole, EditZone
from bot.voice import Voice, lines
from core.enums import Language

LANGUAGES = {Language.UKRAINIAN: "🇺🇦 Українська", Language.ENGLISH: "🇬🇧 English"}


def settings(voice: Voice, *, is_tutor: bool, toast: str | None = None) -> Screen:
    text = lines(
        voice.say("⚙️ <b>Settings</b>"),
        lines(
            voice.say("Language: {language}", language=LANGUAGES[Language(voice.language)]),
            voice.say("Time zone: {city}", city=voice.city()),
        ),
        between="\n\n",
    )
    other = next(code for code in LANGUAGES if code != voice.language)
    rows = (
        (Button(LANGUAGES[other], ChooseLanguage(other)), Button(voice.label("🕰 Time zone"), EditZone())),
        () if is_tutor else (Button(voice.label("🎓 I teach, too"), ChooseRole(True)),),
        (home_button(voice),),
    )
    return Screen(text, tuple(row for row in rows if row), toast)
