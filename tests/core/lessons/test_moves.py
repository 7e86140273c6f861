"""A lesson goes to another time, and never to two."""

from datetime import UTC, datetime, timedelta

import pytest

from core.enums import BookingAction, BookingStatus, DeliveryStatus, Event, SlotStatus
from core.errors import (
    AlreadySettled,
    BookingRefused,
    ChargeNotSaid,
    LessonBegun,
    NotFound,
    SameTime,
    StudentBusy,
    StudentElsewhere,
    StudentsTurn,
    TimePassed,
    TimeTaken,
    TooFarAhead,
    TooLateToMove,
)
from core.hours import exceptions
from core.lessons import answers, bookings, history, lessons, moves
from core.times import offers
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.notification import Notification
from db.models.reminder import Reminder
from db.models.time_slot import TimeSlot
from tests import builders
from tests.core import tables

TEN = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # Wednesday, 10:00 in Kyiv: two days from now
NOON = TEN + timedelta(hours=2)
ONE = TEN + timedelta(hours=3)
HALF_AN_HOUR = timedelta(minutes=30)


async def move(core, lesson, actor, starts_at):
    async with core.begin() as work:
        return await moves.move(work, booking_id=lesson.id, actor_id=actor.id, starts_at=starts_at)


async def card(core, lesson, viewer):
    async with core.read() as work:
        return await lessons.card(work, booking_id=lesson.id, viewer_id=viewer.id)


async def decline(core, lesson):
    async with core.begin() as work:
        return await bookings.decline(work, booking_id=lesson.id, tutor_id=lesson.tutor_id)


async def cancel(core, lesson, actor):
    async with core.begin() as work:
        return await bookings.cancel(work, booking_id=lesson.id, actor_id=actor.id, reason="ні")


async def refuse(core, lesson, student):
    async with core.begin() as work:
        return await answers.refuse(work, booking_id=lesson.id, student_id=student.id)


async def accept(core, lesson, student):
    async with core.begin() as work:
        return await answers.accept(work, booking_id=lesson.id, student_id=student.id)


async def agreed(core, **settings):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(core, olena, slot_step=HALF_AN_HOUR, **settings)
    lesson = await builders.request(core, olena, ira, TEN)
    if lesson.status is BookingStatus.PENDING:
        lesson = await builders.confirm(core, lesson)
    return olena, ira, lesson


async def booked(core):
    return [row.start_datetime for row in await tables.rows(core, TimeSlot) if row.status is SlotStatus.BOOKED]


async def told(core, event):
    return [row.recipient_id for row in await tables.rows(core, Notification) if row.event is event]


async def reminded(core):
    return {row.booking_id for row in await tables.rows(core, Reminder) if row.status is DeliveryStatus.PENDING}


async def test_a_tutor_moves_at_once_and_everything_goes_along(core):
    olena, ira, lesson = await agreed(core)
    new = await move(core, lesson, olena, NOON)

    assert (new.status, new.starts_at, new.move.before_at) == (BookingStatus.CONFIRMED, NOON, TEN)
    old, row = await tables.rows(core, Booking)
    assert (old.status, old.slot_id) == (BookingStatus.RESCHEDULED, None)
    assert (row.lineage_id, row.sequence, row.replaces_id) == (old.lineage_id, 1, old.id)
    assert row.booking_id != old.booking_id
    assert await booked(core) == [NOON]
    assert await reminded(core) == {new.id}
    assert await told(core, Event.BOOKING_RESCHEDULED) == [ira.id]
    assert (await card(core, lesson, ira)).move.next_id == new.id


async def test_moving_twice_is_moving_once(core):
    olena, _, lesson = await agreed(core)
    first = await move(core, lesson, olena, NOON)
    before = await tables.dump(core)
    assert (await move(core, lesson, olena, NOON)).id == first.id
    assert await tables.dump(core) == before
    with pytest.raises(AlreadySettled):
        await move(core, lesson, olena, ONE)


