"""
Who may do what: a forged id is answered like one that does not exist, and changes nothing.

A new use case of the core goes into REACH (it touches what belongs to somebody), into OWN (it touches nothing but what
belongs to whoever asks) or into HOUSE (no person reaches it).
"""

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import insert, update

import core as core_package
from core.calendars import feeds, statements
from core.calendars.feed_reading.busy_times import BusyTime, Reading
from core.calendars.feeds import Found
from core.enums import ExceptionType
from core.errors import CoreError, NotATutor, NotFound
from core.hours import availability, exceptions, tutor_settings, tutor_slots
from core.hours.availability import WeeklyWindow
from core.hours.exceptions import ExceptionDates
from core.lessons import answers, bookings, history, lessons, moves, outcomes, packages, students, writing_down
from core.operating import operators
from core.people import applications, tutors
from core.pure.planning.values import Span
from db.base import table
from db.models.person import Person
from db.models.time_slot import TimeSlot
from db.models.tutor_application import TutorApplication
from db.models.tutor_availability import TutorAvailability
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FREE, NEXT_WEEK = TOMORROW_AT_TEN + 2 * HOUR, date(2026, 12, 1)
KYIV = "Europe/Kyiv"
BUSY = Found(Reading(None, 1, 0, (BusyTime(TOMORROW_AT_TEN, TOMORROW_AT_TEN + HOUR, None, ""),)), b"")
PACKAGE = packages.NewPackage(4, None, None, "UAH")

TUTOR, STUDENT, OTHER, STRANGER, NOBODY = "its tutor", "its student", "another tutor", "another student", "nobody"
BOTH, EITHER_TUTOR = {TUTOR, STUDENT}, {TUTOR, OTHER}
EVERYBODY = {TUTOR, STUDENT, OTHER, STRANGER}


@dataclass(frozen=True)
class There:
    """What belongs to the tutor, and to the student's lesson."""

    people: dict[str, int]
    lesson: int
    moved: int
    conflicts: int
    window: int
    exception: int
    blocked: int
    extra: int
    package: int
    feed: int

    @property
    def student(self) -> int:
        return self.people[STUDENT]


Call = Callable[[Any, There, int], Any]

