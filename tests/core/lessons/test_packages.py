"""Credits are neither lost nor made: those left over and those held are the lessons of the package, always."""

import asyncio
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.enums import BookingStatus, Event, LessonType
from core.errors import BadPackage, BadSetting, CoreError, NoCreditLeft, NotATutor, NotFound, OtherPackageGranted
from core.lessons import answers, bookings, moves, outcomes, packages, writing_down
from core.people import tutors
from core.startup import open_core
from db.models.booking import Booking
from db.models.lesson_package import LessonPackage
from db.models.notification import Notification
from tests import builders
from tests.conftest import MONDAY, FrozenClock, sqlite_settings
from tests.core import tables

THURSDAY = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def pair(core):
    olena, ira = await builders.tutor(core), await builders.person(core)
    await tables.arrange(core, olena, price=Decimal(400))
    async with core.begin() as work:
        await tutors.meet(work, tutor_id=olena.id, student_id=ira.id)
    return olena, ira


async def grant(core, olena, ira, lessons=2, *, after=0, subject=None, price=None):
    async with core.begin() as work:
        return await packages.grant(
            work,
            tutor_id=olena.id,
            student_id=ira.id,
            package=packages.NewPackage(lessons, subject, price, "UAH"),
            after=after,
        )


async def balance(core, olena, ira):
    async with core.read() as work:
        return await packages.balance(work, tutor_id=olena.id, student_id=ira.id)


async def does(core, use_case, lesson, **who):
    async with core.begin() as work:
        return await use_case(work, booking_id=lesson.id, **who)


async def broken_laws(core):
    held = [row.package_id for row in await tables.rows(core, Booking) if row.holds_credit]
    return [
        row
        for row in await tables.rows(core, LessonPackage)
        if row.left_over + row.taken_back + held.count(row.id) != row.lessons
    ]


async def take_back(core, olena, package, left_over):
    async with core.begin() as work:
        return await packages.take_back(work, package_id=package.id, tutor_id=olena.id, left_over=left_over)


async def test_a_lesson_is_booked_on_the_package_while_there_is_credit(core):
    olena, ira = await pair(core)
    package = await grant(core, olena, ira, 1, subject="Хімія", price=Decimal("350.50"))
    assert (package.left_over, package.price, package.tutor_name) == (1, Decimal("350.50"), "Олена")

    first = await builders.request(core, olena, ira, THURSDAY)
    second = await builders.request(core, olena, ira, THURSDAY + HOUR)

    assert (first.lesson_type, first.terms.price, first.subject) == (LessonType.PACKAGE, None, "Хімія")
    assert (second.lesson_type, second.terms.price, second.subject) == (LessonType.REGULAR, Decimal(400), None)
    assert await balance(core, olena, ira) == 0


async def test_the_oldest_package_is_used_up_first(core, clock):
    olena, ira = await pair(core)
    old = await grant(core, olena, ira, 1)
    clock.advance(days=1)
    await grant(core, olena, ira, 1, after=old.id)
    await builders.request(core, olena, ira, THURSDAY)
    left = [row.left_over for row in await tables.rows(core, LessonPackage)]
    assert left == [0, 1]


async def test_granting_twice_is_granting_once_and_the_student_hears_of_it_once(core):
    olena, ira = await pair(core)
    first, again = await grant(core, olena, ira), await grant(core, olena, ira)
    assert first == again
    told = [row for row in await tables.rows(core, Notification) if row.event is Event.PACKAGE_GRANTED]
    assert [row.recipient_id for row in told] == [ira.id]
    assert (await grant(core, olena, ira, after=first.id)).id != first.id


@pytest.mark.parametrize("other", [{"lessons": 7}, {"price": Decimal(5)}, {"subject": "Хімія"}])
async def test_another_package_than_the_one_granted_since_is_not_taken_for_it(core, other):
    olena, ira = await pair(core)
    first = await grant(core, olena, ira)
    with pytest.raises(OtherPackageGranted):
        await grant(core, olena, ira, **other)
    second = await grant(core, olena, ira, **other, after=first.id)
    assert await grant(core, olena, ira) == first
    assert [row.id for row in await tables.rows(core, LessonPackage)] == [first.id, second.id]