async def test_a_lesson_moves_by_half_of_its_own_time(core):
    olena, _, lesson = await agreed(core)
    new = await move(core, lesson, olena, TEN + HALF_AN_HOUR)
    assert new.ends_at - new.starts_at == timedelta(hours=1)
    again = await move(core, new, olena, TEN)
    assert await booked(core) == [TEN]
    assert (again.starts_at, (await tables.rows(core, Booking))[-1].sequence) == (TEN, 2)


async def test_a_students_move_request_leaves_the_lesson_until_the_tutor_agrees(core):
    olena, ira, lesson = await agreed(core)
    move_request = await move(core, lesson, ira, TEN + HALF_AN_HOUR)

    assert (move_request.status, move_request.move.is_request) == (BookingStatus.PENDING, True)
    assert (await card(core, lesson, ira)).status is BookingStatus.CONFIRMED
    assert await booked(core) == [TEN, TEN + HALF_AN_HOUR]
    assert await reminded(core) == {lesson.id}
    assert await told(core, Event.MOVE_ASKED) == [olena.id]

    new = await builders.confirm(core, move_request)
    assert (new.status, new.move.is_request) == (BookingStatus.CONFIRMED, False)
    assert (await card(core, lesson, olena)).status is BookingStatus.RESCHEDULED
    assert await booked(core) == [TEN + HALF_AN_HOUR]
    assert await reminded(core) == {move_request.id}
    assert await told(core, Event.BOOKING_RESCHEDULED) == [ira.id]
    assert await told(core, Event.BOOKING_CONFIRMED) == [ira.id], "the lesson, before it was moved"


@pytest.mark.parametrize("end", [decline, lambda core, move_request: cancel(core, move_request, move_request)])
async def test_a_move_request_that_comes_to_nothing_leaves_the_lesson(core, end):
    olena, ira, lesson = await agreed(core)
    move_request = await move(core, lesson, ira, NOON)
    if end is decline:
        await decline(core, move_request)
    else:
        await cancel(core, move_request, ira)

    assert (await card(core, lesson, ira)).status is BookingStatus.CONFIRMED
    assert await booked(core) == [TEN]
    assert await reminded(core) == {lesson.id}
    assert await told(core, Event.MOVE_DECLINED) == [ira.id if end is decline else olena.id]
    again = await move(core, lesson, ira, ONE)
    assert again.move.is_request


async def test_a_new_move_request_takes_the_place_of_the_former(core):
    _, ira, lesson = await agreed(core)
    move_request = await move(core, lesson, ira, NOON)
    other = await move(core, move_request, ira, ONE)
    assert (await card(core, move_request, ira)).status is BookingStatus.CANCELLED_STUDENT
    assert (await card(core, lesson, ira)).move.next_id == other.id
    assert await booked(core) == [TEN, ONE]


async def test_whatever_becomes_of_the_lesson_the_move_request_goes(core):
    olena, ira, lesson = await agreed(core)
    move_request = await move(core, lesson, ira, NOON)
    new = await move(core, lesson, olena, ONE)
    assert (await card(core, move_request, ira)).status is BookingStatus.CANCELLED_TUTOR
    other = await move(core, new, ira, NOON)
    await cancel(core, new, ira)
    assert (await card(core, other, ira)).status is BookingStatus.CANCELLED_STUDENT
    assert await booked(core) == []


@pytest.mark.parametrize("by_move_request", [True, False])
async def test_a_tutor_who_moves_to_the_requested_time_agrees_to_the_request(core, by_move_request):
    olena, ira, lesson = await agreed(core)
    move_request = await move(core, lesson, ira, NOON)
    new = await move(core, move_request if by_move_request else lesson, olena, NOON)
    assert (new.id, new.status, new.move.is_request) == (move_request.id, BookingStatus.CONFIRMED, False)
    assert (await move(core, lesson, olena, NOON)).id == move_request.id
    assert (await card(core, lesson, ira)).status is BookingStatus.RESCHEDULED
    assert await booked(core) == [NOON]
    assert await reminded(core) == {move_request.id}
    assert await told(core, Event.BOOKING_RESCHEDULED) == [ira.id]


