"""A time is kept for who looks at it before asking, from all but the tutor, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import (
    AskedAlready,
    DayFull,
    NotATutor,
    NotFound,
    NoticeTooShort,
    OutsideHours,
    OwnHours,
    SameTime,
    StudentBusy,
    TimePassed,
    TimeTaken,
    TooFarAhead,
    TutorPaused,
)
from core.hours import tutor_slots
from core.lessons import bookings, lesson_offers, moves, writing_down
from core.lessons.lesson_offers import LessonOffer
from core.lessons.lessons import LessonCard
from core.people import tutors
from core.pure.planning.values import Span
from core.times import offers
from db.models.booking import Booking
from db.models.slot_hold import SlotHold
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOMORROW = TOMORROW_AT_TEN.date()
KYIV = "Europe/Kyiv"
TASKS = 32


async def three(core):
    return await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")


async def hold(core, olena, student, at=TOMORROW_AT_TEN):
    async with core.begin() as work:
        return await lesson_offers.hold(work, tutor_id=olena.id, student_id=student.id, starts_at=at)


async def let_go(core, student):
    async with core.begin() as work:
        await lesson_offers.release_hold(work, student_id=student.id)


async def free(core, olena, reader, on=TOMORROW):
    async with core.read() as work:
        reader_id = reader.id if reader else None
        offer = await offers.day(work, tutor_id=olena.id, on=on, timezone=KYIV, reader_id=reader_id)
        return [time.starts_at for time in offer.times]


async def test_a_time_is_kept_for_five_minutes(core, clock):
    olena, ira, max_ = await three(core)
    offer = await hold(core, olena, ira)
    assert offer.held_until == clock.now + 5 * MINUTE

    for nobody_or_another in (max_, None):
        assert TOMORROW_AT_TEN not in await free(core, olena, nobody_or_another)
    for step in (hold, builders.request):
        with pytest.raises(TimeTaken):
            await step(core, olena, max_, TOMORROW_AT_TEN)
    for who in (ira, olena):
        assert TOMORROW_AT_TEN in await free(core, olena, who)

    clock.now = offer.held_until - timedelta(microseconds=1)
    assert TOMORROW_AT_TEN not in await free(core, olena, max_)
    clock.now = offer.held_until
    assert TOMORROW_AT_TEN in await free(core, olena, max_)
    assert isinstance(await builders.request(core, olena, max_, TOMORROW_AT_TEN), LessonCard)
    with pytest.raises(TimeTaken):
        await builders.request(core, olena, ira, TOMORROW_AT_TEN)


async def test_what_is_kept_has_the_buffers_of_a_lesson_and_takes_its_seat(core):
    olena, ira, max_ = await three(core)
    await tables.arrange(core, olena, buffer_before=15 * MINUTE, buffer_after=30 * MINUTE, slot_step=15 * MINUTE)
    await hold(core, olena, ira, TOMORROW_AT_TEN)
    after = await free(core, olena, max_)
    async with core.begin() as work:
        await bookings.request(work, tutor_id=olena.id, student_id=ira.id, starts_at=TOMORROW_AT_TEN)
    assert await free(core, olena, max_) == after

    await hold(core, olena, ira, TOMORROW_AT_TEN + DAY)
    await tables.arrange(core, olena, max_lessons_per_day=1)
    with pytest.raises(DayFull):
        await hold(core, olena, max_, TOMORROW_AT_TEN + DAY + 4 * HOUR)


async def test_another_time_takes_the_place_of_the_first_and_asking_lets_go(core):
    olena, ira, max_ = await three(core)
    await hold(core, olena, ira)
    await hold(core, olena, ira, TOMORROW_AT_TEN + HOUR)
    assert [row.starts_at for row in await tables.rows(core, SlotHold)] == [TOMORROW_AT_TEN + HOUR]
    assert TOMORROW_AT_TEN in await free(core, olena, max_)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN + HOUR)
    assert await tables.rows(core, SlotHold) == []


async def test_looking_again_keeps_a_time_no_longer_within_the_hour(core, clock):
    olena, ira, max_ = await three(core)
    first = await hold(core, olena, ira)
    clock.advance(minutes=4)
    assert (await hold(core, olena, ira)).held_until == first.held_until
    clock.advance(minutes=2)
    assert (await hold(core, olena, ira)).held_until is None
    assert TOMORROW_AT_TEN in await free(core, olena, max_)
    clock.advance(minutes=53)
    assert (await hold(core, olena, ira)).held_until is None
    clock.advance(minutes=1)
    assert (await hold(core, olena, ira)).held_until == clock.now + 5 * MINUTE


async def test_a_time_let_go_is_free_at_once_and_kept_again_when_it_is_picked_again(core, clock):
    olena, ira, max_ = await three(core)
    await hold(core, olena, ira)
    clock.advance(minutes=2)
    await let_go(core, ira)
    assert TOMORROW_AT_TEN in await free(core, olena, max_)
    assert (await hold(core, olena, ira)).held_until == clock.now + 5 * MINUTE
    await let_go(core, max_)
    assert TOMORROW_AT_TEN not in await free(core, olena, max_)


@pytest.mark.parametrize("back_and_forth", [True, False], ids=["the same again", "one after the other"])
async def test_times_in_turn_are_kept_for_half_of_an_hour_at_most(core, clock, back_and_forth):
    olena, ira, _ = await three(core)
    began_at = clock.now
    kept = []
    for number in range(15):
        at = TOMORROW_AT_TEN + (0 if back_and_forth else number % 2) * HOUR
        if back_and_forth:
            await let_go(core, ira)
        kept.append((await hold(core, olena, ira, at)).held_until)
        clock.advance(minutes=4)
    assert max(until for until in kept if until) == began_at + 30 * MINUTE
    assert kept[8:] == [None] * 7
    assert (await hold(core, olena, ira)).held_until == clock.now + 5 * MINUTE


async def test_what_one_has_asked_for_already_is_not_said_to_be_taken(core):
    olena, ira, max_ = await three(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    with pytest.raises(AskedAlready) as refused:
        await hold(core, olena, ira)
    assert refused.value.booking_id == lesson.id
    with pytest.raises(TimeTaken):
        await hold(core, olena, max_)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (TOMORROW_AT_TEN - DAY - HOUR, TimePassed),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), NoticeTooShort),
        (TOMORROW_AT_TEN - 4 * HOUR, OutsideHours),
        (TOMORROW_AT_TEN + 7 * MINUTE, OutsideHours),
        (TOMORROW_AT_TEN + 40 * DAY, TooFarAhead),
    ],
)
async def test_only_what_can_be_booked_is_kept(core, at, refusal):
    olena, ira, _ = await three(core)
    await hold(core, olena, ira)
    with pytest.raises(refusal):
        await hold(core, olena, ira, at)
    assert [row.starts_at for row in await tables.rows(core, SlotHold)] == [TOMORROW_AT_TEN]


async def test_who_can_book_nothing_keeps_nothing(core):
    olena, ira, max_ = await three(core)
    ostap = await builders.tutor(core, "Остап")
    await builders.request(core, ostap, ira, TOMORROW_AT_TEN)
    with pytest.raises(StudentBusy):
        await hold(core, olena, ira)
    with pytest.raises(OwnHours):
        await hold(core, olena, olena)
    with pytest.raises(NotATutor):
        await hold(core, ira, max_)
    await tables.arrange(core, olena, accepts_new_students=False)
    with pytest.raises(TutorPaused):
        await hold(core, olena, max_)
    assert await tables.rows(core, SlotHold) == []


async def test_the_tutor_is_kept_from_nothing(core):
    olena, ira, max_ = await three(core)
    asked = await builders.request(core, olena, max_, TOMORROW_AT_TEN + HOUR)
    await hold(core, olena, ira)
    async with core.begin() as work:
        await tutors.meet(work, tutor_id=olena.id, student_id=max_.id)
        await writing_down.write_down(work, tutor_id=olena.id, student_id=max_.id, starts_at=TOMORROW_AT_TEN)
    with pytest.raises(TimeTaken):
        await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    await hold(core, olena, ira, TOMORROW_AT_TEN + 2 * HOUR)
    async with core.begin() as work:
        to = TOMORROW_AT_TEN + 2 * HOUR
        await moves.move(work, booking_id=asked.id, actor_id=olena.id, starts_at=to)
    with pytest.raises(TimeTaken):
        await builders.request(core, olena, ira, TOMORROW_AT_TEN + 2 * HOUR)


async def test_a_student_who_moves_a_lesson_is_kept_the_new_time(core):
    olena, ira, max_ = await three(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN + DAY)
    to = TOMORROW_AT_TEN + DAY + 2 * HOUR

    async def keep(who, starts_at=to):
        async with core.begin() as work:
            return await moves.hold(work, booking_id=lesson.id, student_id=who.id, starts_at=starts_at)

    assert await keep(ira) is not None
    with pytest.raises(TimeTaken):
        await hold(core, olena, max_, to)
    for nobody in (olena, max_):
        with pytest.raises(NotFound):
            await keep(nobody)
    with pytest.raises(SameTime):
        await keep(ira, lesson.starts_at)
    with pytest.raises(OutsideHours):
        await keep(ira, to + 9 * HOUR)
    async with core.begin() as work:
        moved = await moves.move(work, booking_id=lesson.id, actor_id=ira.id, starts_at=to)
    assert moved.starts_at == to
    assert await tables.rows(core, SlotHold) == []


async def test_those_long_past_are_forgotten(core, clock):
    olena, *_ = await three(core)
    for number in range(3):
        await hold(core, olena, await builders.person(core, f"Учень {number}"), TOMORROW_AT_TEN + number * HOUR)
    clock.advance(minutes=59)
    await hold(core, olena, await builders.person(core), TOMORROW_AT_TEN)
    assert len(await tables.rows(core, SlotHold)) == 4
    clock.advance(minutes=1)
    await hold(core, olena, await builders.person(core), TOMORROW_AT_TEN + 3 * HOUR)
    assert len(await tables.rows(core, SlotHold)) == 2


async def test_ones_own_row_is_written_before_others_are_taken_in_hand(core, clock):
    """The other way round two wait for each other: each has the row of the other."""
    olena, ira, max_ = await three(core)
    for student in (ira, max_):
        await hold(core, olena, student, TOMORROW_AT_TEN + student.id * HOUR)
    clock.advance(hours=2)
    async with core.begin() as work:
        with tables.statements(work) as asked:
            await lesson_offers.hold(work, tutor_id=olena.id, student_id=ira.id, starts_at=TOMORROW_AT_TEN)
    written = [words.split()[0] for words in asked if "slot_hold" in words and not words.startswith("SELECT")]
    assert written == ["DELETE", "INSERT", "DELETE"]


async def test_of_many_who_look_at_one_time_it_is_kept_for_one(core):
    olena = await builders.tutor(core)
    everybody = [await builders.person(core, f"Учень {number}") for number in range(TASKS)]

    outcomes = await tables.race([hold(core, olena, one) for one in everybody])

    (kept,) = await tables.rows(core, SlotHold)
    assert [isinstance(one, LessonOffer) for one in outcomes] == [one.id == kept.student_id for one in everybody]
    assert sum(isinstance(one, TimeTaken) for one in outcomes) == TASKS - 1
    asked = await tables.race([builders.request(core, olena, one, TOMORROW_AT_TEN) for one in everybody])
    assert [isinstance(one, LessonCard) for one in asked] == [one.id == kept.student_id for one in everybody]


async def test_many_who_look_at_many_tutors_wait_for_nobody_for_ever(core, clock):
    tutors_ = [await builders.tutor(core, f"Учитель {number}") for number in range(4)]
    everybody = [await builders.person(core, f"Учень {number}") for number in range(8)]
    for round_ in range(4):
        wishes = [
            (tutors_[(number + round_) % 4], one, TOMORROW_AT_TEN + (number % 3) * HOUR)
            for number, one in enumerate(everybody)
        ]
        await tables.race([hold(core, *wish) for wish in wishes])
        clock.advance(hours=2)
        kept = [(row.tutor_id, row.starts_at) for row in await tables.rows(core, SlotHold)]
        assert len(kept) == len(set(kept))
    assert await tables.rows(core, Booking) == []


async def test_a_time_opened_by_hand_is_kept_whole(core):
    olena, ira, max_ = await three(core)
    at = TOMORROW_AT_TEN + 12 * HOUR
    async with core.begin() as work:
        await tutor_slots.add_extra(work, tutor_id=olena.id, meant=Span(at, at + 2 * HOUR))
    offer = await hold(core, olena, ira, at)
    assert offer.ends_at == at + 2 * HOUR
    assert at not in await free(core, olena, max_)
