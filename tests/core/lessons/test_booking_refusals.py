"""What can't be booked or changed is refused by name, and nothing is left behind."""

from datetime import UTC, datetime, time, timedelta

import pytest

from core import errors
from core.enums import BookingStatus
from core.hours.availability import WeeklyWindow
from core.lessons import bookings
from core.settings import Policies
from tests import builders
from tests.core import tables

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS = tuple(WeeklyWindow(weekday, time(0), time(0)) for weekday in range(7))
NOT_OFFERED = [
    (NOW - HOUR, errors.TimePassed(NOW - HOUR)),
    (NOW, errors.TimePassed(NOW)),
    (NOW + HOUR, errors.NoticeTooShort(2 * HOUR)),
    (NOW + 2 * HOUR - timedelta(microseconds=1), errors.NoticeTooShort(2 * HOUR)),
    (TOMORROW_AT_TEN + 40 * DAY, errors.TooFarAhead(30)),
    (TOMORROW_AT_TEN.replace(hour=15), errors.OutsideHours(TOMORROW_AT_TEN.replace(hour=15))),
    (TOMORROW_AT_TEN.replace(minute=30), errors.OutsideHours(TOMORROW_AT_TEN.replace(minute=30))),
    (TOMORROW_AT_TEN.replace(microsecond=1), errors.OutsideHours(TOMORROW_AT_TEN.replace(microsecond=1))),
]


@pytest.fixture
def policies() -> Policies:
    return Policies(max_active_lessons=2)


async def refused(core, refusal, tutor, student, starts_at):
    before = await tables.dump(core)
    with pytest.raises(refusal) as raised:
        await builders.request(core, tutor, student, starts_at)
    assert await tables.dump(core) == before
    return raised.value


async def test_a_time_that_is_not_offered_is_refused_with_the_reason(core):
    olena, ira = await builders.tutor(core), await builders.person(core)

    for starts_at, refusal in NOT_OFFERED:
        assert await refused(core, type(refusal), olena, ira, starts_at) == refusal


@pytest.mark.parametrize("starts_at", [NOW + 2 * HOUR, datetime(2026, 12, 23, 21, 0, tzinfo=UTC)])
async def test_the_first_and_the_last_time_of_the_horizon_can_be_booked(core, starts_at):
    olena, ira = await builders.tutor(core, windows=ALWAYS), await builders.person(core)

    assert (await builders.request(core, olena, ira, starts_at)).starts_at == starts_at
    await refused(core, errors.TooFarAhead, olena, ira, datetime(2026, 12, 23, 22, 0, tzinfo=UTC))


async def test_nobody_books_their_own_hours(core):
    olena = await builders.tutor(core)

    await refused(core, errors.OwnHours, olena, olena, TOMORROW_AT_TEN)


async def test_nobody_books_with_somebody_who_does_not_teach(core):
    ira, max_ = await builders.person(core), await builders.person(core, "Макс")

    await refused(core, errors.NotATutor, ira, max_, TOMORROW_AT_TEN)


@pytest.mark.parametrize("shift", [-30, 0, 30])
async def test_a_student_is_in_one_place_at_a_time(core, shift):
    olena, ostap, ira = await builders.tutor(core), await builders.tutor(core, "Остап"), await builders.person(core)
    await tables.arrange(core, ostap, slot_step=timedelta(minutes=30))
    await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    await refused(core, errors.StudentBusy, ostap, ira, TOMORROW_AT_TEN + timedelta(minutes=shift))
    assert await builders.request(core, ostap, ira, TOMORROW_AT_TEN + HOUR), "touching is free"


async def test_a_tutor_with_a_lesson_of_their_own_is_busy_as_a_student(core):
    olena, ostap, ira = await builders.tutor(core), await builders.tutor(core, "Остап"), await builders.person(core)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    await refused(core, errors.StudentBusy, ostap, olena, TOMORROW_AT_TEN)


async def test_a_tutor_learns_elsewhere_outside_the_buffers_of_their_own_lessons_only(core):
    olena, ostap, ira = await builders.tutor(core), await builders.tutor(core, "Остап"), await builders.person(core)
    await tables.arrange(core, olena, buffer_before=timedelta(minutes=1), buffer_after=timedelta(minutes=1))
    await builders.request(core, olena, ira, TOMORROW_AT_TEN + HOUR)

    for adjacent in (TOMORROW_AT_TEN, TOMORROW_AT_TEN + 2 * HOUR):
        await refused(core, errors.StudentBusy, ostap, olena, adjacent)
    assert await builders.request(core, ostap, olena, TOMORROW_AT_TEN + 3 * HOUR)


