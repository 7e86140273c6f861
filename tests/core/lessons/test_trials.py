"""A trial lesson: once for a tutor and a student, and for nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from core.enums import BookingStatus, CancellationPolicy, LessonType
from core.errors import CreditGone, NoteTooLong, TermsChanged, TrialNotOffered, TrialUsed
from core.hours import tutor_slots
from core.lessons import bookings, lesson_offers, lessons, moves, outcomes, trials
from core.people import tutors
from core.pure.planning.values import Span
from core.times import offers
from db.models.booking import Booking
from db.models.lesson_package import LessonPackage
from tests import builders
from tests.core import tables
from tests.core.lessons.test_packages import grant

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HALF, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
KYIV = "Europe/Kyiv"


async def two(core, **settings):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(core, olena, **{"trial_lesson_enabled": True, "price": Decimal(400), **settings})
    async with core.begin() as work:
        await tutors.meet(work, tutor_id=olena.id, student_id=ira.id)
    return olena, ira


async def ask(core, olena, ira, at=TOMORROW_AT_TEN, kind=LessonType.TRIAL, **more):
    async with core.begin() as work:
        both = {"tutor_id": olena.id, "student_id": ira.id}
        return await bookings.request(work, **both, starts_at=at, kind=kind, **more)


async def is_offered(core, olena, ira):
    async with core.read() as work:
        return await trials.is_offered(work, tutor_id=olena.id, student_id=ira.id)


async def look(core, olena, ira, at=TOMORROW_AT_TEN, kind=LessonType.REGULAR):
    async with core.begin() as work:
        return await lesson_offers.hold(work, tutor_id=olena.id, student_id=ira.id, starts_at=at, kind=kind)


async def test_a_trial_has_its_own_length_and_no_price(core):
    olena, ira = await two(core)
    assert await is_offered(core, olena, ira)

    lesson = await ask(core, olena, ira, TOMORROW_AT_TEN + HALF, note="  Вчуся з нуля ")

    assert (lesson.ends_at - lesson.starts_at, lesson.terms.price) == (HALF, None)
    assert (lesson.lesson_type, lesson.student_notes) == (LessonType.TRIAL, "Вчуся з нуля")
    assert not await is_offered(core, olena, ira)
    async with core.read() as work:
        assert (await lessons.card(work, booking_id=lesson.id, viewer_id=olena.id)).student_notes == "Вчуся з нуля"


async def test_times_of_a_trial_lie_where_it_fits(core):
    olena, ira = await two(core)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    async with core.read() as work:
        both = {"tutor_id": olena.id, "on": TOMORROW_AT_TEN.date(), "timezone": KYIV}
        trial = await offers.day(work, **both, kind=LessonType.TRIAL)
        regular = await offers.day(work, **both)
    assert (len(trial.times), len(regular.times)) == (14, 7)
    assert {lesson.ends_at - lesson.starts_at for lesson in trial.times} == {HALF}


async def test_a_time_opened_by_hand_is_no_longer_for_a_trial_than_one_lasts(core):
    olena, ira = await two(core)
    at = TOMORROW_AT_TEN + 12 * HOUR
    async with core.begin() as work:
        await tutor_slots.add_extra(work, tutor_id=olena.id, meant=Span(at, at + 2 * HOUR))
    lesson = await ask(core, olena, ira, at)
    assert lesson.ends_at - lesson.starts_at == HALF


async def test_there_is_one_trial_for_these_two(core):
    olena, ira = await two(core)
    ostap, max_ = await builders.tutor(core, "Остап"), await builders.person(core, "Макс")
    await tables.arrange(core, ostap, trial_lesson_enabled=True)
    await ask(core, olena, ira)

    with pytest.raises(TrialUsed):
        await ask(core, olena, ira, TOMORROW_AT_TEN + DAY)
    await ask(core, ostap, ira, TOMORROW_AT_TEN + DAY)
    await ask(core, olena, max_, TOMORROW_AT_TEN + DAY)
    await tables.arrange(core, olena, trial_lesson_enabled=False)
    with pytest.raises(TrialNotOffered):
        await ask(core, olena, await builders.person(core, "Юра"), TOMORROW_AT_TEN + 2 * DAY)


GIVEN_BACK = {BookingStatus.CANCELLED_STUDENT, BookingStatus.CANCELLED_TUTOR, BookingStatus.EXPIRED}


@pytest.mark.parametrize("status", [each for each in BookingStatus if each is not BookingStatus.RESCHEDULED])
async def test_a_trial_is_used_up_unless_it_was_called_off(core, status):
    olena, ira = await two(core)
    lesson = await ask(core, olena, ira)
    async with core.begin() as work:
        slot = {} if status in (BookingStatus.PENDING, BookingStatus.CONFIRMED) else {"slot_id": None}
        await work.session.execute(update(Booking).where(Booking.id == lesson.id).values(status=status, **slot))
    assert await is_offered(core, olena, ira) is (status in GIVEN_BACK)


async def test_a_trial_that_is_moved_is_used_up_and_stays_one(core):
    olena, ira = await two(core, auto_accept=True)
    lesson = await ask(core, olena, ira, TOMORROW_AT_TEN + 2 * DAY)
    async with core.begin() as work:
        to = TOMORROW_AT_TEN + 3 * DAY + HALF
        moved = await moves.move(work, booking_id=lesson.id, actor_id=ira.id, starts_at=to)
    assert (moved.lesson_type, moved.ends_at - moved.starts_at) == (LessonType.TRIAL, HALF)
    assert not await is_offered(core, olena, ira)
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=moved.id, actor_id=ira.id)
    assert await is_offered(core, olena, ira)


async def test_a_trial_is_never_charged(core, clock):
    olena, ira = await two(core, auto_accept=True, cancellation_policy=CancellationPolicy.STRICT)
    lesson = await ask(core, olena, ira)
    async with core.begin() as work:
        cancelled = await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)
    assert not cancelled.terms.is_charged

    lesson = await ask(core, olena, ira)
    clock.now = lesson.starts_at + HALF
    async with core.begin() as work:
        missed = await outcomes.no_show(work, booking_id=lesson.id, tutor_id=olena.id)
    assert not missed.terms.is_charged


async def test_a_trial_leaves_the_package_alone_and_a_lesson_uses_it(core):
    olena, ira = await two(core)
    await grant(core, olena, ira, 1)
    await ask(core, olena, ira)
    assert [row.left_over for row in await tables.rows(core, LessonPackage)] == [1]
    offer = await look(core, olena, ira, TOMORROW_AT_TEN + HOUR)
    assert (offer.kind, offer.credits_left, offer.price) == (LessonType.PACKAGE, 1, None)
    await ask(core, olena, ira, offer.starts_at, offer.kind, terms=offer.mark)
    assert [row.left_over for row in await tables.rows(core, LessonPackage)] == [0]


async def test_of_many_who_ask_for_a_trial_at_once_one_has_it(core):
    olena, ira = await two(core)
    times = [TOMORROW_AT_TEN + number * HALF for number in range(12)]
    outcomes_ = await tables.race([ask(core, olena, ira, at) for at in times])
    assert sum(isinstance(one, TrialUsed) for one in outcomes_) == 11


# Nothing is booked on other terms than those that were shown


@pytest.mark.parametrize(
    "changed",
    [
        {"price": Decimal(450)},
        {"price": None},
        {"currency": "EUR"},
        {"default_lesson_duration": 2 * HOUR, "slot_step": HOUR},
        {"cancellation_policy": CancellationPolicy.STRICT},
        {"auto_accept": True},
    ],
    ids=str,
)
async def test_what_the_tutor_has_changed_since_is_not_booked_unseen(core, changed):
    olena, ira = await two(core)
    shown = await look(core, olena, ira)
    await tables.arrange(core, olena, **changed)
    with pytest.raises(TermsChanged):
        await ask(core, olena, ira, kind=shown.kind, terms=shown.mark)
    assert await tables.rows(core, Booking) == []
    again = await look(core, olena, ira)
    assert (await ask(core, olena, ira, kind=again.kind, terms=again.mark)).terms.price == again.price


async def test_what_the_tutor_has_changed_does_not_concern_a_trial(core):
    olena, ira = await two(core)
    shown = await look(core, olena, ira, kind=LessonType.TRIAL)
    await tables.arrange(core, olena, price=Decimal(500), default_lesson_duration=2 * HOUR)
    assert (await ask(core, olena, ira, kind=shown.kind, terms=shown.mark)).terms.price is None


async def test_a_credit_used_up_meanwhile_is_not_paid_for_unseen(core):
    olena, ira = await two(core)
    first = await grant(core, olena, ira, 1)
    shown = await look(core, olena, ira)
    await builders.request(core, olena, ira, TOMORROW_AT_TEN + HOUR)
    with pytest.raises(CreditGone):
        await ask(core, olena, ira, kind=shown.kind, terms=shown.mark)
    paid = await look(core, olena, ira)
    assert (paid.kind, paid.price) == (LessonType.REGULAR, Decimal(400))
    await grant(core, olena, ira, 1, after=first.id)
    with pytest.raises(TermsChanged):
        await ask(core, olena, ira, kind=paid.kind, terms=paid.mark)


async def test_asking_twice_is_asking_once_whatever_has_changed(core):
    olena, ira = await two(core)
    shown = await look(core, olena, ira)
    first = await ask(core, olena, ira, kind=shown.kind, terms=shown.mark, note="Привіт")
    await tables.arrange(core, olena, price=Decimal(1))
    again = await ask(core, olena, ira, kind=shown.kind, terms=shown.mark, note="Інше")
    assert (again.id, again.student_notes) == (first.id, "Привіт")


async def test_a_note_has_its_length(core):
    olena, ira = await two(core)
    with pytest.raises(NoteTooLong):
        await ask(core, olena, ira, note="Ї" * 1001)
    assert (await ask(core, olena, ira, note="Ї" * 1000 + "\n")).student_notes == "Ї" * 1000
