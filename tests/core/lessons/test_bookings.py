from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.delivery import queue
from core.enums import BookingAction, BookingStatus, CancellationPolicy, DeliveryStatus, Event, SlotStatus
from core.errors import TimeTaken
from core.lessons import bookings, lessons
from core.pure.planning.values import Span
from core.times import slots
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.notification import Notification
from db.models.reminder import Reminder
from db.models.time_slot import TimeSlot
from db.models.tutor_student import TutorStudent
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
IN_A_WEEK = TOMORROW_AT_TEN + timedelta(days=7)


async def cancel(core, lesson, actor, reason=None):
    async with core.begin() as work:
        return await bookings.cancel(work, booking_id=lesson.id, actor_id=actor.id, reason=reason, charge_accepted=True)


async def decline(core, lesson, reason=None):
    async with core.begin() as work:
        return await bookings.decline(work, booking_id=lesson.id, tutor_id=lesson.tutor_id, reason=reason)


async def test_a_request_holds_the_time_and_the_tutor_hears_of_it(core):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")

    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    assert lesson.status is BookingStatus.PENDING
    with pytest.raises(TimeTaken):
        await builders.request(core, olena, max_, TOMORROW_AT_TEN)
    async with core.begin() as work:
        claimed = await queue.claim(work, limit=10)
    assert [(c.event, c.recipient_id) for c in claimed] == [(Event.BOOKING_CREATED, olena.id)]


async def test_a_request_is_no_reminder_yet_and_makes_the_two_known_to_each_other(core):
    olena, ira = await builders.tutor(core), await builders.person(core)

    await builders.request(core, olena, ira, IN_A_WEEK)

    assert await tables.rows(core, Reminder) == []
    assert [(row.tutor_id, row.student_id) for row in await tables.rows(core, TutorStudent)] == [(olena.id, ira.id)]


async def test_where_everybody_is_accepted_the_lesson_stands_at_once(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(core, olena, auto_accept=True)

    lesson = await builders.request(core, olena, ira, IN_A_WEEK)

    assert (lesson.status, lesson.expires_at) == (BookingStatus.CONFIRMED, None)
    assert len(await tables.rows(core, Reminder)) == 6
    assert await builders.confirm(core, lesson) == await card(core, lesson, olena)


async def test_a_confirmed_lesson_reminds_both_sides_at_each_distance(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN + timedelta(days=2)))

    clock.now = lesson.starts_at
    async with core.begin() as work:
        claimed = await queue.claim(work, limit=10)

    reminders = {(c.minutes_before, c.recipient_id) for c in claimed if c.event is None}
    assert reminders == {(m, p.id) for m in (1440, 60, 15) for p in (olena, ira)}


async def test_a_lesson_confirmed_late_has_only_the_reminders_still_ahead(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    clock.now = lesson.starts_at - timedelta(minutes=30)
    await builders.confirm(core, lesson)

    assert [row.minutes_before for row in await tables.rows(core, Reminder)] == [15, 15]


async def test_a_cancelled_time_is_free_again(core):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))

    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)

    again = await builders.request(core, olena, max_, TOMORROW_AT_TEN)
    assert again.status is BookingStatus.PENDING


@pytest.mark.parametrize("by_tutor", [True, False])
async def test_nobody_is_reminded_of_a_cancelled_lesson_and_the_other_side_hears_of_it(core, by_tutor):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, IN_A_WEEK))
    actor, other = (olena, ira) if by_tutor else (ira, olena)

    await cancel(core, lesson, actor, "хворію")

    assert {row.status for row in await tables.rows(core, Reminder)} == {DeliveryStatus.CANCELLED}
    told = [row.recipient_id for row in await tables.rows(core, Notification) if row.event is Event.BOOKING_CANCELLED]
    assert told == [other.id]


async def test_a_declined_request_frees_the_time_and_keeps_the_reason_within_bounds(core):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    declined = await decline(core, lesson, "х" * 600)

    assert (declined.status, declined.cancel_reason) == (BookingStatus.CANCELLED_TUTOR, "х" * 500)
    assert (await builders.request(core, olena, max_, TOMORROW_AT_TEN)).id != lesson.id


@pytest.mark.parametrize("step", ["request", "confirm", "decline", "cancel by student", "cancel by tutor"])
async def test_a_second_tap_gets_the_answer_of_the_first_and_changes_nothing(core, clock, step):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    taps = {
        "request": lambda: builders.request(core, olena, ira, TOMORROW_AT_TEN),
        "confirm": lambda: builders.confirm(core, lesson),
        "decline": lambda: decline(core, lesson, "ні"),
        "cancel by student": lambda: cancel(core, lesson, ira, "ні"),
        "cancel by tutor": lambda: cancel(core, lesson, olena, "ні"),
    }

    first = await taps[step]()
    after_first = await tables.dump(core)
    clock.advance(minutes=1)

    assert await taps[step]() == first
    assert await tables.dump(core) == after_first


async def test_a_second_tap_on_a_request_that_was_confirmed_meanwhile_shows_the_lesson(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))

    again = await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    assert (again.id, again.status) == (lesson.id, BookingStatus.CONFIRMED)