async def test_two_taps_at_one_instant_grant_one_package(core):
    olena, ira = await pair(core)
    granted = await tables.race([grant(core, olena, ira) for _ in range(8)])
    assert len({package.id for package in granted}) == len(await tables.rows(core, LessonPackage)) == 1


@pytest.mark.parametrize("lessons", [-1, 0, 101])
async def test_a_package_has_a_number_of_lessons(core, lessons):
    with pytest.raises(BadPackage):
        await grant(core, *await pair(core), lessons)


@pytest.mark.parametrize("price", [Decimal(-1), Decimal("0.001"), Decimal(10**9)])
async def test_a_package_has_a_price_that_can_be_paid(core, price):
    with pytest.raises(BadSetting):
        await grant(core, *await pair(core), price=price)


async def test_only_an_own_student_is_given_a_package(core):
    olena, ira = await pair(core)
    stranger = await builders.person(core, "Макс")
    with pytest.raises(NotFound):
        await grant(core, olena, stranger)
    with pytest.raises(NotATutor):
        await grant(core, ira, stranger)


@pytest.mark.parametrize("by", ["tutor", "student", "decline", "expiry", "refusal"])
async def test_a_lesson_called_off_for_nothing_gives_its_credit_back_once(core, clock, by):
    olena, ira = await pair(core)
    await grant(core, olena, ira, 3)
    lesson = await builders.request(core, olena, ira, THURSDAY)
    assert await balance(core, olena, ira) == 2
    for _ in range(2):
        match by:
            case "tutor":
                await does(core, bookings.cancel, lesson, actor_id=olena.id, reason="хворію")
            case "student":
                await does(core, bookings.cancel, lesson, actor_id=ira.id)
            case "decline":
                await does(core, bookings.decline, lesson, tutor_id=olena.id)
            case "expiry":
                clock.now = lesson.expires_at
                await does(core, bookings.expire, lesson)
            case "refusal":
                if lesson.starts_at == THURSDAY:
                    lesson = await does(core, moves.move, lesson, actor_id=olena.id, starts_at=THURSDAY + DAY)
                await does(core, answers.refuse, lesson, student_id=ira.id)
        assert await balance(core, olena, ira) == 3
    assert not await broken_laws(core)


async def test_a_late_cancellation_and_a_no_show_keep_the_credit_until_it_is_waived(core, clock):
    olena, ira = await pair(core)
    await grant(core, olena, ira, 2)
    late = await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY))
    missed = await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY + HOUR))
    clock.now = THURSDAY - HOUR
    assert (await does(core, bookings.cancel, late, actor_id=ira.id, charge_accepted=True)).terms.is_charged
    clock.now = THURSDAY + 2 * HOUR
    await does(core, outcomes.no_show, missed, tutor_id=olena.id)
    assert await balance(core, olena, ira) == 0

    for lesson in (late, missed, late):
        await does(core, outcomes.waive, lesson, tutor_id=olena.id)
    assert await balance(core, olena, ira) == 2
    assert not await broken_laws(core)


async def test_what_was_waived_and_undone_is_paid_for_again_if_there_is_credit(core, clock):
    olena, ira = await pair(core)
    await grant(core, olena, ira, 1)
    missed = await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY))
    clock.now = THURSDAY + 2 * HOUR
    for use_case in (outcomes.no_show, outcomes.waive, outcomes.undo):
        await does(core, use_case, missed, tutor_id=olena.id)
    assert await balance(core, olena, ira) == 0

    for use_case in (outcomes.no_show, outcomes.waive):
        await does(core, use_case, missed, tutor_id=olena.id)
    await builders.request(core, olena, ira, THURSDAY + DAY)
    with pytest.raises(NoCreditLeft):
        await does(core, outcomes.undo, missed, tutor_id=olena.id)
    assert not await broken_laws(core)


