"""Days off and other hours: what they change in the offer, and that no lesson is touched by them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.enums import BookingStatus, Event, ExceptionType
from core.errors import (
    AlreadySettled,
    EmptyPeriod,
    LessonBegun,
    NotATutor,
    NotFound,
    PeriodPassed,
    PeriodTooLong,
    TooManyExceptions,
)
from core.hours import exceptions
from core.hours.exceptions import ExceptionDates
from core.lessons import bookings
from core.times import offers
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.date_exception import DateException
from db.models.notification import Notification
from tests import builders
from tests.core import tables

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
TUESDAY_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ILL = ExceptionType.SICK_LEAVE


def off(first_on=TUESDAY, last_on=None, opens=None, closes=None, is_working=False, **facts):
    return ExceptionDates(ILL, first_on, last_on or first_on, opens, closes, is_working, **facts)


async def take(core, tutor, exception):
    async with core.begin() as work:
        return await exceptions.add(work, tutor_id=tutor.id, exception=exception)


async def hours(core, tutor, on=TUESDAY):
    async with core.read() as work:
        offer = await offers.day(work, tutor_id=tutor.id, on=on, timezone="Europe/Kyiv")
    return [span.starts_at.hour + 2 for span in offer.times]


async def card(core, tutor, exception_id):
    async with core.read() as work:
        return await exceptions.card(work, tutor_id=tutor.id, exception_id=exception_id)


@pytest.mark.parametrize(
    ("exception", "offered"),
    [
        (off(), []),
        (off(MONDAY, WEDNESDAY), []),
        (off(opens=time(10), closes=time(15)), [9, 15, 16]),
        (off(opens=time(18), closes=time(20), is_working=True), [18, 19]),
        (off(WEDNESDAY), list(range(9, 17))),
    ],
)
async def test_what_is_off_is_not_offered_and_comes_back_when_it_is_removed(core, exception, offered):
    olena = await builders.tutor(core)
    added = await take(core, olena, exception)
    assert added.exception == exception
    assert await hours(core, olena) == offered
    for _ in range(2):
        async with core.begin() as work:
            await exceptions.remove(work, tutor_id=olena.id, exception_id=added.id)
    assert await hours(core, olena) == list(range(9, 17))


async def test_the_same_twice_is_there_once_also_when_it_comes_at_once(core):
    olena = await builders.tutor(core)
    wanted = [off(), off(opens=time(9), closes=time(10))] * 3
    cards = await tables.race([take(core, olena, exception) for exception in wanted])
    assert len({each.id for each in cards}) == len(await tables.rows(core, DateException)) == 2


@pytest.mark.parametrize(
    ("exception", "refusal"),
    [
        (off(TUESDAY, MONDAY), EmptyPeriod),
        (off(MONDAY - DAY, WEDNESDAY), PeriodPassed),
        (off(TUESDAY, TUESDAY + 366 * DAY), PeriodTooLong),
    ],
)
async def test_days_that_can_not_be_are_refused(core, exception, refusal):
    olena = await builders.tutor(core)
    with pytest.raises(refusal):
        await take(core, olena, exception)
    assert not await tables.rows(core, DateException)


async def test_today_and_a_whole_year_can_be_off(core):
    olena = await builders.tutor(core)
    await take(core, olena, off(MONDAY, MONDAY + 365 * DAY))
    assert not await hours(core, olena)


async def test_today_is_the_tutors_own(core, clock):
    clock.now = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # Tuesday already in Kyiv
    olena = await builders.tutor(core)
    await take(core, olena, off(TUESDAY))
    with pytest.raises(PeriodPassed):
        await take(core, olena, off(MONDAY))


async def test_several_are_added_all_or_none(core):
    olena = await builders.tutor(core)
    with pytest.raises(PeriodPassed):
        async with core.begin() as work:
            await exceptions.add_all(work, tutor_id=olena.id, wanted=[off(), off(MONDAY - DAY)])
    assert not await tables.rows(core, DateException)


async def test_one_too_many_is_refused_and_those_that_are_over_do_not_count(core, clock, monkeypatch):
    monkeypatch.setattr(exceptions, "MOST_COMING", 2)
    olena = await builders.tutor(core)
    await take(core, olena, off(MONDAY))
    await take(core, olena, off(TUESDAY))
    with pytest.raises(TooManyExceptions):
        await take(core, olena, off(WEDNESDAY))
    clock.advance(days=1)
    await take(core, olena, off(WEDNESDAY))
    async with core.read() as work:
        coming = await exceptions.coming(work, tutor_id=olena.id)
    assert [each.exception.first_on for each in coming] == [TUESDAY, WEDNESDAY]


async def lessons(core):
    """Three on Tuesday: 10 and 12 agreed, 14 asked for."""
    olena, ira = await builders.tutor(core), await builders.person(core)
    made = [await builders.request(core, olena, ira, TUESDAY_AT_TEN + n * HOUR) for n in (0, 2, 4)]
    return olena, ira, [await builders.confirm(core, lesson) for lesson in made[:2]] + made[2:]


async def test_lessons_in_the_way_are_told_of_and_stand(core):
    olena, _, made = await lessons(core)
    before = (
        await tables.rows(core, Booking),
        await tables.rows(core, BookingHistory),
        await tables.rows(core, Notification),
    )

    seen = {
        off(): [0, 1, 2],
        off(opens=time(11), closes=time(15)): [1, 2],
        off(opens=time(12), closes=time(18), is_working=True): [0],
        off(WEDNESDAY): [],
    }
    for exception, met in seen.items():
        added = await take(core, olena, exception)
        assert [lesson.id for lesson in added.conflicts] == [made[number].id for number in met]
    after = (
        await tables.rows(core, Booking),
        await tables.rows(core, BookingHistory),
        await tables.rows(core, Notification),
    )
    assert after == before


async def test_a_lesson_that_has_begun_is_in_nobodys_way(core, clock):
    olena, _, made = await lessons(core)
    added = await take(core, olena, off())
    clock.now = TUESDAY_AT_TEN + HOUR / 2
    assert [lesson.id for lesson in (await card(core, olena, added.id)).conflicts] == [each.id for each in made[1:]]


async def test_lessons_a_tutor_takes_themselves_are_not_in_the_way(core):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    await builders.request(core, ostap, olena, TUESDAY_AT_TEN)
    assert not (await take(core, olena, off())).conflicts


async def test_all_are_called_off_with_the_reason_and_each_student_hears(core):
    olena, ira, made = await lessons(core)
    added = await take(core, olena, off())
    async with core.begin() as work:
        assert await exceptions.call_all_off(work, tutor_id=olena.id, exception_id=added.id, reason="Хворію", told=3)
    rows = await tables.rows(core, Booking)
    assert {(row.status, row.cancel_reason) for row in rows} == {(BookingStatus.CANCELLED_TUTOR, "Хворію")}
    told = [row for row in await tables.rows(core, Notification) if row.event is Event.BOOKING_CANCELLED]
    assert sorted((row.recipient_id, row.booking_id) for row in told) == [(ira.id, lesson.id) for lesson in made]
    assert not (await card(core, olena, added.id)).conflicts


async def test_one_in_the_way_is_called_off_and_one_that_is_not_stands(core):
    olena, ira, made = await lessons(core)
    other = await builders.request(core, olena, ira, TUESDAY_AT_TEN + 3 * DAY)
    added = await take(core, olena, off())
    meant = {"tutor_id": olena.id, "exception_id": added.id, "reason": "Хворію"}
    for _ in range(2):
        async with core.begin() as work:
            gone = await exceptions.call_off(work, booking_id=made[0].id, **meant)
        assert (gone.status, gone.cancel_reason) == (BookingStatus.CANCELLED_TUTOR, "Хворію")
    before = await tables.dump(core)
    with pytest.raises(NotFound):
        async with core.begin() as work:
            await exceptions.call_off(work, booking_id=other.id, **meant)
    assert await tables.dump(core) == before


async def test_none_is_called_off_when_there_are_others_than_were_told_of(core):
    olena, _, _ = await lessons(core)
    added = await take(core, olena, off())
    before = await tables.dump(core)
    async with core.begin() as work:
        assert not await exceptions.call_all_off(
            work, tutor_id=olena.id, exception_id=added.id, reason="Хворію", told=2
        )
    assert await tables.dump(core) == before


async def test_students_are_asked_to_move_once_and_the_lesson_stands(core):
    olena, ira, made = await lessons(core)
    added = await take(core, olena, off())
    booked = await tables.rows(core, Booking)
    async with core.begin() as work:
        await exceptions.ask_to_move(work, tutor_id=olena.id, booking_id=made[0].id)
    async with core.read() as work:
        assert await exceptions.asked_to_move(work, made) == {made[0].id}
    for _ in range(2):
        async with core.begin() as work:
            await exceptions.ask_all_to_move(work, tutor_id=olena.id, exception_id=added.id)
    told = [row for row in await tables.rows(core, Notification) if row.event is Event.MOVE_WANTED]
    assert sorted((row.recipient_id, row.booking_id) for row in told) == [(ira.id, lesson.id) for lesson in made]
    assert await tables.rows(core, Booking) == booked


async def test_nobody_is_asked_to_move_what_is_over(core, clock):
    olena, ira, made = await lessons(core)
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=made[0].id, actor_id=ira.id)
    with pytest.raises(AlreadySettled):
        async with core.begin() as work:
            await exceptions.ask_to_move(work, tutor_id=olena.id, booking_id=made[0].id)
    clock.now = made[1].starts_at
    with pytest.raises(LessonBegun):
        async with core.begin() as work:
            await exceptions.ask_to_move(work, tutor_id=olena.id, booking_id=made[1].id)


async def test_words_are_kept_and_not_longer_than_there_is_room(core):
    olena = await builders.tutor(core)
    added = await take(core, olena, off(words="І" * 300))
    assert added.exception.words == "І" * 200
    async with core.begin() as work:
        await exceptions.explain(work, tutor_id=olena.id, exception_id=added.id, words="Ї" * 300)
    assert (await card(core, olena, added.id)).exception.words == "Ї" * 200


USE_CASES = {
    "card": lambda work, actor, day, _: exceptions.card(work, tutor_id=actor, exception_id=day),
    "explain": lambda work, actor, day, _: exceptions.explain(work, tutor_id=actor, exception_id=day, words="ні"),
    "call all off": lambda work, actor, day, _: exceptions.call_all_off(
        work, tutor_id=actor, exception_id=day, reason="ні", told=3
    ),
    "call one off": lambda work, actor, day, lesson: exceptions.call_off(
        work, tutor_id=actor, exception_id=day, booking_id=lesson, reason="ні"
    ),
    "ask all": lambda work, actor, day, _: exceptions.ask_all_to_move(work, tutor_id=actor, exception_id=day),
    "ask one": lambda work, actor, _, lesson: exceptions.ask_to_move(work, tutor_id=actor, booking_id=lesson),
    "remove": lambda work, actor, day, _: exceptions.remove(work, tutor_id=actor, exception_id=day),
    "add": lambda work, actor, _day, _lesson: exceptions.add(work, tutor_id=actor, exception=off(WEDNESDAY)),
}


@pytest.mark.parametrize("use_case", USE_CASES)
async def test_a_day_off_is_its_tutors_alone(core, use_case):
    olena, ira, made = await lessons(core)
    ostap = await builders.tutor(core, "Остап")
    day = (await take(core, olena, off())).id
    before = await tables.dump(core)
    for actor in (ira.id, 10**6, *([] if use_case == "add" else [ostap.id])):
        try:
            async with core.begin() as work:
                await USE_CASES[use_case](work, actor, day, made[0].id)
        except (NotFound, NotATutor):
            pass
        else:
            assert use_case == "remove"
        assert await tables.dump(core) == before
    async with core.begin() as work:
        await USE_CASES[use_case](work, olena.id, day, made[0].id)
    assert use_case == "card" or await tables.dump(core) != before


async def test_asking_all_to_move_takes_the_tutor_first(core):
    olena = await builders.tutor(core)
    await builders.request(core, olena, await builders.person(core), TUESDAY_AT_TEN)
    added = await take(core, olena, off())
    async with core.begin() as work:
        with tables.statements(work) as asked:
            await exceptions.ask_all_to_move(work, tutor_id=olena.id, exception_id=added.id)
    assert "FROM tutor_settings" in asked[0]


async def test_many_days_at_once_read_the_lessons_ahead_once(core):
    olena = await builders.tutor(core)
    await builders.request(core, olena, await builders.person(core), TUESDAY_AT_TEN)
    async with core.begin() as work:
        with tables.statements(work) as asked:
            added = await exceptions.add_all(work, tutor_id=olena.id, wanted=[off(MONDAY + n * DAY) for n in range(5)])
    assert sum("FROM booking" in sql for sql in asked) == 1
    assert [len(one.conflicts) for one in added] == [0, 1, 0, 0, 0]
