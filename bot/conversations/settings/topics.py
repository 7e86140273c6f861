"""A tutor's settings: the topics, each with the settings looked up most."""

from collections.abc import Sequence

from bot.conversations.feeds.taps import OpenFeeds
from bot.conversations.settings import setting_words
from bot.conversations.settings.screens import personal
from bot.conversations.settings.setting_words import WORDS, of_topic
from bot.conversations.settings.tutor.taps import OpenTopic
from bot.talk.screen import Button, Screen, home_button, rows_of
from bot.talk.taps import Topic
from bot.words.voice import N_, Html, Voice, lines
from core.enums import Setting
from core.people.people import Actor
from core.pure.setting_table import TutorSettingsCard

SHORT = 90
MARKS = {
    Topic.LESSONS: "📚",
    Topic.BOOKING: "📝",
    Topic.MONEY: "💳",
    Topic.ABOUT: "👤",
    Topic.PERSONAL: "🙋",
}
NAMES = {
    Topic.LESSONS: N_("Lessons"),
    Topic.BOOKING: N_("Booking"),
    Topic.MONEY: N_("Price, cancelling"),
    Topic.ABOUT: N_("Profile"),
    Topic.PERSONAL: N_("Personal"),
}


def topics(voice: Voice, card: TutorSettingsCard, actor: Actor) -> Screen:
    """The topics, each with the settings looked up most."""
    glance = [
        lines(
            topic_title(voice, topic),
            *setting_lines(voice, card, [one for one in of_topic(topic) if WORDS[one].at_glance]),
        )
        for topic in Topic
        if topic is not Topic.PERSONAL
    ]
    own = lines(topic_title(voice, Topic.PERSONAL), personal(voice, actor))
    text = lines(voice.say("⚙️ <b>Settings</b>"), *glance, own, between="\n\n")
    buttons = [Button(f"{MARKS[topic]} {voice.label(NAMES[topic])}", OpenTopic(topic)) for topic in Topic]
    return Screen(
        text,
        (*rows_of(buttons, width=2), (Button(voice.label("📥 Other calendars"), OpenFeeds()),), (home_button(voice),)),
    )


def topic_title(voice: Voice, topic: Topic) -> Html:
    return voice.say("{mark} <b>{name}</b>", mark=MARKS[topic], name=voice.label(NAMES[topic]))


def setting_lines(voice: Voice, card: TutorSettingsCard, shown: Sequence[Setting]) -> list[Html]:
    return [
        voice.say(
            "{title}: {value}",
            title=voice.label(WORDS[setting].title),
            value=_short(setting_words.value(voice, card, setting)),
        )
        for setting in shown
    ]


def _short(value: str) -> str:
    line = " ".join(value.splitlines())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"