async def test_a_moved_lesson_takes_its_credit_along(core):
    olena, ira = await pair(core)
    await grant(core, olena, ira, 1)
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, THURSDAY))
    move_request = await does(core, moves.move, lesson, actor_id=ira.id, starts_at=THURSDAY + DAY)
    assert not await broken_laws(core)
    await does(core, bookings.confirm, move_request, tutor_id=olena.id)
    assert await balance(core, olena, ira) == 0
    assert not await broken_laws(core)
    await does(core, bookings.cancel, move_request, actor_id=ira.id)
    assert await balance(core, olena, ira) == 1
    assert not await broken_laws(core)


async def test_what_is_left_is_taken_back_and_lessons_booked_on_it_stay(core):
    olena, ira = await pair(core)
    package = await grant(core, olena, ira, 4)
    lesson = await builders.request(core, olena, ira, THURSDAY)
    assert not await take_back(core, olena, package, 4), "another number was told"
    assert await balance(core, olena, ira) == 3
    assert await take_back(core, olena, package, 3)
    assert await take_back(core, olena, package, 3)
    assert await balance(core, olena, ira) == 0
    assert not await broken_laws(core)
    told = [row for row in await tables.rows(core, Notification) if row.event is Event.PACKAGE_GRANTED]
    assert [(row.recipient_id, "is_taken_back" in row.details) for row in told] == [(ira.id, False), (ira.id, True)]

    await does(core, bookings.cancel, lesson, actor_id=ira.id)
    assert await balance(core, olena, ira) == 1
    assert not await broken_laws(core)
    with pytest.raises(NotATutor):
        await take_back(core, ira, package, 1)


async def test_a_no_show_that_is_not_charged_gives_its_credit_back(core, clock):
    olena, ira = await pair(core)
    await grant(core, olena, ira, 1)
    async with core.begin() as work:
        lesson = await writing_down.write_down(work, tutor_id=olena.id, student_id=ira.id, starts_at=THURSDAY)
    clock.now = THURSDAY + HOUR
    missed = await does(core, outcomes.no_show, lesson, tutor_id=olena.id)
    assert not missed.terms.is_charged
    assert await balance(core, olena, ira) == 1
    await does(core, outcomes.undo, lesson, tutor_id=olena.id)
    assert await balance(core, olena, ira) == 0
    assert not await broken_laws(core)


async def test_a_lesson_written_down_is_on_the_package_too(core):
    olena, ira = await pair(core)
    await grant(core, olena, ira, 1)
    async with core.begin() as work:
        lesson = await writing_down.write_down(work, tutor_id=olena.id, student_id=ira.id, starts_at=THURSDAY)
    assert lesson.lesson_type is LessonType.PACKAGE
    assert await balance(core, olena, ira) == 0


async def test_the_last_credit_is_held_once_and_given_back_once_under_a_race(core):
    olena, ira = await pair(core)
    await grant(core, olena, ira, 1)
    asked = await tables.race([builders.request(core, olena, ira, THURSDAY + hours * HOUR) for hours in range(6)])
    assert sum(lesson.lesson_type is LessonType.PACKAGE for lesson in asked) == 1
    lesson = next(lesson for lesson in asked if lesson.lesson_type is LessonType.PACKAGE)
    await tables.race(
        [
            step
            for _ in range(4)
            for step in (
                does(core, bookings.cancel, lesson, actor_id=ira.id),
                does(core, bookings.decline, lesson, tutor_id=olena.id),
                does(core, bookings.cancel, lesson, actor_id=olena.id, reason="ні"),
            )
        ]
    )
    assert await balance(core, olena, ira) == 1
    assert not await broken_laws(core)


