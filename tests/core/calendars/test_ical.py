"""A lesson in a calendar: one entry, whatever becomes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar

from core.calendars import ical
from core.calendars.ical import Told
from core.enums import BookingStatus
from core.lessons import bookings, lessons, moves
from tests import builders
from tests.core.lessons.test_attendance import THURSDAY, pair

HOUR = timedelta(hours=1)
SUMMARY = "Заняття: Ірина Нечуй-Левицька-Кропивницька, українська мова; друга, третя"


def written(lesson, **words):
    words = {"summary": SUMMARY, "description": "раз\nдва", "stamped_at": THURSDAY - 9 * HOUR} | words
    return ical.lesson_file(Told(lesson, **words))


def event(lesson):
    [read] = Calendar.from_ical(written(lesson)).walk("VEVENT")
    return read


async def test_the_entry_tells_when_in_utc_where_and_what(core):
    _, _, lesson = await pair(core)
    told = event(lesson)
    assert (told.start, told.end) == (THURSDAY, THURSDAY + HOUR)
    assert told["summary"] == SUMMARY
    assert told["description"] == "раз\nдва"
    assert told["status"] == "CONFIRMED"
    assert told["location"] == told["url"] == lesson.room.address
    assert lesson.room.address.startswith("https://")
    assert "attendee" not in told
    assert "organizer" not in told
    assert b"DTSTART:20261126T070000Z\r\n" in written(lesson)
    assert b"DTSTAMP:20261125T220000Z\r\n" in written(lesson)


async def test_lines_are_folded_and_end_as_calendars_want_them(core):
    _, _, lesson = await pair(core)
    content = written(lesson)
    lines = content.split(b"\r\n")
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert content.count(b"\n") == content.count(b"\r\n")
    for line in lines:
        line.decode()
    assert b"METHOD:PUBLISH" in lines


async def test_a_moved_lesson_is_the_same_entry_later(core):
    olena, ira, lesson = await pair(core)
    seen = [event(lesson)]
    for hours in (1, 2):
        async with core.begin() as work:
            starts_at = THURSDAY + hours * HOUR
            lesson = await moves.move(work, booking_id=lesson.id, actor_id=olena.id, starts_at=starts_at)
        seen.append(event(lesson))
    async with core.begin() as work:
        lesson = await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id, charge_accepted=True)
    seen.append(event(lesson))
    assert len({each["uid"] for each in seen}) == 1
    assert [each["sequence"] for each in seen] == [0, 1, 2, 3]
    assert [each["status"] for each in seen] == ["CONFIRMED"] * 3 + ["CANCELLED"]
    assert [each.start for each in seen] == [THURSDAY + hours * HOUR for hours in (0, 1, 2, 2)]


async def test_two_lessons_are_two_entries_for_both_sides(core):
    olena, ira, lesson = await pair(core)
    other = await builders.request(core, olena, ira, THURSDAY + 2 * HOUR)
    async with core.read() as work:
        tutors = await lessons.card(work, booking_id=lesson.id, viewer_id=olena.id)
    assert event(lesson)["uid"] == event(tutors)["uid"] != event(other)["uid"]
    assert event(other)["status"] == "TENTATIVE"
    assert "url" not in event(other)


@pytest.mark.parametrize(
    ("status", "told"), [("completed", "CONFIRMED"), ("no_show", "CONFIRMED"), ("expired", "CANCELLED")]
)
async def test_what_has_become_of_it_is_told(core, status, told):
    _, _, lesson = await pair(core)
    assert event(replace(lesson, status=BookingStatus(status)))["status"] == told
