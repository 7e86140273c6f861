"""Who leaves is nowhere any more, and nobody waits for them in vain."""

import asyncio

import pytest

from core.account import leaving
from core.account.leaving import GOES, NOBODY, STAYS, Ends
from core.delivery import queue, settling
from core.delivery.queue import LessonNotice
from core.enums import BookingStatus, Event, Language
from core.errors import ChargeNotSaid, NotFound
from core.lessons import lessons, outcomes
from core.people import people
from core.people.people import GONE, Profile
from db.base import Base
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.lesson_package import LessonPackage
from db.models.notification import Notification
from db.models.person import Person
from db.models.time_slot import TimeSlot
from db.models.tutor_settings import TutorSettings
from tests import builders
from tests.core import tables
from tests.core.solomiia import DAY, TELEGRAM_ID, TOMORROW, WORD, arrives, world

TRACES = ("Соломія", "Крушельницька", "solomiia_k", str(TELEGRAM_ID), WORD, "Мавка")


async def leave(core, person_id, *, charges_accepted=1):
    async with core.begin() as work:
        await leaving.leave(work, person_id=person_id, charges_accepted=charges_accepted)


async def deliver(core):
    """Settle all that is due as told; return what is told to whom."""
    told = []
    for claimed in await tables.claim(core):
        async with core.begin() as work:
            message = await queue.message(work, claimed)
            told.append((claimed.recipient_id, claimed.event, message))
            if message is None:
                await settling.as_skipped(work, claimed)
            else:
                await settling.as_sent(work, claimed, message_id=1)
    return told


async def traces(core):
    everything = await tables.dump(core)
    return [(name, row) for name, rows in everything.items() for row in rows if any(t in str(row) for t in TRACES)]


async def test_no_trace_is_left(core):
    at = await world(core)
    assert {name for name, _ in await traces(core)} >= {"person", "booking", "booking_history", "lesson_package"}

    await leave(core, at.who.id)
    await deliver(core)

    assert not await traces(core)
    (settings,) = [row for row in await tables.rows(core, TutorSettings) if row.tutor_id == at.who.id]
    assert (settings.about, settings.subjects, settings.room_url, settings.is_listed) == (None, [], None, False)
    (left,) = [row for row in await tables.rows(core, Person) if row.id == at.who.id]
    assert (left.first_name, left.telegram_id, left.timezone, left.is_tutor) == (GONE, None, None, False)
    assert left.left_at is not None


async def test_every_table_says_what_becomes_of_it(core):
    """A new table that refers to people is either taken along or kept for the other side."""
    elsewhere = {"tutor_settings.tutor_id": "closed", "time_slot.tutor_id": "booked ones stay behind their lessons"}
    elsewhere["booking_history.performed_by"] = "who did it has no name any more"
    named = {f"{column.class_.__tablename__}.{column.key}" for column in (*GOES, *STAYS)}
    to_people = {
        f"{key.parent.table.name}.{key.parent.name}"
        for one in Base.metadata.sorted_tables
        for key in one.foreign_keys
        if key.column.table.name == "person"
    }
    assert named | elsewhere.keys() == to_people
    at = await world(core)
    await leave(core, at.who.id)
    async with core.read() as work:
        for column in GOES:
            gone = await work.session.scalars(column.class_.__table__.select().where(column == at.who.id))
            assert not gone.all(), column


def test_every_fact_of_a_person_is_forgotten_or_tells_nothing():
    kept = {"id", "language", "left_at", "created_at"}
    assert NOBODY.keys() | kept == {column.name for column in Person.__table__.c}


