import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from telegram.error import NetworkError, RetryAfter
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.delivery import dispatcher as delivery
from bot.delivery import notices
from bot.delivery.channels.chat import ChatChannel
from bot.delivery.dispatcher import Dispatcher
from bot.edge.http_client import Broken, NotSent, Unanswered
from bot.edge.pace import Pace, Priority
from core.delivery import queue, settling
from core.enums import DeliveryStatus, Event
from core.lessons import bookings, lesson_messages
from core.lessons.lessons import LessonCard
from core.people import reminders
from core.people.people import Actor
from core.settings import Policies
from core.startup import Core
from db.models.lesson_message import LessonMessage
from db.models.notification import Notification
from db.models.person import Person
from db.models.reminder import Reminder
from db.sent_log import Entry
from tests import builders
from tests.conftest import MONDAY, FrozenClock
from tests.core.tables import rows

THURSDAY_NOON = MONDAY.replace(day=26, hour=10)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TWO_SECONDS = timedelta(seconds=2)
BLOCKED = (403, "Forbidden: bot was blocked by the user")

Result = Exception | tuple[int, str] | tuple[int, str, int]


class Telegram(BaseRequest):
    """Takes every message, unless `answers` of the chat hold something else; remembers what it took."""

    def __init__(self) -> None:
        self.answers: defaultdict[int, list[Result]] = defaultdict(list)
        self.sent: list[tuple[int, str]] = []
        self.silent: list[str] = []
        self.asked: list[int] = []
        self.at_the_door: Callable[[int], Any] | None = None
        self.never: str | None = None

    @property
    def read_timeout(self) -> float:
        return 5

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, url, method, request_data=None, **_) -> tuple[int, bytes]:
        assert url.endswith("/sendMessage"), url
        told = request_data.parameters
        assert told["parse_mode"] == "HTML"
        self.asked.append(told["chat_id"])
        if self.at_the_door:
            await self.at_the_door(told["chat_id"])
        if self.never and self.never in told["text"]:
            raise Broken("500 Internal Server Error")
        if self.answers[told["chat_id"]]:
            return _refusal(self.answers[told["chat_id"]].pop(0))
        self.sent.append((told["chat_id"], told["text"]))
        if told.get("disable_notification"):
            self.silent.append(told["text"])
        chat = {"id": told["chat_id"], "type": "private"}
        return 200, _json(ok=True, result={"message_id": 100 + len(self.sent), "date": 0, "chat": chat})

    def told(self, person: Actor) -> list[str]:
        return [text for chat_id, text in self.sent if chat_id == person.profile.telegram_id]


def _refusal(answer: Result) -> tuple[int, bytes]:
    if isinstance(answer, Exception):
        raise answer
    status, description, *wait = answer
    parameters = {"parameters": {"retry_after": wait[0]}} if wait else {}
    return status, _json(ok=False, error_code=status, description=description, **parameters)


def _json(**values) -> bytes:
    return json.dumps(values).encode()


def flood(seconds: int) -> Result:
    return (429, f"Too Many Requests: retry after {seconds}", seconds)


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


class Post:
    """Dispatchers as several processes would have them, on one core."""

    def __init__(self, core: Core, telegram: Telegram, clock: FrozenClock) -> None:
        self.core, self.telegram, self.clock = core, telegram, clock

    def bot(self) -> ExtBot[Priority]:
        pace = Pace(rate=10_000, monotonic=lambda: self.clock.now.timestamp(), sleep=_never)
        return ExtBot("1:token", request=self.telegram, get_updates_request=self.telegram, rate_limiter=pace)

    def dispatcher(self, bot: ExtBot[Priority] | None = None, **options) -> Dispatcher:
        chat = ChatChannel(bot or self.bot())
        return Dispatcher(self.core, chat, self.clock, jitter=lambda _, longest: longest, **options)

    async def goes_round(self, **options) -> datetime | None:
        return await self.dispatcher(**options).deliver_due()


async def _never(seconds: float) -> None:
    raise AssertionError(f"the pace would wait for {seconds} s")


@pytest.fixture
def post(core: Core, telegram: Telegram, clock: FrozenClock) -> Post:
    return Post(core, telegram, clock)


