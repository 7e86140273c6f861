"""The house in numbers, for its operators."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import NotFound
from core.lessons import bookings, outcomes
from core.operating import operators
from core.operating.operators import LessonCount, PeopleCount
from core.people import people
from core.settings import Policies
from tests import builders

OPERATOR = 77
TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def policies() -> Policies:
    return Policies(operators=(OPERATOR,))


async def test_lessons_and_people_of_the_last_week_are_counted(core, clock):
    vira = await operator(core)
    olena, ira = await builders.tutor(core), await builders.person(core)
    lessons = []
    for hours in range(0, 8, 2):
        asked = await builders.request(core, olena, ira, TOMORROW_AT_TEN + timedelta(hours=hours))
        lessons.append(asked if hours == 6 else await builders.confirm(core, asked))
    held, missed, cancelled, _ = lessons
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=cancelled.id, actor_id=olena.id, reason="ні")
        await people.mark_unreachable(work, ira.id)
    clock.now = TOMORROW_AT_TEN + timedelta(hours=5)
    async with core.begin() as work:
        await outcomes.complete(work, booking_id=held.id, actor_id=olena.id)
        await outcomes.no_show(work, booking_id=missed.id, tutor_id=olena.id)
    overview = await seen(core, vira)
    assert overview.lessons == LessonCount(held=1, cancelled=1, no_shows=1, pending=1)
    assert overview.people == PeopleCount(tutors=1, students=2, new=3, unreachable=1)
    clock.advance(days=7)
    overview = await seen(core, vira)
    assert (overview.lessons.held, overview.lessons.cancelled, overview.lessons.no_shows) == (0, 0, 0)
    assert overview.people.new == 0


async def test_who_is_an_operator_no_more_sees_nothing(core, monkeypatch):
    vira = await operator(core)
    await seen(core, vira)
    monkeypatch.setattr(core, "_policies", Policies())
    with pytest.raises(NotFound):
        await seen(core, vira)


async def operator(core):
    async with core.begin() as work:
        return await people.arrive(work, people.Profile(OPERATOR, "Віра", None, None), language="uk")


async def seen(core, who):
    async with core.read() as work:
        return await operators.overview(work, operator_id=who.id)