async def test_a_student_who_asks_to_move_twice_agrees_to_nothing(core):
    _, ira, lesson = await agreed(core)
    move_request = await move(core, lesson, ira, NOON)
    before = await tables.dump(core)
    assert (await move(core, lesson, ira, NOON)).id == move_request.id
    assert await tables.dump(core) == before


async def test_a_move_request_nobody_answers_lapses_before_the_lesson_begins(core, clock):
    olena, ira, lesson = await agreed(core, cancellation_policy="flexible")
    clock.advance(hours=35)
    move_request = await move(core, lesson, ira, TEN + timedelta(days=5))
    assert move_request.expires_at < TEN
    clock.now = move_request.expires_at
    async with core.begin() as work:
        assert await bookings.expire(work, booking_id=move_request.id)
    assert (await card(core, lesson, ira)).status is BookingStatus.CONFIRMED
    assert sorted(await told(core, Event.BOOKING_EXPIRED)) == sorted([olena.id, ira.id])


async def test_where_everybody_is_accepted_a_student_moves_at_once(core):
    olena, ira, lesson = await agreed(core, auto_accept=True)
    new = await move(core, lesson, ira, NOON)
    assert (new.status, new.answers.moved_by_tutor) == (BookingStatus.CONFIRMED, False)
    assert await booked(core) == [NOON]
    assert await told(core, Event.BOOKING_RESCHEDULED) == [olena.id]