@pytest.fixture
async def olena(core: Core) -> Actor:
    return await builders.tutor(core)


@pytest.fixture
async def ira(core: Core) -> Actor:
    return await builders.person(core, "Ira", language="en")


async def agreed(core: Core, olena: Actor, student: Actor, starts_at: datetime = THURSDAY_NOON) -> LessonCard:
    return await builders.confirm(core, await builders.request(core, olena, student, starts_at))


async def in_peace(post: Post) -> None:
    """Deliver everything that was announced so far."""
    await post.goes_round()
    post.telegram.sent.clear()
    post.telegram.asked.clear()


async def requested_by_many(core: Core, olena: Actor, telegram: Telegram) -> list[int]:
    """Requests by three students, declined one after the other: three notices wait; returns their chats."""
    chats = []
    for hour in range(3):
        student = await builders.person(core, f"Student {hour}")
        lesson = await builders.request(core, olena, student, THURSDAY_NOON + timedelta(hours=hour))
        async with core.begin() as work:
            await bookings.decline(work, booking_id=lesson.id, tutor_id=olena.id)
        chats.append(student.profile.telegram_id)
    return chats


async def waiting(core: Core) -> list[Any]:
    return [row for row in await rows(core, Notification) if row.status == DeliveryStatus.PENDING]


async def test_everybody_is_told_in_their_own_language_and_zone(post, core, telegram, clock, olena, ira):
    await agreed(core, olena, ira)
    await post.goes_round()
    assert "Your lesson is confirmed" in telegram.told(ira)[0]
    telegram.sent.clear()

    clock.now = THURSDAY_NOON - DAY
    await post.goes_round()

    [to_ira], [to_olena] = telegram.told(ira), telegram.told(olena)
    assert "in 24 hours" in to_ira
    assert "Kyiv time" in to_ira
    assert "12:00" in to_ira
    assert "через 24 години" in to_olena
    assert "Київ" in to_olena


async def test_a_notice_in_quiet_hours_makes_no_sound_and_a_reminder_does(post, core, telegram, clock, olena, ira):
    async with core.begin() as work:
        await reminders.be_quiet(work, person_id=ira.id, hours=(time(8), time(18)))
    clock.now = THURSDAY_NOON - 4 * HOUR
    await agreed(core, olena, ira)
    clock.now += HOUR
    await post.goes_round()
    assert telegram.silent == telegram.told(ira)
    clock.now = THURSDAY_NOON - HOUR
    await post.goes_round()
    assert len(telegram.told(ira)) == len(telegram.silent) + 1


@pytest.mark.parametrize(
    ("at", "told"), [(-4 * HOUR, 1), (-2 * HOUR, 1), (timedelta(minutes=-5), 1), (-TWO_SECONDS, 0)]
)
async def test_a_reminder_moved_ahead_of_quiet_hours_is_not_lost_to_an_outage_then(
    post, core, telegram, clock, olena, ira, at, told
):
    async with core.begin() as work:
        await reminders.be_quiet(work, person_id=ira.id, hours=(time(8), time(18)))
    clock.now = THURSDAY_NOON - 5 * HOUR
    await agreed(core, olena, ira)
    await in_peace(post)
    telegram.silent.clear()

    clock.now = THURSDAY_NOON + at

    await post.goes_round()
    assert len(telegram.told(ira)) == told
    assert len(telegram.silent) == (told if at > -4 * HOUR else 0)


async def test_what_was_sent_is_not_sent_again(post, core, telegram, olena, ira):
    await agreed(core, olena, ira)
    await post.goes_round()
    assert len(telegram.told(ira)) == 1

    await post.goes_round()

    assert len(telegram.told(ira)) == 1
    [row] = [row for row in await rows(core, Notification) if row.recipient_id == ira.id]
    assert (row.status, row.message_id is not None) == (DeliveryStatus.SENT, True)


