"""Who may do what: a forged id is answered like one that does not exist, and changes nothing."""

from datetime import UTC, datetime

import pytest

from core import bookings
from core.errors import NotATutor, NotFound
from tests import builders
from tests.core import desk

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

USE_CASES = {
    "card": lambda work, lesson, actor: bookings.card(work, booking_id=lesson, viewer_id=actor),
    "confirm": lambda work, lesson, actor: bookings.confirm(work, booking_id=lesson, tutor_id=actor),
    "decline": lambda work, lesson, actor: bookings.decline(work, booking_id=lesson, tutor_id=actor),
    "cancel": lambda work, lesson, actor: bookings.cancel(work, booking_id=lesson, actor_id=actor, reason="ні"),
}
ALLOWED = {
    "card": {"its tutor", "its student"},
    "confirm": {"its tutor"},
    "decline": {"its tutor"},
    "cancel": {"its tutor", "its student"},
}


@pytest.mark.parametrize("use_case", USE_CASES)
async def test_only_the_two_people_of_a_lesson_reach_it(core, use_case):
    lesson, people = await a_lesson_among_strangers(core)
    before = await desk.dump(core)

    for actor in people.keys() - ALLOWED[use_case]:
        with pytest.raises(NotFound):
            await attempt(core, use_case, lesson.id, people[actor])
    assert await desk.dump(core) == before


@pytest.mark.parametrize("use_case", USE_CASES)
async def test_each_of_the_two_may_do_what_is_theirs(core, use_case):
    for actor in sorted(ALLOWED[use_case]):
        lesson, people = await a_lesson_among_strangers(core)
        assert (await attempt(core, use_case, lesson.id, people[actor])).id == lesson.id


@pytest.mark.parametrize("use_case", USE_CASES)
async def test_a_lesson_that_does_not_exist_is_found_by_nobody(core, use_case):
    lesson, people = await a_lesson_among_strangers(core)
    before = await desk.dump(core)

    for forged in (0, -1, lesson.id + 1000, 2**31):
        for actor in ALLOWED[use_case]:
            with pytest.raises(NotFound):
                await attempt(core, use_case, forged, people[actor])
    assert await desk.dump(core) == before


@pytest.mark.parametrize(
    ("tutor", "student", "refusal"),
    [
        ("nobody", "its student", NotATutor),
        ("another student", "its student", NotATutor),
        ("its tutor", "nobody", NotFound),
    ],
)
async def test_a_request_between_people_who_are_not_there_is_refused(core, tutor, student, refusal):
    _, people = await a_lesson_among_strangers(core)
    before = await desk.dump(core)

    with pytest.raises(refusal):
        async with core.begin() as work:
            await bookings.request(
                work, tutor_id=people[tutor], student_id=people[student], starts_at=TOMORROW_AT_TEN.replace(hour=11)
            )
    assert await desk.dump(core) == before


async def attempt(core, use_case, lesson_id, actor_id):
    async with core.begin() as work:
        return await USE_CASES[use_case](work, lesson_id, actor_id)


async def a_lesson_among_strangers(core):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    ira, max_ = await builders.person(core), await builders.person(core, "Макс")
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    await builders.request(core, ostap, max_, TOMORROW_AT_TEN)
    everybody = (olena.id, ira.id, ostap.id, max_.id, 10**6)
    people = ("its tutor", "its student", "another tutor", "another student", "nobody")
    return lesson, dict(zip(people, everybody, strict=True))
