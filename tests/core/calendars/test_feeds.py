"""Other calendars block times, what can't be read leaves all as it was, and a lesson in the way is never touched."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.calendars import feeds
from core.calendars.feed_reading.busy_times import BusyTime, Reading
from core.calendars.feeds import Found
from core.delivery import queue
from core.enums import BookingStatus, Event
from core.errors import (
    AddressForbidden,
    AddressRefuses,
    AddressSilent,
    BadAddress,
    CalendarTooLarge,
    CalendarTooSlow,
    FeedFollowed,
    NotACalendar,
    NotATutor,
    NotFound,
    TimeTaken,
    TooManyEvents,
    TooManyFeeds,
)
from core.lessons import moves, writing_down
from core.times import offers
from db.models.busy_time import BusyTime as BusyRow
from db.models.external_calendar import ExternalCalendar
from db.models.notification import Notification
from tests import builders
from tests.core import tables

TUESDAY = date(2026, 11, 24)
AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
ADDRESS = "https://calendar.example/secret.ics"


def found(*starts: datetime, title: str | None = "Dentist", uid: str = "1", length=HOUR, **words) -> Found:
    times = tuple(BusyTime(at, at + length, title, uid) for at in starts)
    return Found(Reading("Work", len(times), 0, times), b"BEGIN:VCALENDAR", **words)


async def add(core, tutor, read, *, name="Work", address=ADDRESS):
    async with core.begin() as work:
        return await feeds.add(work, tutor_id=tutor.id, name=name, found=read, address=address)


async def store(core, feed, read):
    async with core.begin() as work:
        return await feeds.store(work, feed_id=feed.id, found=read)


async def fail(core, feed, refusal):
    async with core.begin() as work:
        await feeds.fail(work, feed_id=feed.id, refusal=refusal)


async def claim(core):
    async with core.begin() as work:
        return await feeds.claim(work, limit=10)


async def card(core, tutor, feed):
    async with core.read() as work:
        return await feeds.card(work, tutor_id=tutor.id, feed_id=feed.id)


async def offered(core, tutor):
    """The hours of Tuesday that a student can book, in Kyiv."""
    async with core.read() as work:
        offer = await offers.day(work, tutor_id=tutor.id, on=TUESDAY, timezone="Europe/Kyiv")
    return [span.starts_at.hour + 2 for span in offer.times]


async def busy(core):
    return [(row.starts_at, row.title) for row in await tables.rows(core, BusyRow)]


async def told(core, event):
    return [row for row in await tables.rows(core, Notification) if row.event is event]


async def test_busy_times_are_offered_to_nobody_until_the_calendar_is_removed(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(core, olena, buffer_before=15 * MINUTE, buffer_after=15 * MINUTE, slot_step=15 * MINUTE)
    before = await offered(core, olena)
    feed = await add(core, olena, found(AT_TEN + HOUR))
    async with core.read() as work:
        free = (await offers.day(work, tutor_id=olena.id, on=TUESDAY, timezone="Europe/Kyiv")).times
    clear = [
        span for span in free if span.ends_at <= AT_TEN + HOUR - 15 * MINUTE or span.starts_at >= AT_TEN + 2.25 * HOUR
    ]
    assert list(free) == clear, "the new lesson's own pauses lie around it"
    assert max(span.ends_at for span in free if span.ends_at < AT_TEN + HOUR) == AT_TEN + HOUR - 15 * MINUTE
    with pytest.raises(TimeTaken):
        await builders.request(core, olena, ira, AT_TEN + HOUR)
    async with core.begin() as work:
        await feeds.remove(work, tutor_id=olena.id, feed_id=feed.id)
        await feeds.remove(work, tutor_id=olena.id, feed_id=feed.id)
    assert await offered(core, olena) == before
    assert await busy(core) == []


async def test_what_is_read_takes_the_place_of_what_was_read_and_what_cant_be_read_leaves_it(core, clock):
    olena = await builders.tutor(core)
    feed = await add(core, olena, found(AT_TEN, AT_TEN + HOUR))
    await store(core, feed, found(AT_TEN + 2 * HOUR))
    assert await busy(core) == [(AT_TEN + 2 * HOUR, "Dentist")]
    clock.advance(minutes=16)
    await fail(core, feed, TooManyEvents(5000))
    assert await busy(core) == [(AT_TEN + 2 * HOUR, "Dentist")]
    now = await card(core, olena, feed)
    assert now.fault == TooManyEvents(5000)
    assert now.failing_since == clock.now - 16 * MINUTE
    await store(core, feed, found())
    assert await busy(core) == []
    assert (await card(core, olena, feed)).fault is None


async def test_why_it_cant_be_read_is_kept_in_facts(core):
    olena = await builders.tutor(core)
    feed = await add(core, olena, found(AT_TEN))
    of_address = BadAddress(), AddressForbidden(), AddressSilent(), AddressRefuses(404)
    for refusal in (*of_address, NotACalendar(), TooManyEvents(5000), CalendarTooLarge(5), CalendarTooSlow(2)):
        await fail(core, feed, refusal)
        fault = (await card(core, olena, feed)).fault
        assert (type(fault), vars(fault)) == (type(refusal), vars(refusal))


async def test_a_calendar_is_read_every_quarter_of_an_hour_and_more_rarely_while_it_fails(core, clock):
    olena = await builders.tutor(core)
    feed = await add(core, olena, found(AT_TEN, etag="7", last_modified="yesterday"))
    assert await claim(core) == []
    clock.advance(minutes=18)
    (source,) = await claim(core)
    assert (source.id, source.address, source.etag, source.last_modified) == (feed.id, ADDRESS, "7", "yesterday")
    assert source.content is None
    assert source.horizon.timezone == "Europe/Kyiv"
    assert source.horizon.since < clock.now < source.horizon.until - 50 * DAY
    assert await claim(core) == [], "one process reads it at a time"
    waits = []
    for _ in range(9):
        await fail(core, feed, AddressRefuses(500))
        (row,) = await tables.rows(core, ExternalCalendar)
        waits.append((row.next_sync_at - clock.now) // (15 * MINUTE))
    assert waits == [2, 4, 8, 16, 32, 64, 96, 96, 96]
    async with core.begin() as work:
        await feeds.keep(work, feed_id=feed.id)
    assert (await card(core, olena, feed)).synced_at == clock.now
    clock.advance(days=1)
    (source,) = await claim(core)
    assert source.content == b"BEGIN:VCALENDAR", "a new day: what recurs is unfolded further"


async def test_a_file_stays_until_one_of_the_same_name_takes_its_place(core, clock):
    olena = await builders.tutor(core)
    feed = await add(core, olena, found(AT_TEN), address=None)
    again = await add(core, olena, found(AT_TEN + HOUR), address=None)
    assert again.id == feed.id
    assert again.host is None
    assert await busy(core) == [(AT_TEN + HOUR, "Dentist")]
    clock.advance(hours=23)
    assert await claim(core) == []
    clock.advance(hours=2)
    (source,) = await claim(core)
    assert (source.address, source.content) == (None, b"BEGIN:VCALENDAR")


async def test_a_tutor_follows_each_calendar_once_and_five_of_them(core):
    olena = await builders.tutor(core)
    await add(core, olena, found(AT_TEN), address=None)
    for n in range(4):
        await add(core, olena, found(), address=f"{ADDRESS}?{n}")
    with pytest.raises(FeedFollowed):
        await add(core, olena, found(), address=f"{ADDRESS}?0")
    with pytest.raises(TooManyFeeds):
        await add(core, olena, found(), address=f"{ADDRESS}?4")
    with pytest.raises(TooManyFeeds):
        await add(core, olena, found(), name="Home", address=None)
    await add(core, olena, found(), address=None)
    with pytest.raises(NotATutor):
        await add(core, await builders.person(core), found())


async def test_of_an_address_only_whose_it_is_is_told(core):
    olena = await builders.tutor(core)
    feed = await add(core, olena, found(AT_TEN))
    assert feed.host == "calendar.example"
    assert "secret" not in repr(feed)


async def test_a_tutor_hears_once_of_each_lesson_that_is_newly_in_the_way(core, clock):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, AT_TEN))
    asked = await builders.request(core, olena, max_, AT_TEN + HOUR)
    feed = await add(core, olena, found(AT_TEN - HOUR))
    assert await told(core, Event.FEED_CONFLICT) == []
    both = found(AT_TEN - HOUR, AT_TEN + HOUR / 2)
    await store(core, feed, both)
    await store(core, feed, both)
    rows = await told(core, Event.FEED_CONFLICT)
    assert [(row.recipient_id, row.booking_id) for row in rows] == [(olena.id, lesson.id), (olena.id, asked.id)]
    async with core.read() as work:
        with tables.statements(work) as statements:
            met = await feeds.clashing(work, tutor_id=olena.id)
        assert [each.id for each in met] == [lesson.id, asked.id]
        assert len([one for one in statements if one.startswith("SELECT")]) == 1, "however many they are"
        assert [each.status for each in met] == [BookingStatus.CONFIRMED, BookingStatus.PENDING]
        why = await feeds.clash(work, tutor_id=olena.id, booking_id=lesson.id)
        assert why is not None
        assert (why.calendar, why.title, why.starts_at) == ("Work", "Dentist", AT_TEN + HOUR / 2)


async def test_a_conflict_that_is_over_before_it_is_told_is_not_told(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await builders.confirm(core, await builders.request(core, olena, ira, AT_TEN))
    feed = await add(core, olena, found())
    await store(core, feed, found(AT_TEN))
    await store(core, feed, found())
    (claimed,) = [each for each in await tables.claim(core) if each.event is Event.FEED_CONFLICT]
    async with core.read() as work:
        assert await queue.message(work, claimed) is None


async def test_the_tutor_decides_over_a_busy_time_and_a_student_does_not(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    asked = await builders.request(core, olena, ira, AT_TEN)
    feed = await add(core, olena, found(AT_TEN, AT_TEN + HOUR, AT_TEN + 2 * HOUR))
    assert (await builders.confirm(core, asked)).status == BookingStatus.CONFIRMED
    async with core.begin() as work:
        await writing_down.write_down(work, tutor_id=olena.id, name="Марта", starts_at=AT_TEN + HOUR)
        with pytest.raises(TimeTaken):
            await moves.move(work, booking_id=asked.id, actor_id=ira.id, starts_at=AT_TEN + 2 * HOUR)
        with pytest.raises(TimeTaken):
            await writing_down.write_down(work, tutor_id=olena.id, name="Іван", starts_at=AT_TEN + HOUR)
    async with core.begin() as work:
        await moves.move(work, booking_id=asked.id, actor_id=olena.id, starts_at=AT_TEN + 2 * HOUR)
        assert len(await feeds.clashing(work, tutor_id=olena.id)) == 2
    assert feed.busy == 3


async def test_our_own_lessons_come_back_and_block_nothing(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, AT_TEN))
    feed = await add(core, olena, found(AT_TEN, uid=str(lesson.uid)))
    await store(core, feed, found(AT_TEN + 3 * HOUR, uid=str(lesson.uid)))
    assert await busy(core) == []


async def test_a_tutor_hears_once_that_a_calendar_has_failed_for_a_day(core, clock):
    olena = await builders.tutor(core)
    feed = await add(core, olena, found(AT_TEN))
    for _ in range(3):
        clock.advance(hours=11)
        await fail(core, feed, NotACalendar())
        await fail(core, feed, NotACalendar())
    (row,) = await told(core, Event.FEED_FAILED)
    assert row.scheduled_for == clock.now
    (claimed,) = [each for each in await tables.claim(core) if each.event is Event.FEED_FAILED]
    async with core.read() as work:
        message = await queue.message(work, claimed)
    assert message is not None
    assert isinstance(message.about.fault, NotACalendar)
    await store(core, feed, found(AT_TEN))
    async with core.read() as work:
        assert await queue.message(work, claimed) is None, "it can be read again"


async def test_one_removed_while_it_was_read_stays_removed(core):
    olena = await builders.tutor(core)
    feed = await add(core, olena, found(AT_TEN))
    async with core.begin() as work:
        await feeds.remove(work, tutor_id=olena.id, feed_id=feed.id)
    assert await store(core, feed, found(AT_TEN)) is False
    await fail(core, feed, NotACalendar())
    async with core.begin() as work:
        await feeds.keep(work, feed_id=feed.id)
        with pytest.raises(NotFound):
            await feeds.source(work, tutor_id=olena.id, feed_id=feed.id)
    assert await tables.rows(core, ExternalCalendar) == []
