"""Whatever people do in whatever order, these laws hold."""

import asyncio
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.enums import BookingStatus, DeliveryStatus, SlotStatus
from core.errors import BookingRefused, CoreError, OwnHours, StudentBusy, TooManyLessons
from core.lessons import answers, bookings, moves, outcomes, writing_down
from core.pure.planning.local_time import local_date
from core.settings import Policies
from core.startup import open_core
from core.times import offers
from db.models.booking import Booking
from db.models.booking_history import BookingHistory
from db.models.reminder import Reminder
from db.models.time_slot import TimeSlot
from tests import builders
from tests.conftest import MONDAY, FrozenClock, sqlite_settings
from tests.core import tables

KYIV = "Europe/Kyiv"
HALF_AN_HOUR = timedelta(minutes=30)
ANY = st.integers(min_value=0, max_value=7)
LIVE = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
SPOKEN_OF = (BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
STUDENTS_OWN_REFUSALS = (StudentBusy, TooManyLessons, OwnHours)


class Taps(RuleBasedStateMachine):
    template: Path
    folder: Path

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = FrozenClock(MONDAY)
        path = self.folder / "taps.sqlite3"
        for stale in self.folder.glob("taps.sqlite3*"):
            stale.unlink()
        shutil.copy(self.template, path)
        self.core = open_core(sqlite_settings(path), clock=self.clock, policies=Policies(max_active_lessons=4))
        self.known: dict[int, BookingStatus] = {}
        self.changes: Counter[int] = Counter()
        self.run(self.people_arrive())

    def run(self, coroutine):
        return self.runner.run(coroutine)

    async def people_arrive(self):
        self.tutors = [await builders.tutor(self.core, name) for name in ("Олена", "Остап")]
        self.people = [*self.tutors, *[await builders.person(self.core, name) for name in ("Іра", "Макс")]]
        buffers = {"buffer_before": timedelta(minutes=10), "buffer_after": timedelta(minutes=20)}
        await tables.arrange(self.core, self.tutors[0], slot_step=HALF_AN_HOUR, max_lessons_per_day=3, **buffers)
        await tables.arrange(self.core, self.tutors[1], auto_accept=True)
        for tutor in self.tutors:
            await builders.request(self.core, tutor, self.people[2], MONDAY + timedelta(hours=3 + tutor.id))

    @rule(tutor=st.integers(0, 1), student=st.integers(0, 3), half_hours=st.integers(-1, 50))
    def ask(self, tutor, student, half_hours):
        self.run(self.request(self.tutors[tutor], self.people[student], MONDAY + half_hours * HALF_AN_HOUR))

    @rule(tutor=st.integers(0, 1), student=st.integers(0, 3), which=st.integers(0, 30))
    def ask_for_what_is_listed(self, tutor, student, which):
        free = self.run(self.listed(self.tutors[tutor], MONDAY)) + self.run(
            self.listed(self.tutors[tutor], MONDAY + timedelta(days=1))
        )
        if free:
            self.run(self.request(self.tutors[tutor], self.people[student], free[which % len(free)]))

    @rule(which=ANY)
    def agree(self, which):
        self.tap(which, lambda work, row: bookings.confirm(work, booking_id=row.id, tutor_id=row.tutor_id))

    @rule(which=ANY)
    def turn_down(self, which):
        self.tap(which, lambda work, row: bookings.decline(work, booking_id=row.id, tutor_id=row.tutor_id))

    @rule(which=ANY, by_tutor=st.booleans())
    def call_off(self, which, by_tutor):
        def cancel(work, row):
            actor_id = row.tutor_id if by_tutor else row.student_id
            return bookings.cancel(work, booking_id=row.id, actor_id=actor_id, reason="ні", charge_accepted=True)

        self.tap(which, cancel)

    @rule(which=ANY, by_tutor=st.booleans(), half_hours=st.integers(-1, 50))
    def move(self, which, by_tutor, half_hours):
        def move(work, row):
            actor_id = row.tutor_id if by_tutor else row.student_id
            starts_at = MONDAY + half_hours * HALF_AN_HOUR
            return moves.move(work, booking_id=row.id, actor_id=actor_id, starts_at=starts_at)

        self.tap(which, move)

    @rule(which=ANY)
    def refuse_the_move(self, which):
        self.tap(which, lambda work, row: answers.refuse(work, booking_id=row.id, student_id=row.student_id))

    @rule(which=ANY, step=st.sampled_from(["complete", "no_show", "undo"]))
    def say_what_became_of_it(self, which, step):
        def say(work, row):
            who = "actor_id" if step == "complete" else "tutor_id"
            return getattr(outcomes, step)(work, booking_id=row.id, **{who: row.tutor_id})

        self.tap(which, say)

    @rule(tutor=st.integers(0, 1), which=ANY, half_hours=st.integers(-10, 50))
    def write_down(self, tutor, which, half_hours):
        def note(work, row):
            starts_at = MONDAY + half_hours * HALF_AN_HOUR
            who = {"tutor_id": self.tutors[tutor].id, "student_id": row.student_id}
            return writing_down.write_down(work, starts_at=starts_at, **who)

        self.tap(which, note)

    @rule(minutes=st.sampled_from([1, 30, 59, 180, 60 * 11]))
    def time_goes_on(self, minutes):
        self.clock.advance(minutes=minutes)
        self.run(self.settle_lapsed())

    @invariant()
    def the_laws_hold(self):
        self.run(self.check_laws())

    def teardown(self):
        self.run(self.core.close())
        self.runner.close()

    async def request(self, tutor, student, starts_at):
        is_listed = starts_at in await self.listed(tutor, starts_at)
        known = {(row.tutor_id, row.student_id, row.starts_at) for row in await self.live()}
        try:
            await builders.request(self.core, tutor, student, starts_at)
        except STUDENTS_OWN_REFUSALS:
            return
        except BookingRefused:
            accepted = False
        else:
            accepted = (tutor.id, student.id, starts_at) not in known
        assert accepted is is_listed, "what is listed can be booked, and nothing else"

    async def listed(self, tutor, at):
        on = local_date(KYIV, at)
        async with self.core.read() as work:
            offer = await offers.day(work, tutor_id=tutor.id, on=on, timezone=KYIV)
        return [span.starts_at for span in offer.times]

    async def live(self):
        return [row for row in await tables.rows(self.core, Booking) if row.status in LIVE]

    def tap(self, which, step):
        async def try_it():
            rows = await tables.rows(self.core, Booking)
            row = rows[-1 - which % len(rows)]
            try:
                async with self.core.begin() as work:
                    await step(work, row)
            except CoreError:
                pass

        self.run(try_it())

    async def settle_lapsed(self):
        async with self.core.begin() as work:
            for booking_id in await bookings.lapsed(work):
                assert await bookings.expire(work, booking_id=booking_id)

    async def check_laws(self):
        assert await tables.collisions(self.core) == 0
        holding = [row for row in await tables.rows(self.core, Booking) if row.status in (*LIVE, *SPOKEN_OF)]
        live = {row.slot_id: (row.tutor_id, row.starts_at, row.ends_at) for row in holding}
        booked = [row for row in await tables.rows(self.core, TimeSlot) if row.status is SlotStatus.BOOKED]
        assert live == {row.id: (row.tutor_id, row.start_datetime, row.end_datetime) for row in booked}
        await self.check_reminders()
        await self.check_history()

    async def check_reminders(self):
        confirmed = {row.id for row in await self.live() if row.status is BookingStatus.CONFIRMED}
        pending = {
            row.booking_id for row in await tables.rows(self.core, Reminder) if row.status is DeliveryStatus.PENDING
        }
        assert pending <= confirmed

    async def check_history(self):
        for row in await tables.rows(self.core, Booking):
            self.changes[row.id] += self.known.get(row.id) is not row.status
            self.known[row.id] = row.status
        assert Counter(row.booking_id for row in await tables.rows(self.core, BookingHistory)) == self.changes


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_no_order_of_taps_breaks_a_law(sqlite_template, tmp_path):
    class Here(Taps):
        template, folder = sqlite_template, tmp_path

    bounded = settings(max_examples=20, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Here, settings=bounded)
