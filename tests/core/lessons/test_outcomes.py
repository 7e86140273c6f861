"""What became of a lesson: who may say it when, and what it costs."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core.enums import BookingAction, BookingStatus, Event, LessonType
from core.errors import AlreadySettled, NotFound, NothingCharged, TooEarly, TooLateToUndo
from core.hours import exceptions
from core.lessons import answers, bookings, history, lessons, moves, outcomes
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.notification import Notification
from tests import builders
from tests.core import tables

TEN = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
ELEVEN = TEN + timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


async def agreed(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, TEN))
    return olena, ira, lesson


async def complete(core, lesson, actor):
    async with core.begin() as work:
        return await outcomes.complete(work, booking_id=lesson.id, actor_id=actor.id)


async def no_show(core, lesson):
    async with core.begin() as work:
        return await outcomes.no_show(work, booking_id=lesson.id, tutor_id=lesson.tutor_id)


async def undo(core, lesson):
    async with core.begin() as work:
        return await outcomes.undo(work, booking_id=lesson.id, tutor_id=lesson.tutor_id)


async def waive(core, lesson):
    async with core.begin() as work:
        return await outcomes.waive(work, booking_id=lesson.id, tutor_id=lesson.tutor_id)


async def note(core, lesson, actor, text):
    async with core.begin() as work:
        return await outcomes.note(work, booking_id=lesson.id, actor_id=actor.id, text=text)


async def settle(core):
    async with core.begin() as work:
        return [
            await outcomes.complete_by_time(work, booking_id=booking_id)
            for booking_id in await outcomes.unsettled(work)
        ]


async def next_to_settle(core):
    async with core.read() as work:
        return await outcomes.next_to_settle(work)


async def told(core):
    known = (Event.BOOKING_NO_SHOW, Event.CHARGE_WAIVED)
    return [(row.event, row.recipient_id) for row in await tables.rows(core, Notification) if row.event in known]


@pytest.mark.parametrize("is_accepted", [True, False])
async def test_a_student_who_never_agreed_to_the_time_is_not_charged_for_it(core, clock, is_accepted):
    olena, ira, lesson = await agreed(core)
    async with core.begin() as work:
        moved = await moves.move(work, booking_id=lesson.id, actor_id=olena.id, starts_at=ELEVEN)
    if is_accepted:
        async with core.begin() as work:
            await answers.accept(work, booking_id=moved.id, student_id=ira.id)
    clock.now = ELEVEN + timedelta(hours=1)
    assert (await no_show(core, moved)).terms.is_charged is is_accepted


async def test_who_was_asked_to_move_is_not_charged_for_not_coming(core, clock):
    olena, _, lesson = await agreed(core)
    async with core.begin() as work:
        await exceptions.ask_to_move(work, tutor_id=olena.id, booking_id=lesson.id)
    clock.now = ELEVEN
    assert not (await no_show(core, lesson)).terms.is_charged


@pytest.mark.parametrize("who", ["tutor", "student"])
async def test_either_side_says_that_it_was_held_from_the_end_on(core, clock, who):
    olena, ira, lesson = await agreed(core)
    actor = olena if who == "tutor" else ira
    clock.now = ELEVEN - INSTANT
    with pytest.raises(TooEarly) as refusal:
        await complete(core, lesson, actor)
    assert refusal.value.from_at == ELEVEN
    clock.now = ELEVEN
    for _ in range(2):
        held = await complete(core, lesson, actor)
        assert (held.status, held.terms.is_charged) == (BookingStatus.COMPLETED, False)
    actions = [row.action for row in await tables.rows(core, BookingHistory)]
    assert actions.count(BookingAction.COMPLETED) == 1


async def test_who_does_not_come_pays(core, clock):
    _, ira, lesson = await agreed(core)
    clock.now = TEN + timedelta(minutes=15) - INSTANT
    with pytest.raises(TooEarly):
        await no_show(core, lesson)
    clock.now += INSTANT
    missed = await no_show(core, lesson)
    assert (missed.status, missed.terms.is_charged) == (BookingStatus.NO_SHOW, True)
    assert (await no_show(core, lesson)).terms.is_charged
    assert await told(core) == [(Event.BOOKING_NO_SHOW, ira.id)]


async def test_a_missed_trial_is_never_charged(core, clock):
    _, _, lesson = await agreed(core)
    async with core.begin() as work:
        await work.session.execute(update(Booking).values(lesson_type=LessonType.TRIAL))
    clock.now = ELEVEN
    assert not (await no_show(core, lesson)).terms.is_charged


async def test_what_was_said_is_taken_back_with_its_charge(core, clock):
    _, ira, lesson = await agreed(core)
    clock.now = ELEVEN
    await no_show(core, lesson)
    clock.advance(minutes=1)
    back = await undo(core, lesson)
    assert (back.status, back.terms.is_charged) == (BookingStatus.CONFIRMED, False)
    assert (await undo(core, lesson)).status is BookingStatus.CONFIRMED
    assert (await complete(core, lesson, ira)).status is BookingStatus.COMPLETED
    assert await told(core) == [(Event.BOOKING_NO_SHOW, ira.id), (Event.CHARGE_WAIVED, ira.id)]


async def test_undoing_ends_when_everything_is_settled(core, clock):
    olena, _, lesson = await agreed(core)
    clock.now = ELEVEN
    await complete(core, lesson, olena)
    clock.now = ELEVEN + timedelta(hours=72) - INSTANT
    await undo(core, lesson)
    await complete(core, lesson, olena)
    clock.now += INSTANT
    with pytest.raises(TooLateToUndo):
        await undo(core, lesson)


async def test_one_thing_is_said_of_a_lesson(core, clock):
    _, ira, lesson = await agreed(core)
    clock.now = ELEVEN
    await complete(core, lesson, ira)
    with pytest.raises(AlreadySettled):
        await no_show(core, lesson)
    with pytest.raises(AlreadySettled):
        async with core.begin() as work:
            await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)


async def test_a_tutor_waives_what_a_late_student_would_pay(core, clock):
    _, ira, lesson = await agreed(core)
    with pytest.raises(NothingCharged):
        await waive(core, lesson)
    clock.now = TEN - timedelta(hours=1)
    async with core.begin() as work:
        called_off = await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id, charge_accepted=True)
        assert called_off.terms.is_charged
    for _ in range(2):
        waived = await waive(core, lesson)
        assert (waived.terms.is_charged, waived.terms.is_waived) == (False, True)
    assert await told(core) == [(Event.CHARGE_WAIVED, ira.id)]


async def test_a_lesson_nobody_spoke_of_counts_as_held_72_hours_after_its_end(core, clock):
    await agreed(core)
    due_at = ELEVEN + timedelta(hours=72)
    assert await next_to_settle(core) == due_at
    clock.now = due_at - INSTANT
    assert await settle(core) == []
    clock.now = due_at
    assert await settle(core) == [True]
    assert await settle(core) == []
    assert await next_to_settle(core) is None
    row = (await tables.rows(core, BookingHistory))[-1]
    assert (row.action, row.performed_by) == (BookingAction.COMPLETED, None)


async def test_what_was_said_meanwhile_is_not_settled_again(core, clock):
    _, _, lesson = await agreed(core)
    clock.now = ELEVEN
    await no_show(core, lesson)
    clock.advance(hours=72)
    assert await settle(core) == []
    async with core.begin() as work:
        assert not await outcomes.complete_by_time(work, booking_id=lesson.id)


async def test_a_tutors_note_is_the_tutors_alone(core):
    olena, ira, lesson = await agreed(core)
    await note(core, lesson, olena, " слабкі дроби ")
    await note(core, lesson, ira, "хочу дроби")
    mine, theirs = await note(core, lesson, olena, "слабкі дроби"), await note(core, lesson, ira, "хочу дроби")
    assert (mine.tutor_notes, mine.student_notes) == ("слабкі дроби", "хочу дроби")
    assert (theirs.tutor_notes, theirs.student_notes) == (None, "хочу дроби")
    async with core.read() as work:
        seen = {
            who.id: [deed.action for deed in await history.deeds(work, booking_id=lesson.id, viewer_id=who.id)]
            for who in (olena, ira)
        }
    assert seen[olena.id].count(BookingAction.NOTED) == 2
    assert seen[ira.id].count(BookingAction.NOTED) == 1
    assert (await note(core, lesson, ira, "  ")).student_notes is None
    assert len((await note(core, lesson, ira, "н" * 4096)).student_notes) == 1000


async def test_a_stranger_notes_nothing(core):
    _, _, lesson = await agreed(core)
    max_ = await builders.person(core, "Макс")
    with pytest.raises(NotFound):
        await note(core, lesson, max_, "я тут")


async def test_past_lessons_are_read_from_the_newest(core, clock):
    olena, ira, lesson = await agreed(core)
    later = await builders.request(core, olena, ira, TEN + timedelta(hours=3))
    off = await builders.request(core, olena, ira, TEN + timedelta(hours=5))
    async with core.begin() as work:
        await bookings.decline(work, booking_id=off.id, tutor_id=olena.id)
    clock.now = ELEVEN

    async def past(person, **page):
        async with core.read() as work:
            return [card.id for card in await lessons.past(work, person_id=person.id, **{"limit": 10, **page})]

    assert await past(olena) == await past(ira) == [off.id, lesson.id]
    assert await past(ira, limit=1, offset=1) == [lesson.id]
    clock.advance(days=1)
    assert await past(ira) == [off.id, later.id, lesson.id]
