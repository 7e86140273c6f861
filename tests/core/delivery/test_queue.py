import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from core.delivery import queue, settling
from core.enums import BookingStatus, DeliveryStatus, Event, Language
from core.lessons import bookings, lesson_messages, outcomes
from core.people import channels, people
from core.settings import Policies
from core.startup import open_core
from core.work import Work
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from tests import builders
from tests.core import tables

TOMORROW_AT_TEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
IN_A_WEEK = TOMORROW_AT_TEN + timedelta(days=7)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def policies() -> Policies:
    hours = timedelta(hours=2)  # too short for nudges, which are other notices
    return Policies(delivery_attempts=2, delivery_lease=timedelta(minutes=2), request_expires_after=hours)


async def test_a_claimed_row_is_ours_until_the_lease_is_over(core, clock):
    await a_request(core)
    (first,) = await tables.claim(core)

    clock.advance(minutes=2, microseconds=-1)
    assert await tables.claim(core) == []
    clock.advance(microseconds=1)
    (again,) = await tables.claim(core)

    assert (first.attempt, again.attempt) == (1, 2)
    assert (again.id, again.due_at) == (first.id, first.due_at)


async def test_only_the_latest_claim_may_settle(core, clock):
    await a_request(core)
    (stale,) = await tables.claim(core)
    clock.advance(minutes=2)
    (latest,) = await tables.claim(core)

    await settle(core, settling.as_failed, stale, error="late")
    assert await notice(core) == (DeliveryStatus.PENDING, None)
    await settle(core, settling.as_sent, latest, message_id=77)
    await settle(core, settling.as_failed, latest, error="twice")
    assert await notice(core) == (DeliveryStatus.SENT, None)


async def test_a_wait_that_telegram_ordered_does_not_let_a_stale_claim_settle(core, clock):
    await a_request(core)
    (stale,) = await tables.claim(core)
    clock.advance(minutes=2)
    (latest,) = await tables.claim(core)
    await settle(core, settling.as_retry, latest, at=clock.now, error="429", counts=False)
    await tables.claim(core)

    await settle(core, settling.as_failed, stale, error="late")
    await settle(core, settling.as_failed, latest, error="late")

    assert (await notice(core))[0] is DeliveryStatus.PENDING


async def test_what_was_sent_keeps_its_message_and_is_never_claimed_again(core, clock):
    await a_request(core)
    (claimed,) = await tables.claim(core)
    await settle(core, settling.as_sent, claimed, message_id=77)
    clock.advance(days=1)

    (row,) = await tables.rows(core, Notification)
    assert (row.message_id, row.sent_at) == (77, clock.now - timedelta(days=1))
    assert await tables.claim(core) == []


async def test_a_retry_waits_for_its_instant_and_the_last_attempt_fails(core, clock):
    await a_request(core)
    at = clock.now + timedelta(minutes=5)
    (claimed,) = await tables.claim(core)
    await settle(core, settling.as_retry, claimed, at=at, error="network")
    assert await notice(core) == (DeliveryStatus.PENDING, "network")

    clock.now = at - INSTANT
    assert await tables.claim(core) == []
    clock.now = at
    (last,) = await tables.claim(core)
    assert last.attempt == last.max_attempts == 2
    await settle(core, settling.as_retry, last, at=at, error="network again")

    assert await notice(core) == (DeliveryStatus.FAILED, "network again")


async def test_waiting_as_telegram_ordered_is_no_attempt(core, clock):
    await a_request(core)
    for _ in range(5):
        (claimed,) = await tables.claim(core)
        await settle(core, settling.as_retry, claimed, at=clock.now, error="429", counts=False)

    assert await notice(core) == (DeliveryStatus.PENDING, "429")
    for _ in range(2):
        (claimed,) = await tables.claim(core)
        await settle(core, settling.as_retry, claimed, at=clock.now, error="network")
    assert await notice(core) == (DeliveryStatus.FAILED, "network")