# use case -> who may, and how it is called by `who`
REACH: dict[str, tuple[set[str], Call]] = {
    "lessons.card": (BOTH, lambda w, at, who: lessons.card(w, booking_id=at.lesson, viewer_id=who)),
    "history.deeds": (BOTH, lambda w, at, who: history.deeds(w, booking_id=at.lesson, viewer_id=who)),
    "bookings.confirm": ({TUTOR}, lambda w, at, who: bookings.confirm(w, booking_id=at.lesson, tutor_id=who)),
    "bookings.decline": ({TUTOR}, lambda w, at, who: bookings.decline(w, booking_id=at.lesson, tutor_id=who)),
    "bookings.cancel": (
        BOTH,
        lambda w, at, who: bookings.cancel(w, booking_id=at.lesson, actor_id=who, reason="ні"),
    ),
    "moves.move": (
        BOTH,
        lambda w, at, who: moves.move(w, booking_id=at.lesson, actor_id=who, starts_at=FREE),
    ),
    "moves.hold": ({STUDENT}, lambda w, at, who: moves.hold(w, booking_id=at.lesson, student_id=who, starts_at=FREE)),
    "answers.refuse": ({STUDENT}, lambda w, at, who: answers.refuse(w, booking_id=at.moved, student_id=who)),
    "answers.accept": ({STUDENT}, lambda w, at, who: answers.accept(w, booking_id=at.moved, student_id=who)),
    "answers.refusable": ({STUDENT}, lambda w, at, who: answers.refusable(w, booking_id=at.moved, student_id=who)),
    "moves.movable": (BOTH, lambda w, at, who: moves.movable(w, booking_id=at.lesson, actor_id=who)),
    "moves.month": (
        BOTH,
        lambda w, at, who: moves.month(w, booking_id=at.lesson, actor_id=who, month=None, timezone=KYIV),
    ),
    "moves.day": (
        BOTH,
        lambda w, at, who: moves.day(w, booking_id=at.lesson, actor_id=who, on=FREE.date(), timezone=KYIV),
    ),
    "answers.attend": (
        {STUDENT},
        lambda w, at, who: answers.attend(w, booking_id=at.moved, student_id=who),
    ),
    "answers.changeable": (
        {STUDENT},
        lambda w, at, who: answers.changeable(w, booking_id=at.moved, student_id=who),
    ),
    "outcomes.complete": (BOTH, lambda w, at, who: outcomes.complete(w, booking_id=at.lesson, actor_id=who)),
    "outcomes.no_show": ({TUTOR}, lambda w, at, who: outcomes.no_show(w, booking_id=at.lesson, tutor_id=who)),
    "outcomes.undo": ({TUTOR}, lambda w, at, who: outcomes.undo(w, booking_id=at.lesson, tutor_id=who)),
    "outcomes.waive": ({TUTOR}, lambda w, at, who: outcomes.waive(w, booking_id=at.lesson, tutor_id=who)),
    "outcomes.note": (BOTH, lambda w, at, who: outcomes.note(w, booking_id=at.lesson, actor_id=who, text="…")),
    "exceptions.call_off": (
        {TUTOR},
        lambda w, at, who: exceptions.call_off(
            w, tutor_id=who, exception_id=at.exception, booking_id=at.conflicts, reason="…"
        ),
    ),
    "exceptions.ask_to_move": (
        {TUTOR},
        lambda w, at, who: exceptions.ask_to_move(w, tutor_id=who, booking_id=at.lesson),
    ),
    "availability.window": ({TUTOR}, lambda w, at, who: availability.window(w, tutor_id=who, window_id=at.window)),
    "availability.remove_window": (
        {TUTOR},
        lambda w, at, who: availability.remove_window(w, tutor_id=who, window_id=at.window),
    ),
    "availability.pause": ({TUTOR}, lambda w, at, who: availability.pause(w, tutor_id=who, window_id=at.window)),
    "availability.resume": ({TUTOR}, lambda w, at, who: availability.resume(w, tutor_id=who, window_id=at.window)),
    "availability.begin_on": (
        {TUTOR},
        lambda w, at, who: availability.begin_on(w, tutor_id=who, window_id=at.window, on=NEXT_WEEK),
    ),
    "availability.end_on": (
        {TUTOR},
        lambda w, at, who: availability.end_on(w, tutor_id=who, window_id=at.window, on=NEXT_WEEK),
    ),
    "exceptions.card": ({TUTOR}, lambda w, at, who: exceptions.card(w, tutor_id=who, exception_id=at.exception)),
    "exceptions.remove": ({TUTOR}, lambda w, at, who: exceptions.remove(w, tutor_id=who, exception_id=at.exception)),
    "exceptions.explain": (
        {TUTOR},
        lambda w, at, who: exceptions.explain(w, tutor_id=who, exception_id=at.exception, words="…"),
    ),
    "exceptions.call_all_off": (
        {TUTOR},
        lambda w, at, who: exceptions.call_all_off(w, tutor_id=who, exception_id=at.exception, reason="…", told=0),
    ),
    "exceptions.ask_all_to_move": (
        {TUTOR},
        lambda w, at, who: exceptions.ask_all_to_move(w, tutor_id=who, exception_id=at.exception),
    ),
    "tutor_slots.unblock": ({TUTOR}, lambda w, at, who: tutor_slots.unblock(w, tutor_id=who, slot_id=at.blocked)),
    "tutor_slots.remove_extra": (
        {TUTOR},
        lambda w, at, who: tutor_slots.remove_extra(w, tutor_id=who, slot_id=at.extra),
    ),
    "students.of_one": ({TUTOR}, lambda w, at, who: students.of_one(w, tutor_id=who, student_id=at.student)),
    "writing_down.student": ({TUTOR}, lambda w, at, who: writing_down.student(w, tutor_id=who, student_id=at.student)),
    "writing_down.write_down": (
        {TUTOR},
        lambda w, at, who: writing_down.write_down(w, tutor_id=who, student_id=at.student, starts_at=FREE),
    ),
    "packages.grant": (
        {TUTOR},
        lambda w, at, who: packages.grant(w, tutor_id=who, student_id=at.student, package=PACKAGE, after=at.package),
    ),
    "packages.granted": ({TUTOR}, lambda w, at, who: packages.granted(w, package_id=at.package, tutor_id=who)),
    "packages.take_back": (
        {TUTOR},
        lambda w, at, who: packages.take_back(w, package_id=at.package, tutor_id=who, left_over=PACKAGE.lessons),
    ),
    "packages.card": (BOTH, lambda w, at, who: packages.card(w, package_id=at.package, viewer_id=who)),
    "packages.of_student": (
        {TUTOR},
        lambda w, at, who: packages.of_student(w, tutor_id=who, student_id=at.student),
    ),
    "packages.balance": ({TUTOR}, lambda w, at, who: packages.balance(w, tutor_id=who, student_id=at.student)),
    "packages.last": ({TUTOR}, lambda w, at, who: packages.last(w, tutor_id=who, student_id=at.student)),
    "feeds.card": ({TUTOR}, lambda w, at, who: feeds.card(w, tutor_id=who, feed_id=at.feed)),
    "feeds.clash": ({TUTOR}, lambda w, at, who: feeds.clash(w, tutor_id=who, booking_id=at.lesson)),
    "feeds.remove": ({TUTOR}, lambda w, at, who: feeds.remove(w, tutor_id=who, feed_id=at.feed)),
    "feeds.source": ({TUTOR}, lambda w, at, who: feeds.source(w, tutor_id=who, feed_id=at.feed)),
    "applications.approve": (
        set(),
        lambda w, at, who: applications.approve(w, person_id=at.people[STRANGER], operator_id=who),
    ),
    "applications.refuse": (
        set(),
        lambda w, at, who: applications.refuse(w, person_id=at.people[STRANGER], operator_id=who),
    ),
    "operators.overview": (set(), lambda w, _, who: operators.overview(w, operator_id=who)),
    "operators.waiting": (set(), lambda w, _, who: operators.waiting(w, operator_id=who, limit=9)),
    "operators.application": (
        set(),
        lambda w, at, who: operators.application(w, operator_id=who, person_id=at.people[STRANGER]),
    ),
    "tutors.known": (BOTH, lambda w, at, who: tutors.known(w, at.people[TUTOR], to=who)),
}
# what is whoever's who asks, if they are a tutor
AS_TUTOR: dict[str, Callable[[Any, int], Any]] = {
    "tutor_slots.day": lambda w, who: tutor_slots.day(w, tutor_id=who, on=FREE.date()),
    "tutor_slots.block": lambda w, who: tutor_slots.block(w, tutor_id=who, meant=Span(FREE, FREE + HOUR)),
    "tutor_slots.add_extra": lambda w, who: tutor_slots.add_extra(w, tutor_id=who, meant=Span(FREE, FREE + HOUR)),
    "availability.card": lambda w, who: availability.card(w, tutor_id=who),
    "availability.set_week": lambda w, who: availability.set_week(w, tutor_id=who, windows=()),
    "availability.set_day": lambda w, who: availability.set_day(w, tutor_id=who, weekday=0, windows=()),
    "availability.set_days": lambda w, who: availability.set_days(w, tutor_id=who, weekdays=(0,), windows=()),
    "availability.copy_day": lambda w, who: availability.copy_day(w, tutor_id=who, weekday=0, to=(1,)),
    "availability.add_window": lambda w, who: availability.add_window(
        w, tutor_id=who, window=WeeklyWindow(0, time(18), time(19))
    ),
    "feeds.add": lambda w, who: feeds.add(w, tutor_id=who, name="Work", found=BUSY),
    "feeds.horizon": lambda w, who: feeds.horizon(w, tutor_id=who),
    "feeds.of_tutor": lambda w, who: feeds.of_tutor(w, tutor_id=who),
    "exceptions.coming": lambda w, who: exceptions.coming(w, tutor_id=who),
    "exceptions.add": lambda w, who: exceptions.add(w, tutor_id=who, exception=day_off(2)),
    "exceptions.add_all": lambda w, who: exceptions.add_all(w, tutor_id=who, wanted=[day_off(2)]),
    "exceptions.choose_country": lambda w, who: exceptions.choose_country(w, tutor_id=who, country="PL"),
    "writing_down.add_student": lambda w, who: writing_down.add_student(w, tutor_id=who, name="Марта"),
    "statements.month": lambda w, who: statements.month(w, tutor_id=who, month=None, timezone=KYIV),
    "tutor_settings.card": lambda w, who: tutor_settings.card(w, tutor_id=who),
    "tutor_settings.change": lambda w, who: tutor_settings.change(w, tutor_id=who, auto_accept=True),
    "tutors.share_code": lambda w, who: tutors.share_code(w, who),
    "tutors.renew_link": lambda w, who: tutors.renew_link(w, tutor_id=who),
    "tutors.teaching_timezone": lambda w, who: tutors.teaching_timezone(w, who),
    "students.of_tutor": lambda w, who: students.of_tutor(w, tutor_id=who, limit=9),
    "writing_down.students": lambda w, who: writing_down.students(w, tutor_id=who, limit=9),
}