async def test_a_tutor_who_learns_elsewhere_is_taken(core):
    olena, ostap, ira = await builders.tutor(core), await builders.tutor(core, "Остап"), await builders.person(core)
    await builders.request(core, ostap, olena, TOMORROW_AT_TEN)

    await refused(core, errors.TimeTaken, olena, ira, TOMORROW_AT_TEN)


async def test_a_student_has_a_limited_number_of_lessons_ahead(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    for hours in range(2):
        await builders.request(core, olena, ira, TOMORROW_AT_TEN + hours * HOUR)

    refusal = await refused(core, errors.TooManyLessons, olena, ira, TOMORROW_AT_TEN + DAY)

    assert refusal == errors.TooManyLessons(2)
    clock.now = TOMORROW_AT_TEN + HOUR
    assert await builders.request(core, olena, ira, TOMORROW_AT_TEN + DAY), "a lesson that is over does not count"


async def test_the_lessons_a_tutor_gives_do_not_count_as_lessons_taken(core):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    for hours in range(2):
        await builders.request(core, olena, await builders.person(core), TOMORROW_AT_TEN + hours * HOUR)

    assert await builders.request(core, ostap, olena, TOMORROW_AT_TEN + DAY)


async def test_a_paused_tutor_takes_only_who_has_learned_there(core):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    await builders.confirm(core, await builders.request(core, olena, ira, TOMORROW_AT_TEN))
    await builders.request(core, olena, max_, TOMORROW_AT_TEN + HOUR)
    await tables.arrange(core, olena, accepts_new_students=False)

    assert await builders.request(core, olena, ira, TOMORROW_AT_TEN + DAY)
    await refused(core, errors.TutorPaused, olena, max_, TOMORROW_AT_TEN + 2 * DAY)


@pytest.mark.parametrize(
    ("setting", "full", "next_free"),
    [
        ("max_lessons_per_day", errors.DayFull(1), TOMORROW_AT_TEN + DAY),
        ("max_lessons_per_week", errors.WeekFull(1), TOMORROW_AT_TEN + 6 * DAY),
    ],
)
async def test_a_full_day_or_week_is_refused_and_the_next_one_is_not(core, setting, full, next_free):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    await tables.arrange(core, olena, **{setting: 1})
    await builders.request(core, olena, ira, TOMORROW_AT_TEN)

    assert await refused(core, type(full), olena, max_, next_free - DAY + HOUR) == full
    assert await builders.request(core, olena, max_, next_free)


async def test_between_two_lessons_lie_both_buffers(core):
    olena, ira, max_ = await builders.tutor(core), await builders.person(core), await builders.person(core, "Макс")
    quarter = timedelta(minutes=15)
    await tables.arrange(core, olena, slot_step=quarter, buffer_before=quarter, buffer_after=quarter)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN + 2 * HOUR)

    for close in (HOUR, HOUR - quarter, 3 * HOUR, 3 * HOUR + quarter):
        await refused(core, errors.TimeTaken, olena, max_, TOMORROW_AT_TEN + close)
    for far in (HOUR - 2 * quarter, 3 * HOUR + 2 * quarter):
        assert await builders.request(core, olena, max_, TOMORROW_AT_TEN + far)
    assert await tables.collisions(core) == 0


async def test_a_lesson_that_has_begun_is_neither_agreed_nor_called_off(core, clock):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    clock.now = lesson.starts_at

    with pytest.raises(errors.LessonBegun):
        await builders.confirm(core, lesson)
    for actor in (olena, ira):
        with pytest.raises(errors.LessonBegun):
            await cancel(core, lesson, actor, "хворію")


@pytest.mark.parametrize("reason", [None, ""])
async def test_a_tutor_has_to_say_why(core, reason):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    before = await tables.dump(core)

    with pytest.raises(errors.ReasonMissing):
        await cancel(core, lesson, olena, reason)

    assert await tables.dump(core) == before
    assert (await cancel(core, lesson, ira, reason)).status is BookingStatus.CANCELLED_STUDENT


async def test_what_is_settled_stays_settled(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    await cancel(core, lesson, ira)
    before = await tables.dump(core)

    with pytest.raises(errors.AlreadySettled):
        await builders.confirm(core, lesson)
    with pytest.raises(errors.AlreadySettled):
        await cancel(core, lesson, olena, "хворію")

    assert await tables.dump(core) == before


async def cancel(core, lesson, actor, reason=None):
    async with core.begin() as work:
        return await bookings.cancel(work, booking_id=lesson.id, actor_id=actor.id, reason=reason)