async def test_what_was_sent_is_settled_once_the_database_takes_it_and_no_more_is_sent_before(
    post, core, telegram, clock, olena, monkeypatch
):
    chats = await requested_by_many(core, olena, telegram)
    as_sent, naps, failures = settling.as_sent, [], [OSError("full"), OSError("full")]

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    async def fails_at_first(work, claimed, **facts) -> None:
        if failures:
            raise failures.pop()
        await as_sent(work, claimed, **facts)

    monkeypatch.setattr(settling, "as_sent", fails_at_first)
    await post.goes_round(sleep=nap, at_once=1)
    assert len(naps) == 2
    assert [chat for chat, _ in telegram.sent] == chats[:1]
    clock.now += TWO_SECONDS
    await post.goes_round()
    assert sorted(chat for chat, _ in telegram.sent) == sorted(chats)


async def request_told(core: Core) -> Notification:
    [row] = [row for row in await rows(core, Notification) if row.event == Event.BOOKING_CREATED]
    return row


@pytest.fixture
async def killed_before_it_settled(post, core, olena, ira, telegram, tmp_path, monkeypatch) -> None:
    """A request is told to the tutor; the process dies before the database knows."""
    await builders.request(core, olena, ira, THURSDAY_NOON)
    has_begun, never = asyncio.Event(), asyncio.Event()

    async def hangs(*_, **__) -> None:
        has_begun.set()
        await never.wait()

    with core.noting(tmp_path), monkeypatch.context() as patched:
        patched.setattr(settling, "as_sent", hangs)
        dying = asyncio.create_task(post.goes_round())
        await has_begun.wait()
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
    assert len(telegram.told(olena)) == 1


async def test_what_was_sent_just_before_a_kill_is_not_sent_again(
    killed_before_it_settled, post, core, telegram, clock, policies, olena, tmp_path
):
    with core.noting(tmp_path):
        await delivery.catch_up(core)
        clock.now += policies.delivery_lease
        await post.goes_round()
    assert len(telegram.told(olena)) == 1
    row = await request_told(core)
    assert (row.status, row.message_id) == (DeliveryStatus.SENT, 101)
    [shown] = await rows(core, LessonMessage)
    assert (shown.person_id, shown.message_id) == (olena.id, 101)
    with core.noting(tmp_path):
        assert core.sent_log.left == ()


async def test_what_somebody_else_claimed_since_is_theirs_to_settle(
    killed_before_it_settled, post, core, telegram, clock, policies, olena, tmp_path
):
    clock.now += policies.delivery_lease
    await post.goes_round()
    assert len(telegram.told(olena)) == 2
    with core.noting(tmp_path):
        await delivery.catch_up(core)
    assert (await request_told(core)).message_id == 102
    assert [shown.message_id for shown in await rows(core, LessonMessage)] == [102]


async def test_a_row_of_another_database_with_the_same_number_is_not_taken_for_it(
    killed_before_it_settled, post, core, telegram, clock, policies, olena, tmp_path
):
    async with core.begin() as work:
        await work.session.execute(update(Notification).values(scheduled_for=clock.now - DAY))
    with core.noting(tmp_path):
        await delivery.catch_up(core)
        clock.now += policies.delivery_lease
        await post.goes_round()
    assert len(telegram.told(olena)) == 2


async def test_what_a_database_that_takes_no_writes_keeps_from_being_settled_is_settled_later(
    killed_before_it_settled, post, core, telegram, clock, policies, olena, tmp_path, monkeypatch
):
    async def fails(*_, **__) -> None:
        raise OSError("full")

    with core.noting(tmp_path):
        with monkeypatch.context() as patched:
            patched.setattr(settling, "as_sent", fails)
            await delivery.catch_up(core)
        clock.now += policies.delivery_lease
        await post.goes_round()
    assert len(telegram.told(olena)) == 1
    assert (await request_told(core)).status == DeliveryStatus.SENT


async def test_what_can_never_be_settled_is_noted_no_longer(post, core, olena, ira, tmp_path, monkeypatch):
    async def fails(*_, **__) -> None:
        raise OSError("full")

    await builders.request(core, olena, ira, THURSDAY_NOON)
    monkeypatch.setattr(settling, "as_sent", fails)
    monkeypatch.setattr(delivery, "SETTLE_AGAIN", ())
    with core.noting(tmp_path):
        await post.goes_round()
    with core.noting(tmp_path):
        assert core.sent_log.left == ()


