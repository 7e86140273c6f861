"""
A tutor takes public holidays off.

    [Public holidays]       ->  those of the coming year in the tutor's country
    [a day] [Take all off]  ->  off; conflicts are listed at "Days off"
    [Other country]         ->  "Which country?"; tapped or typed
"""

from datetime import timedelta

from telegram import Update

from bot.conversations.exceptions.holidays import screens
from bot.conversations.exceptions.holidays.questions import WhichCountry
from bot.conversations.exceptions.holidays.taps import (
    ChooseCountry,
    OpenHolidays,
    PickCountry,
    TakeAllHolidaysOff,
    TakeHolidayOff,
)
from bot.talk.context import Context
from bot.talk.routing import Conversation
from bot.words.places import public_holidays
from bot.words.places.public_holidays import Holiday
from core.enums import ExceptionType
from core.hours import exceptions
from core.hours.exceptions import ExceptionDates
from core.people import tutors
from core.pure.planning.local_time import local_date
from core.work import Work

A_YEAR = timedelta(days=365)


async def show_holidays(_: Update, context: Context, toast: str | None = None) -> None:
    async with context.begin() as work:
        country, coming = await coming_holidays(context, work)
        ahead = await exceptions.coming(work, tutor_id=context.actor.id)
        if country is None:
            await context.ask(work, WhichCountry())
    off = [card for card in ahead if card.exception.opens is None]
    await context.show(screens.holidays(context.voice, country, coming, off=off, toast=toast))


async def coming_holidays(context: Context, work: Work) -> tuple[str | None, list[Holiday]]:
    settings = await tutors.settings_of(work, context.actor.id)
    country = settings.country or public_holidays.country_of(settings.timezone)
    today = local_date(settings.timezone, work.now)
    if country is None:
        return None, []
    language = context.voice.language
    return country, public_holidays.coming(country, language, first_on=today, last_on=today + A_YEAR)


async def take_off(update: Update, context: Context) -> None:
    on = context.tap(TakeHolidayOff).on
    async with context.begin() as work:
        _, coming = await coming_holidays(context, work)
        await add(context, work, [holiday for holiday in coming if holiday.on == on])
    await show_holidays(update, context, toast=context.voice.label("Added"))


async def take_all_off(update: Update, context: Context) -> None:
    async with context.begin() as work:
        _, coming = await coming_holidays(context, work)
        await add(context, work, coming[: screens.MOST])
    await show_holidays(update, context, toast=context.voice.label("Added"))


async def add(context: Context, work: Work, taken: list[Holiday]) -> None:
    wanted = [ExceptionDates(ExceptionType.HOLIDAY, each.on, each.on, words=each.name) for each in taken]
    await exceptions.add_all(work, tutor_id=context.actor.id, wanted=wanted)


async def ask_country(_: Update, context: Context) -> None:
    async with context.begin() as work:
        await context.ask(work, WhichCountry())
    await context.show(screens.pick_country(context.voice))


async def choose_country(update: Update, context: Context) -> None:
    await teach_in(update, context, context.tap(ChooseCountry).country)


async def hear_country(update: Update, context: Context) -> None:
    await teach_in(update, context, context.words)


async def teach_in(update: Update, context: Context, said: str) -> None:
    country = public_holidays.named(said, context.voice.language)
    if country is None:
        await context.show(screens.country_unknown(context.voice, said))
        return
    async with context.begin() as work:
        await exceptions.choose_country(work, tutor_id=context.actor.id, country=country)
        await context.answered(work)
    await show_holidays(update, context)


CONVERSATION = Conversation(
    taps={
        OpenHolidays: show_holidays,
        TakeHolidayOff: take_off,
        TakeAllHolidaysOff: take_all_off,
        PickCountry: ask_country,
        ChooseCountry: choose_country,
    },
    words={WhichCountry: hear_country},
)
