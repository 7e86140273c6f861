"""Many taps at one instant. Nothing here may ever end in a deadlock: PostgreSQL would raise, and `race` would too."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from core.enums import BookingStatus, DeliveryStatus, SlotStatus
from core.errors import AlreadySettled, StudentBusy, TimeTaken
from core.lessons import bookings
from core.lessons.changes import LIVE_START
from core.lessons.lessons import LessonCard
from core.settings import Policies
from db.base import table
from db.constraints import violates
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from db.models.time_slot import TimeSlot
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
TASKS = 32


@pytest.fixture
def policies() -> Policies:
    """Requests live too short for nudges, so that each is one notice."""
    return Policies(request_expires_after=2 * HOUR)


def won(outcomes):
    return [one for one in outcomes if isinstance(one, LessonCard)]


async def students(core, count):
    return [await builders.person(core, f"Учень {number}") for number in range(count)]


async def confirm(core, lesson):
    return await builders.confirm(core, lesson)


async def cancel(core, lesson, actor_id):
    async with core.begin() as work:
        return await bookings.cancel(work, booking_id=lesson.id, actor_id=actor_id, reason="хворію")


async def decline(core, lesson):
    async with core.begin() as work:
        return await bookings.decline(work, booking_id=lesson.id, tutor_id=lesson.tutor_id)


async def test_of_many_requests_for_one_time_exactly_one_wins(core):
    olena = await builders.tutor(core)
    everybody = await students(core, TASKS)

    outcomes = await tables.race([builders.request(core, olena, one, TOMORROW_AT_TEN) for one in everybody])

    assert len(won(outcomes)) == 1
    assert sum(isinstance(one, TimeTaken) for one in outcomes) == TASKS - 1
    assert [len(await tables.rows(core, model)) for model in (Booking, TimeSlot, Notification)] == [1, 1, 1]


async def test_requests_for_overlapping_times_leave_no_overlap_buffers_included(core):
    olena = await builders.tutor(core)
    await tables.arrange(core, olena, slot_step=QUARTER, buffer_before=QUARTER, buffer_after=2 * QUARTER)
    everybody = await students(core, TASKS)
    starts = [TOMORROW_AT_TEN + (number % 25) * QUARTER for number in range(TASKS)]
    random.Random(7).shuffle(starts)

    outcomes = await tables.race(
        [builders.request(core, olena, one, at) for one, at in zip(everybody, starts, strict=True)]
    )

    assert await tables.collisions(core) == 0
    assert 3 <= len(won(outcomes)) == len(await tables.rows(core, TimeSlot))
    assert all(isinstance(one, LessonCard | TimeTaken) for one in outcomes)


async def test_a_student_who_asks_two_tutors_for_one_time_gets_one(core):
    olena, ostap, ira = await builders.tutor(core), await builders.tutor(core, "Остап"), await builders.person(core)

    for days in range(5):
        at = TOMORROW_AT_TEN + days * DAY
        outcomes = await tables.race([builders.request(core, tutor, ira, at) for tutor in (olena, ostap)])
        assert sorted(type(one) for one in outcomes if one not in won(outcomes)) == [StudentBusy]
    assert await tables.collisions(core) == 0


async def test_the_same_request_tapped_many_times_is_one_request(core):
    olena, ira = await builders.tutor(core), await builders.person(core)

    outcomes = await tables.race([builders.request(core, olena, ira, TOMORROW_AT_TEN) for _ in range(8)])

    assert len({lesson.id for lesson in outcomes}) == 1
    assert [len(await tables.rows(core, model)) for model in (Booking, BookingHistory, Notification)] == [1, 1, 1]


async def test_confirm_tapped_many_times_confirms_once(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN + DAY)

    outcomes = await tables.race([confirm(core, lesson) for _ in range(8)])

    assert {one.status for one in outcomes} == {BookingStatus.CONFIRMED}
    assert [len(await tables.rows(core, model)) for model in (BookingHistory, Notification, Reminder)] == [2, 2, 6]


async def test_confirm_against_cancel_ends_cancelled_and_nobody_is_reminded(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    for days in range(5):
        lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN + days * DAY)
        outcomes = await tables.race([confirm(core, lesson), cancel(core, lesson, ira.id)])
        assert isinstance(outcomes[0], LessonCard | AlreadySettled)
        assert outcomes[1].status is BookingStatus.CANCELLED_STUDENT

    assert await tables.rows(core, TimeSlot) == []
    assert {row.status for row in await tables.rows(core, Reminder)} <= {DeliveryStatus.CANCELLED}


async def test_only_one_of_decline_cancel_and_expiry_settles_a_request(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    clock.now = lesson.expires_at

    async def expire():
        async with core.begin() as work:
            return await bookings.expire(work, booking_id=lesson.id)

    await tables.race([decline(core, lesson), expire(), cancel(core, lesson, ira.id), expire()])

    (booking,) = await tables.rows(core, Booking)
    history = await tables.rows(core, BookingHistory)
    assert len(history) == 2
    assert history[-1].details["status"] == booking.status
    assert await tables.rows(core, TimeSlot) == []


async def test_people_who_teach_each_other_never_wait_for_each_other(core):
    circle = [await builders.tutor(core, name) for name in ("Олена", "Остап", "Оксана")]
    pairs = [(tutor, student) for tutor in circle for student in circle if tutor is not student]
    chances = random.Random(7)
    wishes = [(*chances.choice(pairs), TOMORROW_AT_TEN + chances.randrange(6) * HOUR) for _ in range(TASKS)]

    outcomes = await tables.race([builders.request(core, *wish) for wish in wishes])

    assert await tables.collisions(core) == 0
    lessons = won(outcomes)
    assert lessons
    await tables.race(
        [
            step
            for one in lessons
            for step in (confirm(core, one), cancel(core, one, one.student_id), decline(core, one))
        ]
    )
    assert await tables.rows(core, TimeSlot) == []


async def test_the_last_seat_of_a_day_is_given_once(core):
    olena = await builders.tutor(core)
    await tables.arrange(core, olena, max_lessons_per_day=3)
    everybody = await students(core, 7)

    times = [TOMORROW_AT_TEN + hours * HOUR for hours in range(7)]
    outcomes = await tables.race(
        [builders.request(core, olena, one, at) for one, at in zip(everybody, times, strict=True)]
    )

    assert len(won(outcomes)) == 3


async def test_the_database_itself_refuses_a_second_lesson_at_one_start(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    (slot,) = await tables.rows(core, TimeSlot)
    again = {name: value for name, value in slot._mapping.items() if name != "id"}

    async with core.begin() as work:
        for status in (SlotStatus.BLOCKED, SlotStatus.AVAILABLE, SlotStatus.PAST):
            await work.session.execute(insert(table(TimeSlot)).values(**{**again, "status": status}))
    with pytest.raises(IntegrityError) as raised:
        await tables.write(core, TimeSlot, **again)
    assert violates(raised.value, LIVE_START)
    (other,) = table(Person).indexes
    assert not violates(raised.value, other)
