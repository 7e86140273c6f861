"""A tutor's settings: the topics, the settings of one topic, and a single setting."""

from collections.abc import Sequence

from bot.conversations.settings import setting_words
from bot.conversations.settings.screens import personal, personal_rows
from bot.conversations.settings.setting_words import WORDS, of_topic
from bot.conversations.settings.taps import OpenSettings
from bot.conversations.settings.topics import NAMES, setting_lines, topic_title
from bot.conversations.settings.tutor.taps import ChooseSetting, ChooseTeachingZone, OpenSetting, OpenTopic, TeachIn
from bot.talk.screen import Button, Row, Screen, home_button, rows_of
from bot.talk.taps import Topic
from bot.words.places import places
from bot.words.typed import setting_values
from bot.words.voice import Html, Voice, lines
from core.enums import Setting
from core.hours.tutor_settings import Changed
from core.people.people import Actor
from core.pure.setting_table import TutorSettingsCard, row_of


def topic(voice: Voice, card: TutorSettingsCard, actor: Actor, topic: Topic) -> Screen:
    """The settings of one topic with their values, a button for each."""
    is_personal = topic is Topic.PERSONAL
    said = lines(personal(voice, actor) if is_personal else None, *setting_lines(voice, card, of_topic(topic)))
    buttons = [Button(voice.label(WORDS[one].title), OpenSetting(one)) for one in of_topic(topic)]
    rows = (*(personal_rows(voice) if is_personal else ()), *rows_of(buttons, width=2))
    back = Button(voice.label("‹ Settings"), OpenSettings()), home_button(voice)
    return Screen(lines(topic_title(voice, topic), said, between="\n\n"), (*rows, back))


def setting(
    voice: Voice,
    card: TutorSettingsCard,
    setting: Setting,
    *,
    changed: Changed | None = None,
    refusal: str | None = None,
) -> Screen:
    """One setting with its choices; after a change also its effect, or why it was refused."""
    if setting is Setting.ZONE:
        return zone(voice, card, places.common(voice.language), changed=changed)
    hint = voice.say(WORDS[setting].hint) if WORDS[setting].hint else None
    text = lines(
        refusal,
        _title(voice, card, setting),
        _effect(voice, setting, changed) if changed else None,
        lines(voice.say(WORDS[setting].explanation), hint),
        between="\n\n",
    )
    choices = _choices(voice, card, setting)
    width = 3 if max((len(button.label) for button in choices), default=0) <= 14 else 1
    return Screen(
        text, (*rows_of(choices, width=width), _ways_back(voice, setting)), _saved(voice) if changed else None
    )


def zone(
    voice: Voice, card: TutorSettingsCard, offered: Sequence[places.Place], *, changed: Changed | None = None
) -> Screen:
    text = lines(
        _title(voice, card, Setting.ZONE),
        _effect(voice, Setting.ZONE, changed) if changed else None,
        voice.say(WORDS[Setting.ZONE].explanation),
        between="\n\n",
    )
    return Screen(text, _places(voice, offered), _saved(voice) if changed else None)


def zone_unknown(voice: Voice, typed: str) -> Screen:
    text = voice.say(
        "I don't know a place called “{typed}”. Try the nearest large city, in Ukrainian or English.", typed=typed[:60]
    )
    return Screen(text, _places(voice, places.common(voice.language)))


def _title(voice: Voice, card: TutorSettingsCard, setting: Setting) -> Html:
    value = setting_words.value(voice, card, setting)
    return voice.say("<b>{title}:</b> {value}", title=voice.label(WORDS[setting].title), value=value)


def _effect(voice: Voice, setting: Setting, changed: Changed) -> Html:
    if changed.before != changed.after:
        return voice.say(
            "✅ Saved. Times offered in the next 7 days: {before} → <b>{after}</b>.",
            before=changed.before,
            after=changed.after,
        )
    if row_of(setting).rule:
        return voice.say("✅ Saved. Times offered in the next 7 days: {n}, as before.", n=changed.after)
    return voice.say("✅ Saved.")


def _saved(voice: Voice) -> str:
    return voice.label("Saved")


def _choices(voice: Voice, card: TutorSettingsCard, setting: Setting) -> list[Button]:
    if setting is Setting.LANGUAGES:
        return _languages(voice, card)
    now = setting_values.number(card, setting)
    if WORDS[setting].clear:
        return [] if now == 0 else [Button(voice.label(WORDS[setting].clear), ChooseSetting(setting, 0))]
    return [
        Button(_marked(setting_words.choice(voice, setting, each), each == now), ChooseSetting(setting, each))
        for each in WORDS[setting].choices
    ]


def _languages(voice: Voice, card: TutorSettingsCard) -> list[Button]:
    """Common languages and those of the tutor; a tap switches each on or off."""
    return [
        Button(_marked(voice.languages([code]), code in card.languages), TeachIn(code, code not in card.languages))
        for code in dict.fromkeys((*setting_values.LANGUAGES, *card.languages))
    ]


def _marked(label: str, is_chosen: bool) -> str:
    return f"● {label}" if is_chosen else label


def _places(voice: Voice, offered: Sequence[places.Place]) -> tuple[Row, ...]:
    buttons = [
        Button(f"{place.name}, {place.country}".rstrip(", "), ChooseTeachingZone(place.timezone)) for place in offered
    ]
    return (*rows_of(buttons, width=2), _ways_back(voice, Setting.ZONE))


def _ways_back(voice: Voice, setting: Setting) -> Row:
    topic = WORDS[setting].topic
    return Button(f"‹ {voice.label(NAMES[topic])}", OpenTopic(topic)), home_button(voice)
