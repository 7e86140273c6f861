"""Calendars that would eat a machine are refused within their limits."""

import asyncio
import contextlib
from pathlib import Path
from time import process_time

import pytest

from bench import feeds as corpus
from core.calendars.feed_reading.expand import LARGEST, MOST_TIMES, Expander
from core.errors import CalendarTooLarge, CalendarTooSlow, FeedRefused, NotACalendar, TooManyEvents
from tests.core.calendars.test_busy_times import SINCE, UNTIL, calendar, read

PEOPLE_S_FILES = Path(__file__).parents[4] / "shared" / "reference" / "ics"
EVERY_HOUR = "DTSTART:19700101T000000Z\nDURATION:PT30M\nRRULE:FREQ=HOURLY"


async def expand(content: bytes, **limits: float):
    return await Expander(**limits).read(content, timezone="Europe/Kyiv", since=SINCE, until=UNTIL)


async def test_what_a_process_of_its_own_reads_is_what_is_read_here():
    content = calendar("UID:1\nDTSTART;TZID=Europe/Kyiv:20270115T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3")
    assert await expand(content) == read(content)
    with pytest.raises(NotACalendar):
        await expand(b"<html>")


async def test_of_a_file_that_is_too_large_nothing_is_read():
    began = process_time()
    with pytest.raises(CalendarTooLarge) as refused:
        await expand(bytes(50 * 1024 * 1024))
    assert refused.value.limit == LARGEST
    assert process_time() - began < 1


async def test_more_times_than_are_kept_are_refused():
    with pytest.raises(TooManyEvents) as refused:
        await expand(calendar(f"DTSTART:20270101T000000Z\nDURATION:PT30M\nRRULE:FREQ=HOURLY;COUNT={MOST_TIMES + 1}"))
    assert refused.value.limit == MOST_TIMES


async def test_what_takes_too_long_is_ended_by_the_kernel_and_harms_nobody_beside_it():
    endless = calendar(*[f"UID:{n}\n{EVERY_HOUR};BYMONTH=2;BYMONTHDAY=30" for n in range(9)])
    good = calendar("DTSTART:20270115T100000Z\nDURATION:PT1H")
    ends = await asyncio.gather(expand(endless, cpu_seconds=0.3), expand(good), return_exceptions=True)
    assert isinstance(ends[0], CalendarTooSlow)
    assert ends[1] == read(good)


async def test_one_who_waits_in_vain_goes():
    with pytest.raises(CalendarTooSlow):
        await expand(calendar("DTSTART:20270115T100000Z"), patience=0.01)


@pytest.mark.parametrize(
    "bomb",
    [
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\n" * 100_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270101\r\nSUMMARY:" + b"x" * 5_000_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270101T100000Z\r\nEXDATE:" + b"20270101T100000Z," * 200_000,
        b"BEGIN:VCALENDAR" + b"\r\n " * 300_000,
    ],
)
def test_a_bomb_of_lines_is_read_or_refused_in_no_time(bomb):
    began = process_time()
    with contextlib.suppress(FeedRefused):
        read(bomb)
    assert process_time() - began < 2


@pytest.mark.skipif(not PEOPLE_S_FILES.is_dir(), reason="the files that people's calendars wrote are not here")
def test_every_file_that_peoples_calendars_wrote_is_read_or_refused_with_a_reason():
    lines = [corpus.read(path) for path in sorted(PEOPLE_S_FILES.glob("*.ics"))]
    assert len(lines) > 60
    assert [line.name for line in lines if line.seconds >= 2] == []
    imported = [line for line in lines if line.refusal is None]
    assert {line.refusal for line in lines} <= {None, "NotACalendar", "TooManyEvents"}
    assert len(imported) >= 0.9 * len(lines)
    assert sum(line.times for line in imported) > 500