async def test_an_error_of_any_length_can_be_kept(core):
    await a_request(core)
    (claimed,) = await tables.claim(core)
    await settle(core, settling.as_failed, claimed, error="x" * 1000)

    assert await notice(core) == (DeliveryStatus.FAILED, "x" * 300)


async def test_a_message_speaks_the_language_and_zone_of_its_reader(core):
    olena, ira = await builders.tutor(core), await builders.person(core, timezone="Asia/Tokyo", language="en")
    lesson = await builders.confirm(core, await builders.request(core, olena, ira, IN_A_WEEK))
    messages = [await message(core, claimed) for claimed in await tables.claim(core)]

    confirmed = next(one for one in messages if one.event is Event.BOOKING_CONFIRMED)

    assert confirmed.to == queue.Recipient(ira.id, ira.profile.telegram_id, Language.ENGLISH, "Asia/Tokyo")
    assert (confirmed.lesson.id, confirmed.lesson.viewer_is_tutor) == (lesson.id, False)


@pytest.mark.parametrize(
    ("late_by", "told"), [(timedelta(0), True), (timedelta(minutes=20), True), (timedelta(minutes=20) + INSTANT, False)]
)
async def test_a_reminder_that_is_too_late_is_skipped(core, clock, late_by, told):
    lesson = await a_lesson(core)
    clock.now = lesson.starts_at - timedelta(hours=1) + late_by

    reminders = [one for one in await tables.claim(core) if one.minutes_before == 60]
    messages = [await message(core, one) for one in reminders]

    assert [one is not None for one in messages] == [told, told]


async def test_a_reminder_claimed_before_the_lesson_was_cancelled_is_skipped(core, clock):
    lesson = await a_lesson(core)
    clock.now = lesson.starts_at - timedelta(hours=24)
    reminders = [one for one in await tables.claim(core) if one.minutes_before]
    await cancel(core, lesson)

    assert [await message(core, one) for one in reminders] == [None, None]
    for one in reminders:
        await settle(core, settling.as_skipped, one)
    assert {row.status for row in await tables.rows(core, Reminder)} == {DeliveryStatus.CANCELLED}


async def test_a_reminder_is_not_told_once_the_lesson_has_begun(core, clock):
    lesson = await a_lesson(core)
    clock.now = lesson.starts_at

    reminders = [one for one in await tables.claim(core) if one.minutes_before]

    assert [await message(core, one) for one in reminders] == [None] * 6


async def test_a_notice_overtaken_by_a_cancel_is_not_told_but_the_cancel_is(core):
    lesson = await a_lesson(core)
    await cancel(core, lesson)

    told = {one.event: await message(core, one) is not None for one in await tables.claim(core)}

    assert told == {Event.BOOKING_CREATED: False, Event.BOOKING_CONFIRMED: False, Event.BOOKING_CANCELLED: True}


async def test_a_person_without_telegram_gets_no_message(core):
    lesson = await a_lesson(core)
    async with core.begin() as work:
        (await work.session.get_one(Person, lesson.student_id)).telegram_id = None

    (to_student,) = [one for one in await tables.claim(core) if one.recipient_id == lesson.student_id]
    assert await message(core, to_student) is None


async def test_a_person_is_taken_before_what_they_are_told_as_by_whoever_leaves(core):
    await a_request(core)
    (one,) = await tables.claim(core)
    async with core.begin() as work:
        with tables.statements(work) as asked:
            await settling.as_unreachable(work, one, error="Forbidden")
    written = [words.split()[1] for words in asked if words.startswith("UPDATE")]
    assert written == ["person", "notification"]