# Reads and writes of whoever asks: their own lists, language, question, and a request in their own name
OWN = {
    "emails.ask_code",
    "emails.confirm",
    "emails.forget",
    "applications.ask_to_teach",
    "applications.is_operator",
    "applications.tell_operator",
    "export.between",
    "export.close_address",
    "export.code",
    "export.open_address",
    "bookings.request",
    "calendar.day",
    "calendar.month",
    "calendar.week",
    "lesson_messages.bring_up_to_date",
    "lesson_messages.forget",
    "lesson_messages.is_known",
    "lesson_messages.newest",
    "lesson_messages.out_of_date",
    "lesson_messages.remember",
    "directory.find",
    "directory.free",
    "directory.met",
    "directory.of_subject",
    "directory.subjects",
    "lesson_offers.release_hold",
    "lesson_offers.hold",
    "feeds.clashing",
    "leaving.ends",
    "leaving.leave",
    "lessons.summary",
    "lessons.past",
    "lessons.between",
    "lessons.pending",
    "lessons.upcoming",
    "my_data.everything",
    "people.arrive",
    "people.choose_language",
    "people.choose_name",
    "people.choose_timezone",
    "people.find",
    "people.follow_telegram",
    "people.heard",
    "reminders.be_quiet",
    "reminders.want",
    "reminders.want_as_usual",
    "reminders.want_no_more",
    "reminders.want_none",
    "reminders.preferences",
    "talks.ask",
    "talks.withdraw",
    "trials.is_offered",
    "tutors.become",
    "tutors.by_share_code",
    "tutors.of_student",
}

