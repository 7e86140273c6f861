"""The screens of a calendar at their fullest fit into one message of Telegram, and lead back."""

from collections.abc import AsyncIterator, Iterator
from datetime import date, time, timedelta

import pytest
from telegram import Bot

from bot.conversations.calendar import screens
from bot.sandbox.api.transport import SandboxRequest
from bot.sandbox.sandbox import Sandbox
from bot.talk.screen import Screen
from bot.words.voice import LANGUAGES, Voice
from core.calendars.calendar import Day, Month, Week
from core.calendars.layout import Entry, Kind, Time, day_view, month_view, week_view
from core.pure.planning.local_time import local_instant
from core.pure.planning.values import Span
from tests.bot.conversations.test_screens import LARGEST_ID, NAMES, Chat
from tests.stage import PIXEL

ZONE = "America/Argentina/Buenos_Aires"
SIX_WEEKS, TODAY = date(2026, 8, 1), date(2026, 8, 30)
QUARTER = timedelta(minutes=15)


def every_quarter(on: date, name: str) -> Iterator[Entry]:
    """Everything that a calendar shows, at once and all day."""
    for number in range(96):
        at = local_instant(ZONE, on, time.min) + number * QUARTER
        kind = list(Kind)[number % len(Kind)]
        is_lesson = kind not in (Kind.BLOCKED, Kind.ELSEWHERE)
        subject, booking_id = ("Щ" * 80, LARGEST_ID - number) if is_lesson else (None, None)
        yield Entry(Span(at, at + QUARTER), kind, name, subject, booking_id, is_taught=number % 2 == 0)


def fullest(name: str) -> Time:
    days = [SIX_WEEKS + timedelta(days=number) for number in range(31)]
    entries = tuple(entry for on in days for entry in every_quarter(on, name))
    hours = [entry.span for entry in entries[::2]]
    return Time(ZONE, entries, tuple(hours), frozenset(days[::2]))


def of_calendar(voice: Voice, name: str) -> Iterator[Screen]:
    full, empty = fullest(name), Time(ZONE)
    for time_, teaches in ((full, True), (full, False), (empty, True), (empty, False)):
        yield screens.month(voice, Month(SIX_WEEKS, TODAY, teaches, month_view(SIX_WEEKS, time_)))
        yield screens.week(voice, Week(TODAY, teaches, week_view(date(2026, 8, 12), time_)))
        yield screens.week_picture(voice, Week(TODAY, teaches, week_view(date(2026, 8, 12), time_)), PIXEL)
        yield screens.day(voice, Day(TODAY, teaches, day_view(date(2026, 8, 12), time_)))


@pytest.fixture
async def ira() -> AsyncIterator[Chat]:
    sandbox = Sandbox(flood_limits=False, first_people=False)
    async with Bot(sandbox.token, request=SandboxRequest(sandbox)) as bot:
        yield Chat(sandbox, bot)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_fullest_screens_fit_and_lead_back(ira: Chat, language: str, name: str) -> None:
    for screen in of_calendar(Voice(language, ZONE), name):
        assert (await ira.shows(screen)).message_id
        assert screen.rows