async def test_who_cancelled_may_ask_for_the_same_time_again(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    await cancel(core, lesson, ira)

    again = await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    assert again.id != lesson.id
    assert [row.status for row in await tables.rows(core, TimeSlot)] == [SlotStatus.BOOKED]


async def test_the_history_tells_who_did_what(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    agreed = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))
    clock.advance(hours=3)
    await cancel(core, agreed, ira, "хворію")
    await decline(core, await builders.request(core, olena, ira, IN_A_WEEK))

    history = [(row.booking_id, row.action, row.performed_by) for row in await tables.rows(core, BookingHistory)]
    other = history[-1][0]

    assert history == [
        (agreed.id, BookingAction.REQUESTED, ira.id),
        (agreed.id, BookingAction.CONFIRMED, olena.id),
        (agreed.id, BookingAction.CANCELLED, ira.id),
        (other, BookingAction.REQUESTED, ira.id),
        (other, BookingAction.DECLINED, olena.id),
    ]


async def test_the_history_of_a_late_cancel_tells_the_reason_and_the_charge(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))
    clock.advance(hours=3)
    await cancel(core, lesson, ira, "хворію")

    line = (await tables.rows(core, BookingHistory))[-1]

    assert line.created_at == clock.now
    assert line.details == {
        "status": "cancelled_student",
        "before": "confirmed",
        "cancel_reason": "хворію",
        "is_charged": True,
    }


async def test_the_terms_of_the_day_it_was_made_hold_for_a_lesson(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(core, olena, price=Decimal("350.50"), cancellation_policy=CancellationPolicy.STRICT)
    lesson = await builders.request(core, olena, ira, IN_A_WEEK)

    await tables.arrange(core, olena, price=Decimal(900), cancellation_policy=CancellationPolicy.FLEXIBLE)

    later = await card(core, lesson, ira)
    assert (later.terms.price, later.terms.free_until) == (Decimal("350.50"), IN_A_WEEK - timedelta(hours=48))


async def test_a_request_can_be_confirmed_after_the_hours_notice_and_buffers_have_changed(core, clock):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    await builders.request(core, olena, max_, TOMORROW_AT_TEN + timedelta(hours=1))

    half_an_hour = timedelta(minutes=30)
    await tables.arrange(core, olena, buffer_before=half_an_hour, buffer_after=half_an_hour, max_lessons_per_day=1)
    clock.now = TOMORROW_AT_TEN - timedelta(minutes=1)

    assert (await builders.confirm(core, lesson)).status is BookingStatus.CONFIRMED


async def test_a_custom_slot_is_booked_in_its_own_length(core):
    olena, ira = await builders.tutor(core, windows=()), await builders.person(core)
    ends_at = TOMORROW_AT_TEN + timedelta(minutes=90)
    await open_by_hand(core, olena, TOMORROW_AT_TEN, ends_at)

    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))

    assert (lesson.starts_at, lesson.ends_at) == (TOMORROW_AT_TEN, ends_at)
    booked = [row for row in await tables.rows(core, TimeSlot) if row.status is SlotStatus.BOOKED]
    assert [(row.start_datetime, row.end_datetime) for row in booked] == [(TOMORROW_AT_TEN, ends_at)]


async def test_a_booked_slot_tells_the_wall_clock_of_the_tutor_and_its_buffers(core):
    olena, ira = await builders.tutor(core), await builders.person(core, timezone="America/New_York")
    await tables.arrange(core, olena, buffer_before=timedelta(minutes=5), buffer_after=timedelta(minutes=10))
    await builders.request(core, olena, ira, TOMORROW_AT_TEN + timedelta(hours=-1))

    (slot,) = await tables.rows(core, TimeSlot)

    assert (str(slot.date), str(slot.start_time), str(slot.end_time)) == ("2026-11-24", "09:00:00", "10:00:00")
    assert (slot.buffer_before, slot.buffer_after) == (timedelta(minutes=5), timedelta(minutes=10))


async def test_the_index_is_the_last_line_and_speaks_as_a_time_taken(core, monkeypatch):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    before = await tables.dump(core)

    async def see_nothing(*_args, length, **_kwargs):
        return Span(TOMORROW_AT_TEN, TOMORROW_AT_TEN + length)

    monkeypatch.setattr(slots, "check", see_nothing)

    with pytest.raises(TimeTaken):
        await builders.request(core, olena, max_, TOMORROW_AT_TEN)
    assert await tables.dump(core) == before


async def test_what_was_rolled_back_is_neither_written_nor_announced(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    news = []
    core.on_news = lambda: news.append("news")

    async def fail_after_asking():
        async with core.begin() as work:
            await bookings.request(work, tutor_id=olena.id, student_id=ira.id, starts_at=TOMORROW_AT_TEN)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_after_asking()
    assert await tables.rows(core, Booking) == []
    assert await tables.rows(core, Notification) == []
    assert news == []
    await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    assert news == ["news"]


async def card(core, lesson, viewer):
    async with core.read() as work:
        return await lessons.card(work, booking_id=lesson.id, viewer_id=viewer.id)


async def open_by_hand(core, tutor, starts_at, ends_at):
    await tables.write(
        core,
        TimeSlot,
        tutor_id=tutor.id,
        date=starts_at.date(),
        start_time=starts_at.time(),
        end_time=ends_at.time(),
        start_datetime=starts_at,
        end_datetime=ends_at,
        status=SlotStatus.AVAILABLE,
        buffer_before=timedelta(0),
        buffer_after=timedelta(0),
        is_recurring=False,
    )