# Called by other use cases, by jobs and by the delivery; the stories see a tutor's times through `tutors.known` first
INNER = {
    "addresses.change",
    "addresses.give_up",
    "channels.write_announcements",
    "queue.call_off_closed",
    "alarms.sound",
    "alarms.told",
    "applications.card",
    "applications.operators",
    "export.followed",
    "changes.call_off",
    "changes.change",
    "changes.is_charged",
    "changes.lock",
    "changes.remember",
    "changes.remind_both",
    "bookings.expire",
    "bookings.lapsed",
    "bookings.next_lapse",
    "lesson_messages.announce",
    "lesson_messages.standing",
    "cleaning.clean",
    "cleaning.mark_past",
    "exceptions.asked_to_move",
    "health.server_time",
    "health.write",
    "lesson_offers.keep",
    "lesson_offers.delete_hold",
    "feeds.claim",
    "feeds.count_due",
    "feeds.fail",
    "feeds.keep",
    "feeds.next_due",
    "feeds.store",
    "job_runs.note",
    "job_runs.overview",
    "job_runs.take_turn",
    "lesson_offers.make",
    "bookings.agree",
    "changes.drop_move_request",
    "changes.lesson_behind",
    "changes.hand_over",
    "changes.same_booking",
    "changes.check_free",
    "lesson_offers.check_student",
    "changes.book_slot",
    "changes.insert_booking",
    "queue.claim",
    "queue.count_due",
    "queue.message",
    "queue.next_due",
    "settling.as_corrected",
    "settling.as_failed",
    "settling.as_retry",
    "settling.as_sent",
    "settling.as_skipped",
    "settling.as_unreachable",
    "sent_log.remember",
    "sent_log.settle",
    "outcomes.complete_by_time",
    "outcomes.next_to_settle",
    "outcomes.unsettled",
    "packages.give_back",
    "packages.use_credit",
    "packages.use_credit_again",
    "people.lock",
    "people.mark_unreachable",
    "queue_state.retry_failed",
    "queue_state.state",
    "reminders.call_off",
    "reminders.plan_anew",
    "reminders.schedule",
    "schedules.load",
    "schedules.of_asker",
    "slots.book",
    "slots.check",
    "offers.count_free",
    "offers.day",
    "offers.free_between",
    "offers.free_for_tutor",
    "slots.lessons_ahead",
    "slots.lessons_outside",
    "offers.month",
    "offers.next_free_time",
    "offers.next_free_times",
    "slots.release",
    "slots.write",
    "trials.check",
    "tutors.card",
    "tutors.settings_of",
    "tutors.listed_rows",
    "tutors.lock",
    "tutors.meet",
    "tutors.met_rows",
    "work.insert_new",
}


