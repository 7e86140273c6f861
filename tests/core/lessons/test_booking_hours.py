"""What the clock does to a lesson: requests lapse, cancelling begins to cost, lists move on."""

from datetime import UTC, datetime, timedelta

import pytest

from core.enums import BookingAction, BookingStatus, Event, LessonType
from core.errors import ChargeNotSaid, NotFound
from core.hours import exceptions
from core.lessons import bookings, lessons
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.notification import Notification
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def expire(core, lesson):
    async with core.begin() as work:
        return await bookings.expire(work, booking_id=lesson.id)


async def lapsed(core):
    async with core.read() as work:
        return await bookings.lapsed(work)


async def next_lapse(core):
    async with core.read() as work:
        return await bookings.next_lapse(work)


async def cancel(core, lesson, actor, reason="хворію"):
    async with core.begin() as work:
        return await bookings.cancel(work, booking_id=lesson.id, actor_id=actor.id, reason=reason, charge_accepted=True)


async def test_a_request_nobody_answered_lapses_at_its_hour_and_not_before(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    assert lesson.expires_at == TOMORROW_AT_TEN - HOUR == await next_lapse(core)

    clock.now = lesson.expires_at - INSTANT
    assert await lapsed(core) == []
    assert not await expire(core, lesson)

    clock.now = lesson.expires_at
    assert await lapsed(core) == [lesson.id]
    assert await expire(core, lesson)
    assert not await expire(core, lesson)
    assert (await lapsed(core), await next_lapse(core)) == ([], None)


async def test_both_hear_of_a_lapsed_request_and_its_time_is_free_again(core, clock):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN + 2 * DAY)
    clock.now = lesson.expires_at
    await expire(core, lesson)

    told = {row.recipient_id for row in await tables.rows(core, Notification) if row.event is Event.BOOKING_EXPIRED}
    line = (await tables.rows(core, BookingHistory))[-1]

    assert told == {olena.id, ira.id}
    assert (line.action, line.performed_by) == (BookingAction.EXPIRED, None)
    assert await builders.request(core, olena, max_, TOMORROW_AT_TEN + 2 * DAY)


async def test_a_request_answered_in_time_does_not_lapse(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    await builders.confirm(core, lesson)
    clock.now = lesson.expires_at + HOUR

    assert await lapsed(core) == []
    assert not await expire(core, lesson)


async def test_what_lapsed_first_is_settled_first(core, clock):
    olena = await builders.tutor(core)
    late = await builders.request(core, olena, await builders.person(core), TOMORROW_AT_TEN + HOUR)
    early = await builders.request(core, olena, await builders.person(core), TOMORROW_AT_TEN)
    clock.now = TOMORROW_AT_TEN + 2 * HOUR

    assert await lapsed(core) == [early.id, late.id]
    async with core.read() as work:
        assert await bookings.lapsed(work, limit=1) == [early.id]


async def test_nobody_lets_lapse_what_does_not_exist(core, clock):
    async with core.begin() as work:
        with pytest.raises(NotFound):
            await bookings.expire(work, booking_id=404)


@pytest.mark.parametrize(
    ("late_by", "charged"), [(-INSTANT, False), (timedelta(0), False), (INSTANT, True), (20 * HOUR, True)]
)
async def test_a_student_pays_for_cancelling_after_the_free_hour(core, clock, late_by, charged):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN + 7 * DAY))
    clock.now = lesson.terms.free_until + late_by

    assert lesson.is_charged_at(clock.now) is charged
    cancelled = await cancel(core, lesson, ira)

    assert lesson.terms.free_until == TOMORROW_AT_TEN + 6 * DAY
    assert cancelled.terms.is_charged is charged


async def test_nobody_pays_who_was_not_told(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))
    clock.now = TOMORROW_AT_TEN - HOUR
    before = await tables.dump(core)
    with pytest.raises(ChargeNotSaid):
        async with core.begin() as work:
            await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)
    assert await tables.dump(core) == before
    assert (await cancel(core, lesson, ira)).terms.is_charged


