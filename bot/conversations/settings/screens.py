"""The settings that everybody has: language, time zone and name. A tutor's booking settings are in settings/tutor."""

from bot.conversations.privacy.taps import OpenPrivacy
from bot.conversations.settings.name.taps import EditName
from bot.conversations.settings.reminders.taps import OpenReminders
from bot.conversations.settings.taps import ChooseLanguage, OpenLanguages, OpenSettings
from bot.conversations.settings.tutor.taps import OpenTopic
from bot.conversations.settings.zone.taps import EditZone
from bot.conversations.start.taps import ChooseRole
from bot.talk.screen import Button, Row, Screen, home_button
from bot.talk.taps import Topic
from bot.words.voice import Html, Voice, lines
from core.enums import Language
from core.people.people import Actor

LANGUAGES = {Language.UKRAINIAN: "🇺🇦 Українська", Language.ENGLISH: "🇬🇧 English"}


def settings(voice: Voice, actor: Actor) -> Screen:
    """The settings of a person who only learns."""
    text = lines(voice.say("⚙️ <b>Settings</b>"), personal(voice, actor), between="\n\n")
    teach = (Button(voice.label("🎓 I teach, too"), ChooseRole(True)),)
    return Screen(text, (*personal_rows(voice), teach, (home_button(voice),)))


def personal(voice: Voice, actor: Actor) -> Html:
    return lines(
        voice.say("Language: {language}", language=LANGUAGES[Language(voice.language)]),
        voice.say("Time zone: {city}", city=voice.city()),
        voice.say("Name: {name}", name=actor.name),
    )


def personal_button(voice: Voice, *, is_tutor: bool) -> Button:
    """Back to the screen with the personal settings: for tutors that is a topic of their own."""
    return Button(voice.label("‹ Settings"), OpenTopic(Topic.PERSONAL) if is_tutor else OpenSettings())


def personal_rows(voice: Voice) -> tuple[Row, ...]:
    return (
        (Button(voice.label("🌐 Language"), OpenLanguages()), Button(voice.label("🕰 Time zone"), EditZone())),
        (Button(voice.label("✏️ Name"), EditName()), Button(voice.label("🔔 Reminders"), OpenReminders())),
        (Button(voice.label("🔒 Privacy"), OpenPrivacy()),),
    )


def languages(voice: Voice) -> Screen:
    """Each language in its own words, so that everybody can read one of them."""
    text = voice.say("🌐 <b>Language</b>\n\nWhich one shall I speak?")
    rows = tuple(
        (Button(f"● {label}" if language == voice.language else label, ChooseLanguage(language)),)
        for language, label in LANGUAGES.items()
    )
    return Screen(text, (*rows, (Button(voice.label("‹ Settings"), OpenSettings()),)))