REACH |= {name: (EITHER_TUTOR, lambda w, _, who, call=call: call(w, who)) for name, call in AS_TUTOR.items()}


class Undone(Exception):
    """Takes back what an allowed person did, so that the next one finds it as it was."""


def use_cases() -> set[str]:
    """Every public coroutine of the core that takes a unit of work first, by the module that tells it."""
    modules = [import_module(each.name) for each in pkgutil.walk_packages(core_package.__path__, "core.")]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in modules
        for name, told in inspect.getmembers(module, inspect.iscoroutinefunction)
        if told.__module__ == module.__name__
        and not name.startswith("_")
        and next(iter(inspect.signature(told).parameters), None) == "work"
    }


def test_every_use_case_says_who_may():
    assert use_cases() - REACH.keys() - OWN - INNER == set()
    assert REACH.keys() | OWN | INNER <= use_cases()
    assert len(REACH) + len(OWN) + len(INNER) == len(REACH.keys() | OWN | INNER)


async def test_who_may_not_is_refused_or_finds_nothing_and_changes_nothing(core):
    at = await what_belongs_to_somebody(core)
    before = await tables.dump(core)
    reached = []
    for use_case, (allowed, _) in REACH.items():
        for person in sorted((EVERYBODY | {NOBODY}) - allowed):
            outcome = await attempt(core, use_case, at, at.people[person], keep=True)
            if not is_nothing(outcome):
                reached.append((use_case, person, outcome))
        if await tables.dump(core) != before:
            pytest.fail(f"{use_case} changed what belongs to somebody else")
    assert not reached


async def test_who_may_is_let_in(core):
    at = await what_belongs_to_somebody(core)
    before = await tables.dump(core)
    for use_case, (allowed, _) in REACH.items():
        for person in sorted(allowed):
            outcome = await attempt(core, use_case, at, at.people[person])
            assert not isinstance(outcome, NotFound | NotATutor), (use_case, person)
    assert await tables.dump(core) == before


@pytest.mark.parametrize("forged", [0, -1, 2**31])
async def test_what_does_not_exist_is_found_by_nobody(core, forged):
    at = await what_belongs_to_somebody(core)
    before = await tables.dump(core)
    nothing = There(at.people, *[forged] * 9)
    for use_case, (allowed, _) in REACH.items():
        if allowed in (BOTH, {TUTOR}, {STUDENT}) and use_case not in TO_PEOPLE:
            for person in sorted(allowed):
                outcome = await attempt(core, use_case, nothing, at.people[person])
                assert is_nothing(outcome), (use_case, person, outcome)
    assert await tables.dump(core) == before