async def test_a_student_whom_the_tutor_asked_to_move_cancels_for_nothing_however_late(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))
    clock.now = TOMORROW_AT_TEN - HOUR
    async with core.begin() as work:
        await exceptions.ask_to_move(work, tutor_id=olena.id, booking_id=lesson.id)
    async with core.read() as work:
        seen = await lessons.card(work, booking_id=lesson.id, viewer_id=ira.id)
    assert (seen.answers.move_wanted, seen.is_charged_at(clock.now)) == (True, False)
    async with core.begin() as work:
        assert not (await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)).terms.is_charged


async def test_second_thoughts_within_the_hour_cost_nothing(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(core, olena, cancellation_policy="strict")
    starts_at = clock.now + 25 * HOUR
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, starts_at))
    clock.advance(hours=1)

    assert not (await cancel(core, lesson, ira)).terms.is_charged


async def test_a_late_cancel_of_a_request_a_trial_or_by_the_tutor_is_never_charged(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    times = [TOMORROW_AT_TEN + hours * HOUR for hours in range(3)]
    request, trial, lesson = [await builders.request(core, olena, ira, at) for at in times]
    for one in (trial, lesson):
        await builders.confirm(core, one)
    await make_trial(core, trial)
    clock.now = TOMORROW_AT_TEN - HOUR

    assert not (await cancel(core, request, ira)).terms.is_charged
    assert not (await cancel(core, trial, ira)).terms.is_charged
    assert not (await cancel(core, lesson, olena)).terms.is_charged


async def test_a_list_shows_what_is_ahead_and_under_way_the_nearest_first(core, clock):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    third = await builders.request(core, olena, ira, TOMORROW_AT_TEN + 2 * HOUR)
    first = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    second = await builders.request(core, olena, max_, TOMORROW_AT_TEN + HOUR)
    await cancel(core, third, ira)

    assert await upcoming(core, olena) == [first.id, second.id]
    assert await upcoming(core, olena, limit=1, offset=1) == [second.id]
    assert await upcoming(core, ira) == [first.id]
    clock.now = first.ends_at - INSTANT
    assert await upcoming(core, ira) == [first.id]
    clock.now = first.ends_at
    assert await upcoming(core, ira) == []


async def test_requests_wait_for_their_tutor_until_they_are_answered_or_begin(core, clock):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    second = await builders.request(core, olena, await builders.person(core), TOMORROW_AT_TEN + HOUR)
    first = await builders.request(core, olena, await builders.person(core), TOMORROW_AT_TEN)
    answered = await builders.request(core, olena, await builders.person(core), TOMORROW_AT_TEN + 2 * HOUR)
    await builders.confirm(core, answered)

    assert await pending(core, olena) == [first.id, second.id]
    assert await pending(core, ostap) == []
    clock.now = first.starts_at
    assert await pending(core, olena) == [second.id]


async def test_each_side_sees_the_other_one_by_name(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    async with core.read() as work:
        seen = await lessons.card(work, booking_id=lesson.id, viewer_id=olena.id)

    assert (lesson.viewer_is_tutor, lesson.other_name) == (False, "Олена")
    assert (seen.viewer_is_tutor, seen.other_name) == (True, "Іра")
    assert seen.status is BookingStatus.PENDING


async def upcoming(core, person, **page):
    async with core.read() as work:
        return [card.id for card in await lessons.upcoming(work, person_id=person.id, **{"limit": 10, **page})]


async def pending(core, tutor):
    async with core.read() as work:
        return [card.id for card in await lessons.pending(work, tutor_id=tutor.id, limit=10)]


async def make_trial(core, lesson):
    async with core.begin() as work:
        booking = await work.session.get_one(Booking, lesson.id)
        booking.lesson_type = LessonType.TRIAL
