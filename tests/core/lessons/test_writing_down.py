"""Lessons that a tutor writes down: past every rule but one."""

from datetime import UTC, datetime, timedelta

import pytest

from core.enums import BookingAction, BookingStatus, Event
from core.errors import (
    AlreadySettled,
    BadName,
    ChargeNotSaid,
    NotATutor,
    NotFound,
    OwnHours,
    StudentElsewhere,
    TimePassed,
    TimeTaken,
    TooFarAhead,
)
from core.lessons import answers, bookings, writing_down
from db.models.booking_history import BookingHistory
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from tests import builders
from tests.core import tables

TEN = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
AT_NIGHT = TEN + timedelta(hours=14)


async def write_down(core, tutor, starts_at, student=None, **more):
    who = {"student_id": student.id} if student else {}
    async with core.begin() as work:
        return await writing_down.write_down(work, tutor_id=tutor.id, starts_at=starts_at, **who, **more)


async def known(core):
    """A tutor who has met a student."""
    olena, ira = await builders.tutor(core), await builders.person(core)
    asked = await builders.request(core, olena, ira, TEN)
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=asked.id, actor_id=ira.id)
    return olena, ira


async def test_a_lesson_outside_all_rules_is_confirmed_at_once_and_told(core):
    olena, ira = await known(core)
    lesson = await write_down(core, olena, AT_NIGHT, ira)
    assert (lesson.status, lesson.expires_at) == (BookingStatus.CONFIRMED, None)
    created = [row for row in await tables.rows(core, Notification) if row.event is Event.BOOKING_CREATED]
    assert (created[-1].recipient_id, created[-1].booking_id) == (ira.id, lesson.id)
    assert {row.recipient_id for row in await tables.rows(core, Reminder)} == {olena.id, ira.id}
    assert (await tables.rows(core, BookingHistory))[-1].action is BookingAction.WRITTEN_DOWN


async def test_writing_it_down_twice_is_once(core):
    olena, ira = await known(core)
    first = await write_down(core, olena, AT_NIGHT, ira)
    before = await tables.dump(core)
    assert (await write_down(core, olena, AT_NIGHT, ira)).id == first.id
    assert await tables.dump(core) == before


async def test_somebody_who_is_not_in_telegram_is_known_by_a_name(core):
    olena, _ = await known(core)
    lesson = await write_down(core, olena, TEN, name="  Баба   Галя ")
    again = await write_down(core, olena, TEN + timedelta(hours=2), name="Баба Галя")
    assert (lesson.student_name, again.student_id) == ("Баба Галя", lesson.student_id)
    assert {row.recipient_id for row in await tables.rows(core, Reminder)} == {olena.id}
    person = (await tables.rows(core, Person))[-1]
    assert (person.telegram_id, person.first_name) == (None, "Баба Галя")
    ostap = await builders.tutor(core, "Остап")
    other = await write_down(core, ostap, TEN, name="Баба Галя")
    assert other.student_id != lesson.student_id, "somebody else's student of that name"


async def test_nobody_is_known_by_a_name_that_nobody_sees(core):
    olena, _ = await known(core)
    for unseen in ("\u200b", "\u202e \u2060"):
        with pytest.raises(BadName):
            await write_down(core, olena, TEN, name=unseen)
    assert (await write_down(core, olena, TEN, name="\u202eГаля")).student_name == "Галя"


async def test_never_over_another_lesson(core, clock):
    olena, ira = await known(core)
    await tables.arrange(core, olena, buffer_after=timedelta(minutes=10))
    await write_down(core, olena, TEN, ira)
    with pytest.raises(TimeTaken):
        await write_down(core, olena, TEN + timedelta(minutes=69), name="Галя")
    assert (await write_down(core, olena, TEN + timedelta(minutes=70), name="Галя")).id
    ostap = await builders.tutor(core, "Остап")
    await builders.request(core, ostap, ira, TEN + timedelta(hours=3))
    with pytest.raises(StudentElsewhere):
        await write_down(core, olena, TEN + timedelta(hours=3), ira)
    clock.advance(days=5)
    with pytest.raises(TimeTaken):
        await write_down(core, olena, TEN, name="Макс")


async def test_up_to_thirty_days_back_and_a_year_ahead(core, clock):
    olena, ira = await known(core)
    back = await write_down(core, olena, clock.now - timedelta(days=30), ira)
    assert back.status is BookingStatus.CONFIRMED
    with pytest.raises(TimePassed):
        await write_down(core, olena, clock.now - timedelta(days=30, minutes=1), ira)
    assert await write_down(core, olena, clock.now + timedelta(days=365), ira)
    with pytest.raises(TooFarAhead):
        await write_down(core, olena, clock.now + timedelta(days=365, minutes=1), ira)


async def test_another_length_is_kept(core):
    olena, ira = await known(core)
    lesson = await write_down(core, olena, TEN, ira, length=timedelta(minutes=90))
    assert lesson.ends_at - lesson.starts_at == timedelta(minutes=90)


async def test_only_a_tutor_writes_down_and_only_with_their_own_students(core):
    olena, ira = await known(core)
    max_, ostap = await builders.person(core, "Макс"), await builders.tutor(core, "Остап")
    before = await tables.dump(core)
    for tutor, student, refusal in [
        (ira, olena, NotATutor),
        (olena, max_, NotFound),
        (ostap, ira, NotFound),
        (olena, olena, OwnHours),
    ]:
        with pytest.raises(refusal):
            await write_down(core, tutor, TEN, student)
    with pytest.raises(NotATutor):
        await write_down(core, ira, TEN, name="Галя")
    assert await tables.dump(core) == before


async def test_students_are_read_by_name_page_by_page(core):
    olena, _ = await known(core)
    for name in ("Яна", "Андрій"):
        await write_down(core, olena, TEN + timedelta(hours=len(name)), name=name)
    async with core.read() as work:
        everybody = await writing_down.students(work, tutor_id=olena.id, limit=10)
        second = await writing_down.students(work, tutor_id=olena.id, limit=1, offset=1)
    assert {one.name: one.is_in_telegram for one in everybody} == {"Андрій": False, "Іра": True, "Яна": False}
    assert second == everybody[1:2]


async def test_what_was_never_agreed_is_refused_for_nothing_however_late(core, clock):
    olena, ira = await known(core)
    lesson = await write_down(core, olena, clock.now + timedelta(hours=2), ira)
    clock.advance(hours=1)
    async with core.begin() as work:
        gone = await answers.refuse(work, booking_id=lesson.id, student_id=ira.id)
    assert (gone.status, gone.terms.is_charged) == (BookingStatus.CANCELLED_STUDENT, False)
    declined = [row for row in await tables.rows(core, Notification) if row.event is Event.MOVE_DECLINED]
    assert [row.recipient_id for row in declined] == [olena.id]
    assert (await tables.rows(core, BookingHistory))[-1].action is BookingAction.DECLINED


async def test_what_the_student_said_yes_to_is_a_lesson_like_any_other(core, clock):
    olena, ira = await known(core)
    lesson = await write_down(core, olena, clock.now + timedelta(hours=2), ira)
    async with core.begin() as work:
        assert not (await answers.accept(work, booking_id=lesson.id, student_id=ira.id)).awaits_student
    with pytest.raises(AlreadySettled):
        async with core.begin() as work:
            await answers.refuse(work, booking_id=lesson.id, student_id=ira.id)
    with pytest.raises(ChargeNotSaid):
        async with core.begin() as work:
            await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)
