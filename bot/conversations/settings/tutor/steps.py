"""
A tutor changes the booking settings.

    [a topic]                 ->  its settings with their values
    [a setting]               ->  its value and its choices
    [a choice]                ->  stored; shows the effect on the coming week
      a value typed: the same; one that can't be read or isn't possible: the setting again, with the reason
    [Time zone of my hours]   ->  cities; if several have the typed name, all of them are offered
"""

from telegram import Update

from bot.conversations.settings.tutor import screens
from bot.conversations.settings.tutor.questions import NewValue
from bot.conversations.settings.tutor.taps import ChooseSetting, ChooseTeachingZone, OpenSetting, OpenTopic, TeachIn
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words import refusals
from bot.words.places import places
from bot.words.typed import setting_values
from core.enums import Setting
from core.errors import BadSetting
from core.hours import tutor_settings
from core.pure.setting_table import Choice, Flag, row_of
from core.work import Work


async def open_topic(_: Update, context: Context) -> None:
    async with context.read() as work:
        card = await tutor_settings.card(work, tutor_id=context.actor.id)
    await context.show(screens.topic(context.voice, card, context.actor, context.tap(OpenTopic).topic))


async def open_setting(_: Update, context: Context) -> None:
    setting = context.tap(OpenSetting).setting
    async with context.begin() as work:
        card = await tutor_settings.card(work, tutor_id=context.actor.id)
        await listen(context, work, setting)
    await context.show(screens.setting(context.voice, card, setting))


async def choose(_: Update, context: Context) -> None:
    tap = context.tap(ChooseSetting)
    await change(context, tap.setting, **setting_values.chosen(tap.setting, tap.value))


async def teach_in(_: Update, context: Context) -> None:
    tap = context.tap(TeachIn)
    async with context.read() as work:
        before = (await tutor_settings.card(work, tutor_id=context.actor.id)).languages
    others = [language for language in before if language != tap.language]
    wanted = list(dict.fromkeys([*before, tap.language])) if tap.is_taught else others
    await change(context, Setting.LANGUAGES, languages=wanted)


async def choose_zone(_: Update, context: Context) -> None:
    await change(context, Setting.ZONE, timezone=context.tap(ChooseTeachingZone).timezone)


async def hear_value(_: Update, context: Context) -> None:
    setting = context.asked(NewValue).term
    if setting is Setting.ZONE:
        await hear_place(context)
    else:
        await hear_typed(context, setting)


async def hear_typed(context: Context, setting: Setting) -> None:
    try:
        await change(context, setting, **setting_values.typed(setting, context.words))
    except BadSetting as refusal:
        async with context.read() as work:
            card = await tutor_settings.card(work, tutor_id=context.actor.id)
        said = refusals.words(context.voice, refusal)
        await context.show(screens.setting(context.voice, card, setting, refusal=said))


async def hear_place(context: Context) -> None:
    async with context.read() as work:
        card = await tutor_settings.card(work, tutor_id=context.actor.id)
    found = await places.find_async(context.words, context.voice.language, now=work.now)
    zones = {place.timezone for place in found}
    if len(zones) == 1:
        await change(context, Setting.ZONE, timezone=zones.pop())
    elif found:
        await context.show(screens.zone(context.voice, card, found))
    else:
        await context.show(screens.zone_unknown(context.voice, context.words))


async def change(context: Context, setting: Setting, **changed: object) -> None:
    """Keep the question open: the next typed words change the same setting."""
    async with context.begin() as work:
        done = await tutor_settings.change(work, tutor_id=context.actor.id, **changed)
        await listen(context, work, setting)
    await context.show(screens.setting(context.voice, done.card, setting, changed=done))


async def listen(context: Context, work: Work, setting: Setting) -> None:
    if not isinstance(row_of(setting).kind, Flag | Choice):
        await context.ask(work, NewValue(setting))


CONVERSATION = Conversation(
    taps={
        OpenTopic: open_topic,
        OpenSetting: open_setting,
        ChooseSetting: choose,
        TeachIn: teach_in,
        ChooseTeachingZone: choose_zone,
    },
    words={NewValue: hear_value},
)