async def test_when_one_side_is_unreachable_the_other_side_hears_of_it_once(core, clock):
    lesson = await a_lesson(core)
    clock.now = lesson.starts_at - timedelta(minutes=1)
    to_student = [one for one in await tables.claim(core) if one.recipient_id == lesson.student_id]
    assert len(to_student) == 4, "a notice and three reminders"

    for one in to_student:
        await settle(core, settling.as_unreachable, one, error="Forbidden: bot was blocked by the user")

    told = [row for row in await tables.rows(core, Notification) if row.event is Event.PERSON_UNREACHABLE]
    failed = [row for row in await tables.rows(core, Reminder) if row.status is DeliveryStatus.FAILED]
    assert [(row.recipient_id, row.booking_id) for row in told] == [(lesson.tutor_id, lesson.id)]
    assert {row.recipient_id for row in failed} == {lesson.student_id}
    assert (await tables.rows(core, Person))[1].unreachable_since == clock.now


async def test_every_tutor_of_an_unreachable_student_hears_of_it(core):
    olena, ostap, ira = await builders.tutor(core), await builders.tutor(core, "Остап"), await builders.person(core)
    for tutor, days in ((olena, 0), (ostap, 1)):
        await builders.confirm(core, await builders.request(core, tutor, ira, IN_A_WEEK + timedelta(days=days)))

    for one in await tables.claim(core):
        if one.recipient_id == ira.id:
            await settle(core, settling.as_unreachable, one, error="Forbidden")

    told = [row.recipient_id for row in await tables.rows(core, Notification) if row.event is Event.PERSON_UNREACHABLE]
    assert sorted(told) == [olena.id, ostap.id]


async def test_nobody_hears_of_an_unreachable_person_whose_lesson_is_off(core):
    lesson = await a_lesson(core)
    to_student = [one for one in await tables.claim(core) if one.recipient_id == lesson.student_id]
    await cancel(core, lesson)

    for one in to_student:
        await settle(core, settling.as_unreachable, one, error="Forbidden: bot was blocked by the user")

    assert Event.PERSON_UNREACHABLE not in {row.event for row in await tables.rows(core, Notification)}


@pytest.mark.parametrize(("by_tutor", "is_ahead"), [(True, True), (False, True), (True, False)])
async def test_who_calls_a_lesson_off_hears_that_the_other_side_does_not_know(core, clock, by_tutor, is_ahead):
    lesson = await a_lesson(core)
    sides = [lesson.tutor_id, lesson.student_id]
    actor, other = sides if by_tutor else reversed(sides)
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=actor, reason="хворію")
    told = [
        one for one in await tables.claim(core) if (one.recipient_id, one.event) == (other, Event.BOOKING_CANCELLED)
    ]

    clock.now = lesson.starts_at - INSTANT if is_ahead else lesson.starts_at
    await settle(core, settling.as_unreachable, *told, error="Forbidden: bot was blocked by the user")

    unknown = [row for row in await tables.rows(core, Notification) if row.event is Event.PERSON_UNREACHABLE]
    assert [row.recipient_id for row in unknown] == ([actor] if is_ahead else [])


async def test_a_person_who_came_back_and_left_again_is_told_of_once_a_lesson(core):
    lesson = await a_lesson(core)
    (one,) = [one for one in await tables.claim(core) if one.recipient_id == lesson.student_id]

    for _ in range(2):
        await settle(core, settling.as_unreachable, one, error="Forbidden")
        async with core.begin() as work:
            (person,) = [row for row in await tables.rows(core, Person) if row.id == lesson.student_id]
            profile = people.Profile(person.telegram_id, "Іра", None, None)
            await people.arrive(work, profile, language=Language.UKRAINIAN)

    told = [row for row in await tables.rows(core, Notification) if row.event is Event.PERSON_UNREACHABLE]
    assert len(told) == 1


async def test_the_same_thing_announced_twice_is_told_once(core):
    ira, max_ = await builders.person(core), await builders.person(core, "Макс")
    for _ in range(2):
        async with core.begin() as work:
            for person in (ira, ira, max_):
                work.announce(Event.BOOKING_EXPIRED, to=person.id, once="7")

    assert [row.recipient_id for row in await tables.rows(core, Notification)] == [ira.id, max_.id]


