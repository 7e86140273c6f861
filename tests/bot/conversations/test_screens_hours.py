"""The screens of a tutor's hours at their fullest fit into one message of Telegram, and lead back."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from telegram import Bot

from bot.conversations.availability import screens as availability_screens
from bot.conversations.availability.window import screens as window_screens
from bot.conversations.exceptions import screens as exceptions
from bot.conversations.exceptions.conflicts import screens as conflicts
from bot.conversations.exceptions.holidays import screens as holidays
from bot.conversations.exceptions.taps import (
    PickExceptionCloses,
    PickExceptionOpens,
    PickFirstDay,
    PickLastDay,
    PickPart,
)
from bot.conversations.shared import weekly_hours, windows
from bot.conversations.slots import screens as slots
from bot.conversations.slots.taps import PickSpanCloses, PickSpanOpens
from bot.sandbox.api.transport import SandboxRequest
from bot.sandbox.sandbox import Sandbox
from bot.talk.screen import Screen, markup
from bot.talk.taps import LAST_DAY, Weekday
from bot.words.places import public_holidays
from bot.words.typed.week_words import LONGEST_WORD, NotUnderstood, Reason
from bot.words.voice import LANGUAGES, Voice
from core.enums import ExceptionType
from core.hours.availability import AvailabilityCard, WeeklyWindow
from core.hours.exceptions import ExceptionCard, ExceptionDates
from core.hours.tutor_slots import DaySlots, SlotCard, State
from core.pure.planning.values import Span
from tests.bot.conversations.test_screens import LARGEST_ID, LESSON, NAMES, ZONE

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SIX_WEEKS = date(2027, 5, 1)
DATED = WeeklyWindow(6, time(22, 59), time(21, 58), date(2026, 12, 31), LAST_DAY, is_active=False)


def of_windows(voice: Voice, _: str) -> Iterator[Screen]:
    each = [
        replace(DATED, weekday=number % 7, valid_from=TODAY + timedelta(days=number), is_active=number % 3 > 0)
        for number in range(200)
    ]
    card = AvailabilityCard(ZONE, tuple((LARGEST_ID - number, window) for number, window in enumerate(sorted(each))))
    yield weekly_hours.availability(
        voice, card, free_times=1000, before=availability_screens.availability_saved(voice, (), left_outside=500)
    )
    yield availability_screens.day(voice, card, Weekday.SUNDAY, before=windows.lessons_stay(voice, 500))
    yield from (availability_screens.pick_days(voice, Weekday.SUNDAY, days) for days in (0, 63, LARGEST_ID))
    yield from (
        availability_screens.pick_closes(voice, Weekday.SUNDAY, time(23, 30), at_half=half) for half in (True, False)
    )
    yield window_screens.window(voice, LARGEST_ID, DATED, today=TODAY, left_outside=500)
    for is_first in (True, False):
        yield window_screens.pick_date(voice, LARGEST_ID, DATED, is_first=is_first, month=SIX_WEEKS, today=TODAY)
        over = replace(DATED, valid_from=None, valid_until=TODAY - timedelta(days=1))
        yield window_screens.pick_date(voice, LARGEST_ID, over, is_first=is_first, month=LAST_DAY, today=TODAY)


def of_exceptions(voice: Voice, name: str) -> Iterator[Screen]:
    days = TODAY, LAST_DAY
    lessons = tuple(replace(LESSON, id=LARGEST_ID - number, student_name=name) for number in range(500))
    exception = ExceptionDates(ExceptionType.SICK_LEAVE, *days, time(22, 59), time(21, 58), words="<" * 200)
    card = ExceptionCard(LARGEST_ID, ZONE, exception, lessons)
    for page in (0, 24):
        yield exceptions.exceptions(voice, [card] * 200, timezone=ZONE, page=page)
    yield from (exceptions.card(voice, card), exceptions.ask_to_remove(voice, card), exceptions.pick_type(voice))
    for type_ in ExceptionType:
        yield exceptions.pick_first(voice, PickFirstDay(type_, True, SIX_WEEKS), today=TODAY)
        yield exceptions.pick_last(voice, PickLastDay(type_, False, SIX_WEEKS, SIX_WEEKS))
        yield exceptions.pick_last(voice, PickLastDay(type_, True, LAST_DAY, LAST_DAY))
        yield exceptions.pick_part(voice, PickPart(type_, False, *days))
        yield exceptions.pick_opens(voice, PickExceptionOpens(type_, True, *days, True))
        yield exceptions.pick_closes(voice, PickExceptionCloses(type_, True, *days, time(0), False))
    for reason in Reason:
        yield exceptions.not_understood(voice, "<" * 4096, NotUnderstood("<" * LONGEST_WORD, 2000, reason))
        yield slots.not_understood(voice, TODAY, "<" * 4096, NotUnderstood("<" * LONGEST_WORD, 2000, reason))
    yield conflicts.conflicts(voice, card, asked={LARGEST_ID}, page=30)
    yield conflicts.one(voice, card, lessons[0], is_asked=False)
    yield conflicts.ask_to_call_all_off(voice, card)


def of_holidays(voice: Voice, name: str) -> Iterator[Screen]:
    for country in ("UA", "IN", "AR"):
        coming = public_holidays.coming(country, voice.language, first_on=TODAY, last_on=LAST_DAY.replace(year=2027))
        named = [replace(holiday, name=f"{holiday.name} {name}") for holiday in coming]
        yield holidays.holidays(voice, country, named * 5, off=[])
    yield holidays.holidays(voice, None, [], off=[])
    yield holidays.holidays(voice, "XX", [], off=[])
    yield holidays.country_unknown(voice, "<" * 4096)


def of_slots(voice: Voice, name: str) -> Iterator[Screen]:
    spans = [Span(NOW + timedelta(minutes=5 * n), NOW + timedelta(minutes=5 * n + 5)) for n in range(288)]
    for states in ((State.FREE,), (State.BOOKED,), (State.BLOCKED, State.FREE), (State.EXTRA, State.ASKED)):
        cards = tuple(
            SlotCard(
                span,
                state := states[number % len(states)],
                LARGEST_ID - number,
                *((LARGEST_ID - number, name) if state in (State.BOOKED, State.ASKED) else ()),
            )
            for number, span in enumerate(spans)
        )
        yield slots.slots(voice, DaySlots(ZONE, TODAY + timedelta(days=1), TODAY, cards))
    yield slots.slots(voice, DaySlots(ZONE, TODAY, TODAY, ()))
    yield slots.slots(voice, DaySlots(ZONE, LAST_DAY, TODAY, ()))
    yield slots.pick_day(voice, SIX_WEEKS, today=TODAY)
    for block in (True, False):
        yield slots.pick_opens(voice, PickSpanOpens(TODAY, block, True))
        yield slots.pick_closes(voice, PickSpanCloses(TODAY, block, time(0), False))


@pytest.fixture
async def bot() -> AsyncIterator[tuple[Bot, int]]:
    sandbox = Sandbox(flood_limits=False, first_people=False)
    ira = sandbox.add_person("Іра").id
    sandbox.say(ira, "/start")
    async with Bot(sandbox.token, request=SandboxRequest(sandbox)) as ready:
        yield ready, ira


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screens", [of_windows, of_exceptions, of_holidays, of_slots])
async def test_the_fullest_screens_fit_and_lead_back(bot: tuple[Bot, int], screens, language: str, name: str) -> None:
    sender, ira = bot
    for screen in screens(Voice(language, "Asia/Kolkata"), name):
        sent = await sender.send_message(ira, screen.text, parse_mode="HTML", reply_markup=markup(screen))
        assert sent.text
        assert screen.rows


def test_paused_and_dated_hours_are_told_apart_from_those_of_every_week() -> None:
    plain = WeeklyWindow(0, time(9), time(13))
    each = [replace(DATED, valid_until=None, is_active=True), DATED, plain]
    said = list(windows.week_lines(Voice("en", "UTC"), each))
    assert said == [
        "Mon 09:00–13:00",
        "📆 Sun 22:59–21:58 (next day) · from 31 December 2026",
        "⏸ Sun 22:59–21:58 (next day) · from 31 December 2026 until 31 December 2199",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_holidays_are_named_in_the_readers_language(language: str) -> None:
    coming = public_holidays.coming("UA", language, first_on=TODAY, last_on=date(2026, 12, 31))
    assert [each.name for each in coming] == [{"en": "Christmas Day", "uk": "Різдво Христове"}[language]]


@pytest.mark.parametrize(
    ("timezone", "country"),
    [("Europe/Kyiv", "UA"), ("Europe/Kiev", "UA"), ("America/New_York", "US"), ("Asia/Calcutta", "IN"), ("UTC", None)],
)
def test_a_zone_lies_in_a_country(timezone: str, country: str | None) -> None:
    assert public_holidays.country_of(timezone) == country