async def test_what_another_version_noted_of_a_table_unknown_here_is_let_go(core, tmp_path):
    with core.noting(tmp_path):
        core.sent_log.note(Entry("letter", 1, 1, MONDAY.isoformat(), 5, None))
    with core.noting(tmp_path):
        await delivery.catch_up(core)
        assert core.sent_log.left == ()


async def test_what_a_message_shows_is_remembered_once_the_database_takes_it(
    post, core, telegram, olena, ira, monkeypatch
):
    remember, naps, failures = lesson_messages.remember, [], [OSError("full"), OSError("full")]

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    async def fails_at_first(work, **facts) -> None:
        if failures:
            raise failures.pop()
        await remember(work, **facts)

    await builders.request(core, olena, ira, THURSDAY_NOON)
    monkeypatch.setattr(lesson_messages, "remember", fails_at_first)
    await post.goes_round(sleep=nap)
    assert len(naps) == 2
    assert [(shown.person_id, shown.message_id) for shown in await rows(core, LessonMessage)] == [(olena.id, 101)]
    assert len(telegram.sent) == 1


async def test_what_would_begin_late_in_its_lease_is_left_to_whoever_has_time(
    post, core, telegram, clock, policies, olena
):
    chats = await requested_by_many(core, olena, telegram)

    async def is_slow(_: int) -> None:
        clock.now += policies.delivery_lease / 2

    telegram.at_the_door = is_slow
    await post.goes_round(at_once=1)
    assert [chat for chat, _ in telegram.sent] == chats[:1]

    telegram.at_the_door = None
    await post.goes_round()
    assert sorted(chat for chat, _ in telegram.sent) == sorted(chats)
    assert {row.max_retries - row.retry_count for row in await waiting(core)} <= {policies.delivery_attempts}


async def test_what_is_settled_is_noted_as_done(post, core, olena, ira, tmp_path):
    await builders.request(core, olena, ira, THURSDAY_NOON)
    with core.noting(tmp_path):
        await post.goes_round()
    with core.noting(tmp_path):
        assert core.sent_log.left == ()


async def test_a_pass_returns_the_next_due_instant(post, core, olena, ira):
    await agreed(core, olena, ira)
    assert await post.goes_round() == THURSDAY_NOON - DAY


async def test_429_puts_the_whole_batch_off_for_exactly_that_long(post, core, telegram, clock, olena):
    chats = await requested_by_many(core, olena, telegram)
    telegram.answers[chats[1]] = [flood(7)]
    dispatcher = post.dispatcher(at_once=1)

    assert await dispatcher.deliver_due() == clock.now + timedelta(seconds=7)
    assert (dispatcher.last.sent, dispatcher.last.later) == (1, 4)
    assert [chat for chat, _ in telegram.sent] == chats[:1]

    clock.advance(seconds=6.999)
    await dispatcher.deliver_due()
    assert len(telegram.asked) == 2

    clock.advance(seconds=0.001)
    await dispatcher.deliver_due()
    assert [chat for chat, _ in telegram.sent] == chats


async def test_a_wait_that_telegram_orders_counts_no_attempt(post, core, telegram, clock, policies, olena):
    chats = await requested_by_many(core, olena, telegram)
    for chat in chats:
        telegram.answers[chat] = [flood(7)] * 14
    dispatcher = post.dispatcher(at_once=1)

    for _ in range(14):
        await dispatcher.deliver_due()
        clock.advance(seconds=7)

    assert {row.max_retries - row.retry_count for row in await waiting(core)} == {policies.delivery_attempts}


async def test_a_message_that_waits_keeps_the_person_s_next_ones_behind_it(post, core, telegram, clock, olena, ira):
    first = await builders.request(core, olena, ira, THURSDAY_NOON)
    second = await builders.request(core, olena, ira, THURSDAY_NOON + timedelta(hours=4))
    await in_peace(post)
    for lesson in (first, second):
        clock.advance(seconds=1)
        await builders.confirm(core, lesson)
    telegram.answers[ira.profile.telegram_id] = [Unanswered("no answer")]

    await post.goes_round()
    assert telegram.asked == [ira.profile.telegram_id]

    clock.now += TWO_SECONDS
    await post.goes_round()
    assert ["12:00" in text for text in telegram.told(ira)] == [True, False]
    assert ["16:00" in text for text in telegram.told(ira)] == [False, True]