TO_PEOPLE = {name for name in REACH if name.startswith(("students.", "writing_down.", "tutors.", "packages."))} - {
    "packages.card"
}


@pytest.mark.parametrize(
    ("tutor", "student", "refusal"),
    [(NOBODY, STUDENT, NotATutor), (STRANGER, STUDENT, NotATutor), (TUTOR, NOBODY, NotFound)],
)
async def test_a_request_between_people_who_are_not_there_is_refused(core, tutor, student, refusal):
    at = await what_belongs_to_somebody(core)
    before = await tables.dump(core)
    with pytest.raises(refusal):
        async with core.begin() as work:
            await bookings.request(work, tutor_id=at.people[tutor], student_id=at.people[student], starts_at=FREE)
    assert await tables.dump(core) == before


async def test_only_an_operator_answers_who_asks_to_teach(core):
    at = await what_belongs_to_somebody(core)
    async with core.begin() as work:
        await work.session.execute(
            update(table(Person)).where(table(Person).c.id == at.people[OTHER]).values(is_operator=True)
        )
    for use_case in [name for name in REACH if name.startswith("operators.")] + [
        "applications.approve",
        "applications.refuse",
    ]:
        assert not isinstance(await attempt(core, use_case, at, at.people[OTHER]), CoreError)


async def attempt(core, use_case, at, actor_id, *, keep=False):
    """Return what came of it, or the refusal."""
    outcome = None
    try:
        async with core.begin() as work:
            outcome = await REACH[use_case][1](work, at, actor_id)
            if not keep:
                raise Undone
    except CoreError as refusal:
        return refusal
    except Undone:
        pass
    return outcome


def is_nothing(outcome):
    return not outcome or outcome == availability.Change(0) or isinstance(outcome, NotFound | NotATutor)


def day_off(days_from_monday):
    on = TOMORROW_AT_TEN.date() + (6 + days_from_monday) * DAY
    return ExceptionDates(ExceptionType.DAY_OFF, on, on)


async def what_belongs_to_somebody(core):
    olena, ostap = await builders.tutor(core), await builders.tutor(core, "Остап")
    ira, max_ = await builders.person(core), await builders.person(core, "Макс")
    lesson = await builders.request(core, olena, ira, TOMORROW_AT_TEN)
    moved = await builders.request(core, olena, ira, TOMORROW_AT_TEN + 4 * HOUR)
    conflicts = await builders.request(core, olena, ira, TOMORROW_AT_TEN + 6 * DAY)
    await builders.request(core, ostap, max_, TOMORROW_AT_TEN)
    async with core.begin() as work:
        moved = await moves.move(work, booking_id=moved.id, actor_id=olena.id, starts_at=TOMORROW_AT_TEN + 5 * HOUR)
        exception = await exceptions.add(work, tutor_id=olena.id, exception=day_off(0))
        await tutor_slots.block(work, tutor_id=olena.id, meant=Span(FREE + DAY, FREE + DAY + HOUR))
        await tutor_slots.add_extra(work, tutor_id=olena.id, meant=Span(FREE + 2 * DAY, FREE + 2 * DAY + HOUR))
        package = await packages.grant(work, tutor_id=olena.id, student_id=ira.id, package=PACKAGE, after=0)
        asked = {"person_id": max_.id, "asked_at": work.now, "is_approved": None}
        await work.session.execute(insert(table(TutorApplication)).values(**asked))
        feed = await feeds.add(work, tutor_id=olena.id, name="Home", found=BUSY)
    window = next(row for row in await tables.rows(core, TutorAvailability) if row.tutor_id == olena.id)
    slots = {row.status: row.id for row in await tables.rows(core, TimeSlot)}
    everybody = (olena.id, ira.id, ostap.id, max_.id, 10**6)
    return There(
        people=dict(zip((TUTOR, STUDENT, OTHER, STRANGER, NOBODY), everybody, strict=True)),
        lesson=lesson.id,
        moved=moved.id,
        conflicts=conflicts.id,
        window=window.id,
        exception=exception.id,
        blocked=slots["blocked"],
        extra=slots["available"],
        package=package.id,
        feed=feed.id,
    )
