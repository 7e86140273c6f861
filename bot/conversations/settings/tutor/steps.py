"""
A tutor decides how to be booked.

    [a topic]                 ->  its settings with what they are now
    [a setting]               ->  what it is now, its choices
    [a choice]                ->  chosen, with what that does to the coming week
      a value typed: the same; one that can't be read or isn't possible: the setting again, with a word why
    [Time zone of my hours]   ->  cities; one typed, several of that name are offered
"""

from typing import Unpack

from telegram import Update

from bot.conversations.settings.tutor import screens
from bot.conversations.settings.tutor.questions import NewValue
from bot.conversations.settings.tutor.taps import ChooseTeachingZone, ChooseTerm, OpenTerm, OpenTopic, TeachIn
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words import refusals
from bot.words.places import places
from bot.words.typed import setting_values
from core.enums import Term
from core.errors import BadTerm
from core.hours import tutor_settings
from core.hours.tutor_settings import Terms
from core.work import Work

ONLY_TAPPED = {Term.AUTO_ACCEPT, Term.POLICY, Term.NEW_STUDENTS, Term.LISTED}


async def open_topic(_: Update, context: Context) -> None:
    async with context.read() as work:
        card = await tutor_settings.card(work, tutor_id=context.actor.id)
    await context.show(screens.topic(context.voice, card, context.actor, context.tap(OpenTopic).topic))


async def open_term(_: Update, context: Context) -> None:
    term = context.tap(OpenTerm).term
    async with context.begin() as work:
        card = await tutor_settings.card(work, tutor_id=context.actor.id)
        await listen(context, work, term)
    await context.show(screens.term(context.voice, card, term))


async def choose(_: Update, context: Context) -> None:
    tap = context.tap(ChooseTerm)
    await change(context, tap.term, **setting_values.chosen(tap.term, tap.value))


async def teach_in(_: Update, context: Context) -> None:
    tap = context.tap(TeachIn)
    async with context.read() as work:
        before = (await tutor_settings.card(work, tutor_id=context.actor.id)).languages
    others = [language for language in before if language != tap.language]
    wanted = list(dict.fromkeys([*before, tap.language])) if tap.is_taught else others
    await change(context, Term.LANGUAGES, languages=wanted)


async def choose_zone(_: Update, context: Context) -> None:
    await change(context, Term.ZONE, timezone=context.tap(ChooseTeachingZone).timezone)


async def hear_value(_: Update, context: Context) -> None:
    term = context.asked(NewValue).term
    if term is Term.ZONE:
        await hear_place(context)
    else:
        await hear_typed(context, term)


async def hear_typed(context: Context, term: Term) -> None:
    try:
        await change(context, term, **setting_values.typed(term, context.words))
    except BadTerm as refusal:
        async with context.read() as work:
            card = await tutor_settings.card(work, tutor_id=context.actor.id)
        said = refusals.words(context.voice, refusal)
        await context.show(screens.term(context.voice, card, term, refusal=said))


async def hear_place(context: Context) -> None:
    async with context.read() as work:
        card = await tutor_settings.card(work, tutor_id=context.actor.id)
    found = await places.find_async(context.words, context.voice.language, now=work.now)
    zones = {place.timezone for place in found}
    if len(zones) == 1:
        await change(context, Term.ZONE, timezone=zones.pop())
    elif found:
        await context.show(screens.zone(context.voice, card, found))
    else:
        await context.show(screens.zone_unknown(context.voice, context.words))


async def change(context: Context, term: Term, **changed: Unpack[Terms]) -> None:
    """Go on listening: the next words change the same once more."""
    async with context.begin() as work:
        done = await tutor_settings.change(work, tutor_id=context.actor.id, **changed)
        await listen(context, work, term)
    await context.show(screens.term(context.voice, done.card, term, changed=done))


async def listen(context: Context, work: Work, term: Term) -> None:
    if term not in ONLY_TAPPED:
        await context.ask(work, NewValue(term))


CONVERSATION = Conversation(
    taps={
        OpenTopic: open_topic,
        OpenTerm: open_term,
        ChooseTerm: choose,
        TeachIn: teach_in,
        ChooseTeachingZone: choose_zone,
    },
    words={NewValue: hear_value},
)