async def test_a_request_moves_along_and_stays_one(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    asked = await builders.request(core, olena, ira, TEN)
    new = await move(core, asked, ira, NOON)
    assert (new.status, new.move.is_request) == (BookingStatus.PENDING, False)
    assert await booked(core) == [NOON]
    assert (await builders.confirm(core, new)).status is BookingStatus.CONFIRMED


async def test_a_tutor_proposes_another_time_for_a_request(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    asked = await builders.request(core, olena, ira, TEN)
    new = await move(core, asked, olena, NOON)
    assert (new.status, new.is_proposal, new.expires_at) == (BookingStatus.PENDING, True, asked.expires_at)
    assert await booked(core) == [NOON], "held meanwhile"
    assert await reminded(core) == set()
    assert await told(core, Event.BOOKING_RESCHEDULED) == [ira.id]
    nudges = [row for row in await tables.rows(core, Notification) if row.event is Event.BOOKING_NUDGE]
    assert {row.status for row in nudges} == {DeliveryStatus.CANCELLED}, "the tutor has answered"
    with pytest.raises(StudentsTurn):
        await builders.confirm(core, new)
    for _ in range(2):
        assert (await move(core, asked, olena, NOON)).id == new.id
    assert (await card(core, new, ira)).status is BookingStatus.PENDING, "proposing twice agrees to nothing"

    for _ in range(2):
        assert (await accept(core, new, ira)).status is BookingStatus.CONFIRMED
    assert await reminded(core) == {new.id}
    assert await told(core, Event.BOOKING_CONFIRMED) == [olena.id]
    with pytest.raises(AlreadySettled):
        await refuse(core, new, ira)


async def test_a_proposal_refused_or_left_unanswered_is_free_again(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    refused = await move(core, await builders.request(core, olena, ira, TEN), olena, NOON)
    for _ in range(2):
        gone = await refuse(core, refused, ira)
        assert (gone.status, gone.terms.is_charged) == (BookingStatus.CANCELLED_STUDENT, False)
    assert await told(core, Event.MOVE_DECLINED) == [olena.id]
    assert await booked(core) == []

    left = await move(core, await builders.request(core, olena, ira, TEN), olena, NOON)
    clock.now = left.expires_at
    async with core.begin() as work:
        assert await bookings.expire(work, booking_id=left.id)
    assert sorted(await told(core, Event.BOOKING_EXPIRED)) == sorted([olena.id, ira.id])
    assert await booked(core) == []
    with pytest.raises(AlreadySettled):
        await accept(core, left, ira)


async def test_a_student_answers_a_proposal_with_a_time_of_their_own(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    proposed = await move(core, await builders.request(core, olena, ira, TEN), olena, NOON)
    wanted = await move(core, proposed, ira, ONE)
    assert (wanted.status, wanted.awaits_tutor, wanted.awaits_student) == (BookingStatus.PENDING, True, False)
    async with core.read() as work:
        waiting = await lessons.pending(work, tutor_id=olena.id, limit=9)
        assert (await lessons.summary(work, person_id=olena.id)).pending == 1
    assert [lesson.id for lesson in waiting] == [wanted.id]
    assert (await builders.confirm(core, wanted)).status is BookingStatus.CONFIRMED


async def test_a_proposal_waits_for_nobody_elses_answer(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await move(core, await builders.request(core, olena, ira, TEN), olena, NOON)
    async with core.read() as work:
        assert await lessons.pending(work, tutor_id=olena.id, limit=9) == []
        assert (await lessons.summary(work, person_id=olena.id)).pending == 0


async def test_cancelling_what_a_tutor_moved_is_free_until_it_is_accepted(core, clock):
    olena, ira, lesson = await agreed(core)
    free = await move(core, lesson, olena, NOON)
    clock.now = NOON - timedelta(minutes=1)
    assert not (await card(core, free, ira)).is_charged_at(clock.now)
    assert not (await cancel(core, free, ira)).terms.is_charged


async def test_cancelling_what_was_accepted_costs_what_any_lesson_costs(core, clock):
    olena, ira, lesson = await agreed(core)
    await accept(core, new := await move(core, lesson, olena, NOON), ira)
    clock.now = NOON - timedelta(minutes=1)
    assert (await card(core, new, ira)).is_charged_at(clock.now)
    with pytest.raises(ChargeNotSaid):
        await cancel(core, new, ira)


async def test_a_refusal_is_free_however_late(core, clock):
    olena, ira, lesson = await agreed(core)
    new = await move(core, lesson, olena, NOON)
    clock.now = NOON - timedelta(minutes=1)
    assert not (await refuse(core, new, ira)).terms.is_charged


async def test_only_what_a_tutor_moved_is_refused(core, clock):
    olena, ira, lesson = await agreed(core)
    with pytest.raises(NotFound):
        await refuse(core, lesson, ira)
    new = await move(core, lesson, olena, NOON)
    with pytest.raises(NotFound):
        await refuse(core, new, olena)
    clock.now = NOON
    with pytest.raises(LessonBegun):
        await refuse(core, new, ira)


async def test_what_suits_is_refused_no_more(core):
    olena, ira, lesson = await agreed(core)
    new = await move(core, lesson, olena, NOON)
    for _ in range(2):
        assert (await accept(core, new, ira)).answers.is_accepted
    actions = [row.action for row in await tables.rows(core, BookingHistory) if row.booking_id == new.id]
    assert actions == [BookingAction.MOVED, BookingAction.CONFIRMED]
    with pytest.raises(AlreadySettled):
        await refuse(core, new, ira)
    assert (await card(core, new, ira)).status is BookingStatus.CONFIRMED
    again = await move(core, new, olena, ONE)
    assert again.awaits_student, "another move is another question"


async def test_only_what_a_tutor_moved_and_what_stands_is_accepted(core):
    olena, ira, lesson = await agreed(core)
    with pytest.raises(NotFound):
        await accept(core, lesson, ira)
    new = await move(core, lesson, olena, NOON)
    await accept(core, new, ira)
    await cancel(core, new, olena)
    with pytest.raises(AlreadySettled):
        await accept(core, new, ira)


async def test_a_student_moves_as_late_as_they_cancel_for_nothing(core, clock):
    olena, ira, lesson = await agreed(core)
    clock.now = TEN - timedelta(hours=24, seconds=-1)
    with pytest.raises(TooLateToMove) as refusal:
        await move(core, lesson, ira, NOON)
    assert refusal.value.until == TEN - timedelta(hours=24)
    assert (await move(core, lesson, olena, NOON)).starts_at == NOON


async def test_a_student_whom_the_tutor_asked_moves_however_late(core, clock):
    olena, ira, lesson = await agreed(core)
    clock.now = TEN - timedelta(hours=3)
    async with core.begin() as work:
        await exceptions.ask_to_move(work, tutor_id=olena.id, booking_id=lesson.id)
    assert (await move(core, lesson, ira, TEN + timedelta(days=1))).move.is_request


async def test_a_tutor_moves_outside_the_hours_but_never_into_another_lesson(core):
    olena, ira, lesson = await agreed(core, buffer_after=timedelta(minutes=10))
    max_ = await builders.person(core, "Макс")
    await builders.request(core, olena, max_, ONE)
    night = TEN + timedelta(hours=12)
    with pytest.raises(BookingRefused):
        await move(core, lesson, ira, night)
    with pytest.raises(TimeTaken):
        await move(core, lesson, olena, NOON + timedelta(minutes=1))
    with pytest.raises(TooFarAhead):
        await move(core, lesson, olena, night + timedelta(days=365))
    assert (await move(core, lesson, olena, night)).starts_at == night
    assert await tables.collisions(core) == 0


async def test_a_student_is_nowhere_twice(core):
    olena, ira, lesson = await agreed(core)
    ostap = await builders.tutor(core, "Остап")
    await builders.request(core, ostap, ira, NOON)
    with pytest.raises(StudentBusy):
        await move(core, lesson, ira, NOON)
    with pytest.raises(StudentElsewhere):
        await move(core, lesson, olena, NOON)


async def test_neither_to_where_it_is_nor_to_what_is_past(core, clock):
    olena, ira, lesson = await agreed(core)
    for actor in (olena, ira):
        with pytest.raises(SameTime):
            await move(core, lesson, actor, TEN)
    with pytest.raises(TimePassed):
        await move(core, lesson, olena, clock.now)
    clock.now = TEN
    with pytest.raises(LessonBegun):
        await move(core, lesson, olena, NOON)


async def test_what_is_offered_for_a_move_can_be_had(core):
    olena, ira, lesson = await agreed(core)
    async with core.read() as work:
        own = await moves.day(work, booking_id=lesson.id, actor_id=ira.id, on=TEN.date(), timezone="Europe/Kyiv")
        others = await offers.day(work, tutor_id=olena.id, on=TEN.date(), timezone="Europe/Kyiv")
        month = await moves.month(work, booking_id=lesson.id, actor_id=ira.id, month=None, timezone="Europe/Kyiv")
    extra = {span.starts_at for span in own.times} - {span.starts_at for span in others.times}
    assert extra == {TEN - HALF_AN_HOUR, TEN + HALF_AN_HOUR}, "its own time is none it could move to"
    assert TEN.date() in month.free_days
    assert (await move(core, lesson, ira, TEN - HALF_AN_HOUR)).move.is_request


async def test_two_moves_at_once_leave_one_lesson(core):
    olena, ira, lesson = await agreed(core, auto_accept=True)
    outcomes = await tables.race([move(core, lesson, ira, NOON), move(core, lesson, olena, ONE)])
    assert sum(isinstance(one, AlreadySettled) for one in outcomes) == 1
    assert len(await booked(core)) == 1


async def test_two_lessons_moved_to_one_time_at_once(core):
    olena, ira, lesson = await agreed(core, auto_accept=True)
    max_ = await builders.person(core, "Макс")
    other = await builders.request(core, olena, max_, NOON)
    results = await tables.race([move(core, lesson, ira, ONE), move(core, other, max_, ONE)])
    assert sum(isinstance(one, BookingRefused) for one in results) == 1
    assert await tables.collisions(core) == 0
    assert len(await booked(core)) == 2


async def test_history_follows_the_lesson_wherever_it_goes(core):
    _, ira, lesson = await agreed(core)
    move_request = await move(core, lesson, ira, NOON)
    await builders.confirm(core, move_request)
    async with core.read() as work:
        deeds = await history.deeds(work, booking_id=lesson.id, viewer_id=ira.id)
    assert [deed.action for deed in deeds] == [
        BookingAction.REQUESTED,
        BookingAction.CONFIRMED,
        BookingAction.MOVE_ASKED,
        BookingAction.CONFIRMED,
    ]
    assert [deed.by_viewer for deed in deeds] == [True, False, True, False]
    assert (deeds[2].starts_at, deeds[2].before_at) == (NOON, TEN)