class Credits(RuleBasedStateMachine):
    """Everything that can happen to a lesson, in any order."""

    template: Path
    folder: Path

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FrozenClock(MONDAY)
        for stale in self.folder.glob("credits.sqlite3*"):
            stale.unlink()
        shutil.copy(self.template, self.folder / "credits.sqlite3")
        self.core = open_core(sqlite_settings(self.folder / "credits.sqlite3"), clock=self.clock)
        self.olena, self.ira = self.runner.run(pair(self.core))
        self.granted = self.runner.run(grant(self.core, self.olena, self.ira, 3)).id

    @rule(hours=st.integers(26, 60))
    def ask(self, hours):
        self.attempt(builders.request(self.core, self.olena, self.ira, self.clock.now + hours * HOUR))

    @rule(lessons=st.integers(1, 2))
    def is_given_more(self, lessons):
        package = self.runner.run(grant(self.core, self.olena, self.ira, lessons, after=self.granted))
        self.granted = package.id

    @rule(left_over=st.integers(1, 3))
    def is_taken_back(self, left_over):
        rows = self.runner.run(tables.rows(self.core, LessonPackage))
        self.attempt(take_back(self.core, self.olena, rows[-1], left_over))

    @rule(
        which=st.integers(0, 5),
        step=st.sampled_from(["confirm", "decline", "cancel", "call off", "no_show", "complete", "waive", "undo"]),
    )
    def something_is_done(self, which, step):
        self.attempt(self.step(which, step))

    @rule(which=st.integers(0, 5), hours=st.integers(26, 60), by_tutor=st.booleans())
    def moves(self, which, hours, by_tutor):
        self.attempt(self.move(which, hours, self.olena if by_tutor else self.ira))

    @rule(hours=st.sampled_from([1, 5, 25]))
    def time_goes_on(self, hours):
        self.clock.advance(hours=hours)
        self.runner.run(self.expire())

    @invariant()
    def no_credit_is_lost_or_made(self):
        assert not self.runner.run(broken_laws(self.core))

    @invariant()
    def what_is_called_off_for_nothing_holds_nothing(self):
        free = (BookingStatus.CANCELLED_TUTOR, BookingStatus.EXPIRED, BookingStatus.RESCHEDULED)
        rows = self.runner.run(tables.rows(self.core, Booking))
        assert not [row for row in rows if row.holds_credit and (row.status in free or row.is_waived)]

    def teardown(self):
        self.runner.run(self.core.close())
        self.runner.close()

    def attempt(self, coroutine):
        with suppress(CoreError):
            self.runner.run(coroutine)

    async def lesson(self, which):
        rows = await tables.rows(self.core, Booking)
        return rows[-1 - which % len(rows)] if rows else None

    async def step(self, which, step):
        lesson = await self.lesson(which)
        if lesson is None:
            return
        tutor, student = {"tutor_id": self.olena.id}, {"actor_id": self.ira.id}
        steps = {
            "confirm": (bookings.confirm, tutor),
            "decline": (bookings.decline, tutor),
            "cancel": (bookings.cancel, student),
            "call off": (bookings.cancel, {"actor_id": self.olena.id, "reason": "ні"}),
            "no_show": (outcomes.no_show, tutor),
            "complete": (outcomes.complete, student),
            "waive": (outcomes.waive, tutor),
            "undo": (outcomes.undo, tutor),
        }
        use_case, who = steps[step]
        await does(self.core, use_case, lesson, **who)

    async def move(self, which, hours, actor):
        lesson = await self.lesson(which)
        if lesson is not None:
            starts_at = self.clock.now + hours * HOUR
            await does(self.core, moves.move, lesson, actor_id=actor.id, starts_at=starts_at)

    async def expire(self):
        async with self.core.begin() as work:
            for booking_id in await bookings.lapsed(work):
                await bookings.expire(work, booking_id=booking_id)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_no_order_of_steps_loses_or_makes_a_credit(sqlite_template, tmp_path):
    class Here(Credits):
        template, folder = sqlite_template, tmp_path

    bounded = settings(max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Here, settings=bounded)
