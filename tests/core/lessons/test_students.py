from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import NotFound
from core.lessons import bookings, outcomes, packages, students
from core.people import tutors
from tests import builders

THURSDAY = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def know(core, olena, *names):
    known = [await builders.person(core, name) for name in names]
    async with core.begin() as work:
        for person in known:
            await tutors.meet(work, tutor_id=olena.id, student_id=person.id)
    return known


async def listed(core, tutor, **page):
    async with core.read() as work:
        return await students.of_tutor(work, tutor_id=tutor.id, **{"limit": 100, **page})


async def lesson(core, olena, student, starts_at):
    return await builders.confirm(core, await builders.request(core, olena, student, starts_at))


async def test_who_comes_next_stands_first_then_the_others_by_name(core):
    olena = await builders.tutor(core)
    bohdan, anna, ira, max_ = await know(core, olena, "Богдан", "Анна", "Іра", "Макс")
    await lesson(core, olena, max_, THURSDAY + DAY)
    await lesson(core, olena, max_, THURSDAY + 2 * DAY)
    await builders.request(core, olena, ira, THURSDAY)
    await lesson(core, await builders.tutor(core, "Остап"), anna, THURSDAY - DAY)

    everybody = await listed(core, olena)

    assert [one.id for one in everybody] == [ira.id, max_.id, anna.id, bohdan.id]
    assert [one.next_at for one in everybody] == [THURSDAY, THURSDAY + DAY, None, None]
    assert [one.id for one in await listed(core, olena, limit=2, offset=1)] == [max_.id, anna.id]


async def test_lessons_are_counted_by_what_became_of_them(core, clock):
    olena = await builders.tutor(core)
    (ira,) = await know(core, olena, "Іра")
    over, missed, called_off, _ahead = [
        await lesson(core, olena, ira, at) for at in (THURSDAY, THURSDAY + HOUR, THURSDAY + 2 * HOUR, THURSDAY + DAY)
    ]
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=called_off.id, actor_id=olena.id, reason="хворію")
        package = packages.NewPackage(5, None, None, "UAH")
        await packages.grant(work, tutor_id=olena.id, student_id=ira.id, after=0, package=package)
    clock.now = THURSDAY + 2 * HOUR
    async with core.begin() as work:
        await outcomes.no_show(work, booking_id=missed.id, tutor_id=olena.id)

    (card,) = await listed(core, olena)
    assert (card.held, card.no_shows, card.next_at, card.credits) == (1, 1, THURSDAY + DAY, 5)

    async with core.begin() as work:
        await outcomes.complete(work, booking_id=over.id, actor_id=ira.id)
    assert (await listed(core, olena))[0] == card


async def test_another_tutors_student_is_found_by_nobody_else(core):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    (ira,) = await know(core, olena, "Іра")
    assert await listed(core, ostap) == []
    async with core.read() as work:
        assert (await students.of_one(work, tutor_id=olena.id, student_id=ira.id)).name == "Іра"
        for tutor_id, student_id in ((ostap.id, ira.id), (ira.id, olena.id), (olena.id, 0)):
            with pytest.raises(NotFound):
                await students.of_one(work, tutor_id=tutor_id, student_id=student_id)


async def test_a_student_who_paid_two_tutors_has_credit_with_each_alone(core):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    (ira,) = await know(core, olena, "Іра")
    async with core.begin() as work:
        await tutors.meet(work, tutor_id=ostap.id, student_id=ira.id)
        for tutor, lessons in ((olena, 3), (ostap, 4)):
            package = packages.NewPackage(lessons, None, Decimal(100), "UAH")
            await packages.grant(work, tutor_id=tutor.id, student_id=ira.id, after=0, package=package)
    assert [(await listed(core, tutor))[0].credits for tutor in (olena, ostap)] == [3, 4]