async def test_a_message_that_telegram_never_takes_keeps_the_next_ones_for_minutes_only(
    post, core, telegram, clock, olena, ira
):
    for hour in range(2):
        lesson = await builders.request(core, olena, ira, THURSDAY_NOON + hour * HOUR)
        async with core.begin() as work:
            await bookings.decline(work, booking_id=lesson.id, tutor_id=olena.id)
    telegram.never = "12:00–13:00"
    began = clock.now

    while not telegram.told(ira):
        clock.now = await post.goes_round() or clock.now
    assert clock.now - began < 5 * MINUTE


async def test_who_blocked_the_bot_is_unreachable_and_the_other_side_hears_of_it_once(
    post, core, telegram, clock, olena, ira
):
    await agreed(core, olena, ira)
    await in_peace(post)
    telegram.answers[ira.profile.telegram_id] = [BLOCKED] * 9

    for before in (DAY, timedelta(hours=1), timedelta(minutes=15)):
        clock.now = THURSDAY_NOON - before
        await post.goes_round()
        await post.goes_round()

    [person] = [row for row in await rows(core, Person) if row.id == ira.id]
    assert person.unreachable_since == THURSDAY_NOON - DAY
    assert len([text for text in telegram.told(olena) if "⚠️" in text]) == 1
    assert len([row for row in await rows(core, Notification) if row.event == Event.PERSON_UNREACHABLE]) == 1


@pytest.mark.parametrize("description", ["Bad Request: chat not found", "Bad Request: user is deactivated"])
async def test_a_chat_that_is_gone_is_unreachable(post, core, telegram, olena, ira, description):
    await agreed(core, olena, ira)
    telegram.answers[ira.profile.telegram_id] = [(400, description)]
    await post.goes_round()
    [person] = [row for row in await rows(core, Person) if row.id == ira.id]
    assert person.unreachable_since is not None


async def test_what_telegram_refuses_fails_with_the_reason_and_stops_nobody_else(post, core, telegram, clock, olena):
    chats = await requested_by_many(core, olena, telegram)
    telegram.answers[chats[0]] = [(400, "Bad Request: message is too long")]

    await post.goes_round(at_once=1)

    assert [chat for chat, _ in telegram.sent] == chats[1:]
    [failed] = [row for row in await rows(core, Notification) if row.status == DeliveryStatus.FAILED]
    assert "essage is too long" in failed.last_error
    clock.advance(days=1)
    await post.goes_round()
    assert telegram.asked.count(chats[0]) == 1


@pytest.mark.parametrize(
    "trouble",
    [Unanswered("no answer"), NetworkError("reset"), Broken("500 Internal Server Error")],
    ids=["no answer", "reset", "500"],
)
async def test_what_may_have_arrived_goes_out_again_after_a_growing_wait(post, core, telegram, clock, olena, trouble):
    chats = await requested_by_many(core, olena, telegram)
    telegram.answers[chats[0]] = [trouble] * 2
    start = clock.now

    assert await post.goes_round() == start + TWO_SECONDS
    assert sorted(chat for chat, _ in telegram.sent) == sorted(chats[1:])
    [row] = await waiting(core)
    assert row.retry_count == 1

    clock.now = start + TWO_SECONDS
    assert await post.goes_round() == clock.now + 2 * TWO_SECONDS
    clock.now += 2 * TWO_SECONDS
    await post.goes_round()

    assert [chat for chat, _ in telegram.sent].count(chats[0]) == 1
    assert not await waiting(core)


async def test_attempts_end(post, core, telegram, clock, policies, olena):
    chats = await requested_by_many(core, olena, telegram)
    telegram.answers[chats[0]] = [Unanswered("no answer")] * 99

    for _ in range(policies.delivery_attempts + 2):
        await post.goes_round()
        clock.advance(minutes=5)

    assert telegram.asked.count(chats[0]) == policies.delivery_attempts
    assert [row.status for row in await rows(core, Notification)].count(DeliveryStatus.FAILED) == 1