async def test_lessons_ahead_are_called_off_and_the_other_side_hears_who_left(core):
    at = await world(core)
    await deliver(core)
    await leave(core, at.who.id)

    status = {row.id: (row.status, row.is_charged) for row in await tables.rows(core, Booking)}
    assert status[at.late.id] == (BookingStatus.CANCELLED_STUDENT, True)
    assert status[at.asked.id] == (BookingStatus.CANCELLED_STUDENT, False)
    assert status[at.taught.id] == (BookingStatus.CANCELLED_TUTOR, False)
    assert status[at.move_request.id] == (BookingStatus.CANCELLED_TUTOR, False)
    assert not {row.status for row in await tables.rows(core, TimeSlot)}, "every time is free again"
    told = [
        (to, message.lesson.id, message.who_left)
        for to, _, message in await deliver(core)
        if isinstance(message, LessonNotice)
    ]
    name = "Соломія Крушельницька"
    assert sorted(told) == sorted(
        [(at.olena.id, at.late.id, name), (at.olena.id, at.asked.id, name), (at.ira.id, at.taught.id, name)]
    )
    assert await deliver(core) == []
    assert not await traces(core)


async def test_a_student_with_lessons_paid_for_hears_that_the_package_ends(core):
    at = await world(core)
    await leave(core, at.who.id)
    told = [row for row in await tables.rows(core, Notification) if row.event == Event.PACKAGE_GRANTED]
    assert [(row.recipient_id, row.details["who_left"]) for row in told if "who_left" in row.details] == [
        (at.ira.id, "Соломія Крушельницька")
    ]


async def test_what_ends_is_told_before(core):
    at = await world(core)
    async with core.read() as work:
        assert await leaving.ends(work, person_id=at.who.id) == Ends(lessons=4, charged=1, credits=4, owed=4)
        assert await leaving.ends(work, person_id=at.ira.id) == Ends(lessons=1, charged=0, credits=4, owed=0)


async def test_a_charge_that_was_not_said_is_not_taken(core):
    at = await world(core)
    before = await tables.dump(core)
    with pytest.raises(ChargeNotSaid):
        await leave(core, at.who.id, charges_accepted=0)
    assert await tables.dump(core) == before


async def test_leaving_twice_or_as_nobody_changes_nothing(core):
    at = await world(core)
    await leave(core, at.who.id)
    before = await tables.dump(core)
    for person_id in (at.who.id, 0, -1, 10**6):
        await leave(core, person_id)
    assert await tables.dump(core) == before


async def test_two_taps_at_once_are_one(core):
    at = await world(core)
    await asyncio.gather(leave(core, at.who.id), leave(core, at.who.id))
    assert len([row for row in await tables.rows(core, Notification) if "who_left" in row.details]) == 5


async def test_who_comes_back_is_somebody_new(core):
    at = await world(core)
    await leave(core, at.who.id)
    async with core.begin() as work:
        again = await people.arrive(work, Profile(TELEGRAM_ID, "Соломія", None, None), language=Language.UKRAINIAN)
        assert again.id != at.who.id
        assert (again.timezone, again.is_tutor, again.question) == (None, False, None)
        assert not await lessons.past(work, person_id=again.id, limit=9)


async def test_who_shared_nothing_leaves_no_row(core):
    who = await arrives(core)
    await leave(core, who.id)
    everything = await tables.dump(core)
    assert not [name for name, rows in everything.items() if rows]


async def test_the_others_keep_their_lessons_numbers_and_own_words(core):
    at = await world(core)
    async with core.begin() as work:
        await outcomes.note(work, booking_id=at.taught.id, actor_id=at.ira.id, text="Моє")
    await leave(core, at.who.id)
    async with core.read() as work:
        lesson = await lessons.card(work, booking_id=at.taught.id, viewer_id=at.ira.id)
    assert (lesson.tutor_name, lesson.student_notes, lesson.cancel_reason) == (GONE, "Моє", None)
    assert [(row.left_over, row.subject) for row in await tables.rows(core, LessonPackage)] == [(4, None), (4, "Хімія")]
    assert not [row for row in await tables.rows(core, BookingHistory) if "cancel_reason" in row.details]


async def test_nobody_books_with_who_has_left(core):
    at = await world(core)
    await leave(core, at.who.id)
    with pytest.raises(NotFound):
        await builders.request(core, at.who, at.ira, TOMORROW + 3 * DAY)