async def test_a_notice_about_no_lesson_has_no_message(core):
    ira = await builders.person(core)
    async with core.begin() as work:
        work.announce(Event.PERSON_UNREACHABLE, to=ira.id, once="7")

    (claimed,) = await tables.claim(core)
    assert await message(core, claimed) is None


async def test_a_batch_takes_the_oldest_of_each_kind_first(core, clock):
    for days in range(3):
        await a_lesson(core, IN_A_WEEK + timedelta(days=days))
        clock.advance(minutes=1)
    clock.now = IN_A_WEEK + timedelta(days=3)

    batch = await tables.claim(core, limit=2)

    reminders = [one.due_at for one in batch if one.minutes_before]
    assert reminders == [IN_A_WEEK - timedelta(hours=24)] * 2
    assert len(batch) == 4
    assert [one.due_at for one in batch] == sorted(one.due_at for one in batch)


async def test_claimers_at_once_never_share_a_row_nor_take_more_than_asked(core, clock):
    for hours in range(4):
        await a_lesson(core, IN_A_WEEK + timedelta(hours=hours))
    clock.now = IN_A_WEEK + timedelta(days=1)

    batches = await tables.race([tables.claim(core, limit=3) for _ in range(12)])
    batches += [await tables.claim(core, limit=100)]

    rows = [(one.model, one.id) for batch in batches for one in batch]
    assert len(rows) == len(set(rows)) == 4 * (2 + 6)
    assert max(len(batch) for batch in batches[:-1]) <= 2 * 3


async def test_a_claimer_passes_over_what_another_one_is_claiming(postgresql_database, clock):
    core = open_core(postgresql_database, clock=clock)
    ira = await builders.person(core)
    async with core.begin() as work:
        for once in ("first", "second"):
            work.announce(Event.BOOKING_EXPIRED, to=ira.id, once=once)

    async with asyncio.timeout(20), core.begin() as work:
        (first,) = await queue.claim(work, limit=1)
        (second,) = await tables.claim(core, limit=1)

    assert first.id != second.id
    await core.close()


async def test_the_queue_is_next_due_with_its_earliest_row_or_the_end_of_a_lease(core, clock):
    assert await next_due(core) is None
    lesson = await a_lesson(core)
    assert await next_due(core) == clock.now

    notices = await tables.claim(core)
    assert await next_due(core) == clock.now + timedelta(minutes=2)
    for one in notices:
        await settle(core, settling.as_sent, one, message_id=1)
    assert await next_due(core) == lesson.starts_at - timedelta(hours=24)
    await cancel(core, lesson)
    for one in await tables.claim(core):
        await settle(core, settling.as_sent, one, message_id=1)
    assert await next_due(core) is None


@pytest.mark.parametrize("counts", [True, False])
async def test_a_retry_wakes_the_dispatcher(core, clock, counts):
    await a_request(core)
    (claimed,) = await tables.claim(core)
    news = []
    core.on_news = lambda: news.append("news")

    await settle(core, settling.as_retry, claimed, at=clock.now, error="429", counts=counts)

    assert news == ["news"]


async def test_a_correction_takes_the_tutor_before_any_message_as_remembering_does(core):
    lesson = await a_request(core)
    shown = await remembered(core, lesson, message_id=7)
    await builders.confirm(core, lesson)
    (correction,) = [one for one in await tables.claim(core) if one.event is Event.BOOKING_CHANGED]
    async with core.begin() as work:
        now = await lesson_messages.standing(work, lesson.id)
        with tables.statements(work) as asked:
            await settling.as_corrected(work, correction, shown=now, corrected=[7], gone=[7])
        tutor = next(at for at, sql in enumerate(asked) if "FROM tutor_settings" in sql)
        messages = [at for at, sql in enumerate(asked) if sql.startswith(("DELETE FROM lesson_m", "UPDATE lesson_m"))]
        assert len(messages) == 2
        assert tutor < min(messages)
        assert not await lesson_messages.is_known(work, person_id=lesson.student_id, message_id=7)
    assert now != shown