BROKEN = Broken("502 Bad Gateway")


@pytest.mark.parametrize("policies", [Policies(delivery_attempts=3)])
async def test_a_fault_of_telegrams_is_outlasted_for_a_day(post, core, telegram, clock, olena):
    chats = await requested_by_many(core, olena, telegram)
    telegram.answers[chats[0]] = [BROKEN] * 6

    for _ in range(7):
        await post.goes_round()
        clock.advance(hours=3)

    assert telegram.asked.count(chats[0]) == 7
    assert sorted(chat for chat, _ in telegram.sent) == sorted(chats)


@pytest.mark.parametrize("policies", [Policies(delivery_attempts=3)])
async def test_what_telegram_has_a_fault_with_for_longer_than_a_day_is_given_up(post, core, telegram, clock, olena):
    chats = await requested_by_many(core, olena, telegram)
    telegram.answers[chats[0]] = [BROKEN] * 99

    for _ in range(12):
        await post.goes_round()
        clock.advance(hours=3)

    [failed] = [row for row in await rows(core, Notification) if row.status == DeliveryStatus.FAILED]
    assert failed.last_error == "Broken: 502 Bad Gateway"
    assert telegram.asked.count(chats[0]) == 8 + 3, "eight on the first day"


async def test_a_chat_that_is_held_by_its_answers_holds_up_no_other(post, core, telegram, policies, olena):
    chats = await requested_by_many(core, olena, telegram)
    bot = post.bot()
    telegram.answers[chats[0]] = [flood(60)]
    with pytest.raises(RetryAfter):
        await bot.send_message(chats[0], "an answer", parse_mode="HTML")

    await post.goes_round(bot=bot, at_once=1)
    assert [chat for chat, _ in telegram.sent] == chats[1:]
    [message] = await waiting(core)
    assert message.max_retries - message.retry_count == policies.delivery_attempts, "no attempt is counted"