async def remembered(core, lesson, *, message_id):
    async with core.begin() as work:
        shown = await lesson_messages.standing(work, lesson.id)
        await lesson_messages.remember(work, person_id=lesson.student_id, message_id=message_id, shown=shown)
    return shown


async def a_request(core, starts_at=IN_A_WEEK):
    olena, ira = await builders.tutor(core), await builders.person(core)
    return await builders.request(core, olena, ira, starts_at)


async def a_lesson(core, starts_at=IN_A_WEEK):
    lesson = await builders.confirm(core, await a_request(core, starts_at))
    assert lesson.status is BookingStatus.CONFIRMED
    return lesson


@pytest.mark.parametrize("was_told", [True, False])
async def test_only_who_was_told_of_the_mark_hears_that_it_was_taken_back(core, clock, was_told):
    lesson = await a_lesson(core)
    clock.now = lesson.ends_at
    for step in (outcomes.no_show, outcomes.undo):
        async with core.begin() as work:
            await step(work, booking_id=lesson.id, tutor_id=lesson.tutor_id)
        clock.advance(minutes=3)
        for claimed in await tables.claim(core):
            if claimed.event is Event.BOOKING_NO_SHOW and was_told:
                await settle(core, settling.as_sent, claimed, message_id=7)
            if claimed.event is Event.CHARGE_WAIVED:
                assert (await message(core, claimed) is not None) is was_told
                return
    raise AssertionError("nothing was to be told")


async def test_what_a_newer_version_announced_waits_for_it_and_holds_up_nothing(core, clock, policies):
    await a_request(core)
    allow, forbid = {
        "sqlite": ("PRAGMA ignore_check_constraints = ON", "PRAGMA ignore_check_constraints = OFF"),
        "postgresql": ("ALTER TABLE notification DROP CONSTRAINT ck_notification_event", "SELECT 1"),
    }[core._database.writer.dialect.name]
    async with core._database.writing() as session:  # and nothing of it is committed
        work = Work(session, clock.now, policies, frozenset({channels.CHAT}))
        await session.execute(text(allow))
        await session.execute(text("UPDATE notification SET event = 'from.the.future'"))
        work.announce(Event.BOOKING_CHANGED, to=1, once="now")
        await channels.write_announcements(work)
        claimed = await queue.claim(work, limit=50)
        await session.execute(text(forbid))
    assert [each.event for each in claimed] == [Event.BOOKING_CHANGED]


async def test_looking_for_what_is_due_reads_the_index_of_what_is_pending(core):
    async with core.begin() as work:
        connection = await work.session.connection()
        if connection.dialect.name == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # of a table that has no rows
        asked = []

        def hear(_connection, _cursor, statement, parameters, *_):
            asked.append((statement, parameters))

        event.listen(connection.sync_connection, "before_cursor_execute", hear)
        await queue.claim(work, limit=50)
        await queue.next_due(work)
        event.remove(connection.sync_connection, "before_cursor_execute", hear)
        explain = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
        plans = [
            "\n".join(str(line) for line in await connection.exec_driver_sql(explain + statement, parameters))
            for statement, parameters in asked
        ]
    assert len(plans) == 4
    for plan, name in zip(plans, ("notification", "reminder", "reminder", "notification"), strict=True):
        assert f"ix_{name}_pending" in plan


async def cancel(core, lesson):
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=lesson.student_id)


async def message(core, claimed):
    async with core.read() as work:
        return await queue.message(work, claimed)


async def settle(core, how, claimed, **facts):
    async with core.begin() as work:
        await how(work, claimed, **facts)


async def notice(core):
    (row,) = await tables.rows(core, Notification)
    return row.status, row.last_error


async def next_due(core):
    async with core.read() as work:
        return await queue.next_due(work)