async def test_without_a_connection_everything_waits_and_nothing_is_given_up(
    post, core, telegram, clock, policies, olena
):
    chats = await requested_by_many(core, olena, telegram)
    for chat in chats:
        telegram.answers[chat] = [NotSent("no route")] * 14
    dispatcher = post.dispatcher(at_once=1)

    waits = []
    for _ in range(14):
        due_at = await dispatcher.deliver_due()
        waits.append((due_at - clock.now).total_seconds())
        clock.now = due_at
    assert waits[:9] == [2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert len(telegram.asked) == 14
    assert {row.max_retries - row.retry_count for row in await waiting(core)} == {policies.delivery_attempts}

    telegram.answers.clear()
    await dispatcher.deliver_due()
    assert sorted(chat for chat, _ in telegram.sent) == sorted(chats)


async def test_a_refused_token_stops_delivery_for_a_minute(post, core, telegram, clock, olena):
    chats = await requested_by_many(core, olena, telegram)
    telegram.answers[chats[0]] = [(401, "Unauthorized")]

    assert await post.goes_round(at_once=1) == clock.now + timedelta(minutes=1)
    assert telegram.asked == chats[:1]

    clock.advance(minutes=1)
    await post.goes_round()
    assert len(telegram.sent) == 3


async def test_one_message_that_breaks_stops_nobody_else(post, core, telegram, clock, olena, monkeypatch):
    chats = await requested_by_many(core, olena, telegram)
    compose = notices.compose

    def broken_for_one(message, *, now):
        if message.to.address == chats[0]:
            raise KeyError("words")
        return compose(message, now=now)

    monkeypatch.setattr(notices, "compose", broken_for_one)
    assert await post.goes_round() == clock.now + TWO_SECONDS
    assert sorted(chat for chat, _ in telegram.sent) == sorted(chats[1:])


async def test_a_process_that_dies_between_claim_and_settle_loses_nothing(post, core, telegram, clock, policies, olena):
    chats = await requested_by_many(core, olena, telegram)
    arrived, never = asyncio.Event(), asyncio.Event()

    async def stuck(_: int) -> None:
        arrived.set()
        await never.wait()

    telegram.at_the_door = stuck
    dying = asyncio.create_task(post.goes_round())
    await arrived.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    telegram.at_the_door = None

    assert await post.goes_round() == clock.now + policies.delivery_lease
    assert telegram.sent == []
    clock.now += policies.delivery_lease
    await post.goes_round()
    assert sorted(chat for chat, _ in telegram.sent) == sorted(chats)


async def test_at_the_end_what_has_begun_is_finished_and_the_rest_is_free_for_others(
    post, core, telegram, clock, olena
):
    chats = await requested_by_many(core, olena, telegram)
    dispatcher = post.dispatcher(at_once=1)

    async def closes(_: int) -> None:
        dispatcher.close()

    telegram.at_the_door = closes
    await dispatcher.deliver_due()
    await dispatcher.deliver_due()
    assert telegram.asked == chats[:1]

    telegram.at_the_door = None
    await post.goes_round()
    assert sorted(chat for chat, _ in telegram.sent) == sorted(chats)


async def test_the_end_may_come_during_a_claim(post, core, telegram, clock, olena, monkeypatch):
    chats = await requested_by_many(core, olena, telegram)
    dispatcher = post.dispatcher()
    claim = queue.claim

    async def claim_and_close(work, **limits):
        due = await claim(work, **limits)
        dispatcher.close()
        return due

    monkeypatch.setattr(queue, "claim", claim_and_close)
    assert await dispatcher.deliver_due() == clock.now
    assert telegram.asked == []

    monkeypatch.undo()
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await post.goes_round()
    assert sorted(chat for chat, _ in telegram.sent) == sorted(chats)


async def test_no_more_messages_are_on_their_way_at_once_than_there_are_places(post, core, telegram, olena):
    await requested_by_many(core, olena, telegram)
    inside, most, both = 0, 0, asyncio.Event()

    async def count(_: int) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        if most == 2:
            both.set()
        await both.wait()
        inside -= 1

    telegram.at_the_door = count
    await post.goes_round(at_once=2)
    assert (most, len(telegram.sent)) == (2, 3)


async def test_a_cancelled_lesson_reminds_nobody(post, core, telegram, clock, olena, ira):
    lesson = await agreed(core, olena, ira)
    await in_peace(post)
    async with core.begin() as work:
        await bookings.cancel(work, booking_id=lesson.id, actor_id=ira.id)
    await in_peace(post)

    clock.now = THURSDAY_NOON - DAY
    await post.goes_round()

    assert telegram.sent == []


async def test_a_lesson_cancelled_after_the_claim_reminds_nobody(post, core, telegram, clock, olena, ira):
    lesson = await agreed(core, olena, ira)
    await in_peace(post)
    clock.now = THURSDAY_NOON - DAY
    called_off = False

    async def calls_off(_: int) -> None:
        nonlocal called_off
        if not called_off:
            called_off = True
            async with core.begin() as work:
                await bookings.cancel(work, booking_id=lesson.id, actor_id=olena.id, reason="хворію")

    telegram.at_the_door = calls_off
    await post.goes_round(at_once=1)
    assert len(telegram.sent) == 1


@pytest.mark.parametrize(("late", "reminded"), [(timedelta(hours=2), True), (timedelta(hours=2, seconds=1), False)])
async def test_a_reminder_too_late_is_not_told(post, core, telegram, clock, olena, ira, late, reminded):
    await agreed(core, olena, ira)
    await in_peace(post)
    clock.now = THURSDAY_NOON - DAY + late
    await post.goes_round()
    assert bool(telegram.told(ira)) is reminded
    statuses = {row.status for row in await rows(core, Reminder) if row.minutes_before == 1440}
    assert statuses == {DeliveryStatus.SENT if reminded else DeliveryStatus.CANCELLED}


async def test_the_log_holds_no_names_and_no_words(post, core, telegram, olena, ira, caplog):
    caplog.set_level("DEBUG", logger="bot")
    await agreed(core, olena, ira)
    await post.goes_round()
    assert [record.outcome for record in caplog.records] == ["sent", "sent"]
    assert not any(word in str(vars(record)) for record in caplog.records for word in ("Ira", "Олена", "confirmed</b>"))
