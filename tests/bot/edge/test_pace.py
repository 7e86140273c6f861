import asyncio
import heapq
from bisect import bisect_left
from collections.abc import AsyncIterator, Awaitable
from itertools import count
from typing import Any

import pytest
from telegram.error import BadRequest, RetryAfter
from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest, RequestData

from bot.edge.pace import ChatBusy, Pace, Priority


class Hours:
    """Time that passes only when everybody waits for it."""

    def __init__(self, wake_last_first: bool = False) -> None:
        self.now = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count(step=-1 if wake_last_first else 1)

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), woken))
        await woken

    async def pass_until(self, instant: float) -> None:
        await _settled()
        while self._sleepers and self._sleepers[0][0] <= instant:
            self.now, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
            await _settled()
        self.now = instant

    async def pass_by(self, seconds: float) -> None:
        await self.pass_until(self.now + seconds)


async def _settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class Desk:
    """Sends through a pace and notes when what went out."""

    def __init__(self, wake_last_first: bool = False, **options: Any) -> None:
        self.hours = Hours(wake_last_first)
        self.pace = Pace(monotonic=self.hours.monotonic, sleep=self.hours.sleep, **options)
        self.went_out: list[tuple[float, Priority | None, int | None]] = []
        self.refusals: dict[int | None, list[Exception]] = {}
        self.slow: dict[int | None, asyncio.Event] = {}
        self.tasks: list[asyncio.Task[Any]] = []

    def send(
        self, chat: int | None, priority: Priority | None = None, endpoint: str = "sendMessage", **data: Any
    ) -> asyncio.Task[Any]:
        async def call(*_: Any, **__: Any) -> bool:
            self.went_out.append((round(self.hours.now - 1000, 3), priority, chat))
            if slow := self.slow.pop(chat, None):
                await slow.wait()
            if refusals := self.refusals.get(chat):
                raise refusals.pop(0)
            return True

        if chat is not None:
            data["chat_id"] = chat
        task = asyncio.create_task(self.pace.process_request(call, (), {}, endpoint, data, priority))
        self.tasks.append(task)
        return task

    def queue(self, chat: int, **options: Any) -> asyncio.Task[Any]:
        return self.send(chat, Priority.QUEUE, **options)

    def writes_without_a_pause(self, chat: int) -> None:
        async def write() -> None:
            while True:
                await self.send(chat)

        self.tasks.append(asyncio.create_task(write()))

    def times(self, priority: Priority | None = None) -> list[float]:
        return [at for at, of, _ in self.went_out if of is priority]

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await desk.close()


def busiest_second(times: list[float]) -> int:
    ordered = sorted(times)
    return max(bisect_left(ordered, start + 1) - position for position, start in enumerate(ordered))


async def ended(task: Awaitable[Any]) -> Any:
    return await asyncio.wait_for(task, 1)


async def test_no_second_carries_more_than_thirty(desk: Desk) -> None:
    for chat in range(100):
        desk.send(chat)
        desk.queue(1000 + chat)
    await desk.hours.pass_by(10)
    times = [at for at, _, _ in desk.went_out]
    assert len(times) == 200
    assert busiest_second(times) <= 30


async def test_the_rate_is_used_up(desk: Desk) -> None:
    for chat in range(280):
        desk.send(chat)
    await desk.hours.pass_by(10)
    assert len(desk.went_out) == 280


async def test_the_queue_leaves_room_for_answers(desk: Desk) -> None:
    for chat in range(300):
        desk.queue(chat)
    await desk.hours.pass_by(10)
    assert 235 <= len(desk.went_out) <= 248


async def test_answers_overtake_three_hundred_queued_sends(desk: Desk) -> None:
    for chat in range(300):
        desk.queue(chat)
    await desk.hours.pass_by(3)
    asked_at = desk.hours.now - 1000
    for chat in range(1000, 1010):
        desk.send(chat)
    await desk.hours.pass_by(1)
    waits = [at - asked_at for at in desk.times(None)]
    assert len(waits) == 10
    assert max(waits) < 0.5


@pytest.mark.parametrize("wake_last_first", [True, False])
async def test_the_queue_stands_back_while_answers_wait(wake_last_first: bool) -> None:
    desk = Desk(wake_last_first)
    for chat in range(50):
        desk.queue(chat)
    for chat in range(1000, 1050):
        desk.send(chat)
    await desk.hours.pass_by(10)
    last_answer = max(desk.times(None))
    assert [at for at in desk.times(Priority.QUEUE) if at < last_answer] == [0, 0, 0.5, 1, 1.5]
    assert len(desk.times(Priority.QUEUE)) == 50


@pytest.mark.parametrize("wake_last_first", [True, False])
async def test_queue_messages_go_out_however_much_there_is_to_answer(wake_last_first: bool) -> None:
    desk = Desk(wake_last_first)
    for chat in range(60):
        desk.writes_without_a_pause(chat)
    await desk.hours.pass_by(30)  # what they may send at once is used up
    begun = len(desk.went_out)
    for chat in range(100, 140):
        desk.queue(chat)
    await desk.hours.pass_by(10)

    messages = desk.times(Priority.QUEUE)
    assert len(messages) in range(18, 22)
    assert messages[0] < 31
    answers = len(desk.went_out) - begun - len(messages)
    assert answers + len(messages) in range(275, 285), "the rate is used up"
    await desk.close()


async def test_one_chat_gets_three_at_once_and_one_a_second_from_the_queue(desk: Desk) -> None:
    for _ in range(5):
        desk.queue(7)
    await desk.hours.pass_by(10)
    times = desk.times(Priority.QUEUE)
    assert times[2] < 1
    assert times[3] == pytest.approx(1, abs=0.2)
    assert times[4] == pytest.approx(2, abs=0.2)


async def test_a_full_chat_does_not_delay_the_queue_of_others(desk: Desk) -> None:
    for _ in range(10):
        desk.queue(7)
    desk.queue(8)
    await desk.hours.pass_by(0.5)
    assert 8 in [chat for _, _, chat in desk.went_out]


async def test_an_answer_goes_out_in_a_chat_the_queue_has_filled(desk: Desk) -> None:
    for _ in range(10):
        desk.queue(7)
    await desk.hours.pass_by(0.5)
    desk.send(7)
    await desk.hours.pass_by(0.1)
    assert len(desk.times(None)) == 1


async def test_who_fills_their_chat_for_ever_keeps_no_message_here_for_ever(desk: Desk) -> None:
    desk.writes_without_a_pause(7)
    await desk.hours.pass_by(40)
    message = desk.queue(7)
    await desk.hours.pass_by(31)
    with pytest.raises(ChatBusy):
        await ended(message)


async def test_edits_of_one_conversation_may_come_fast_but_not_for_ever(desk: Desk) -> None:
    for _ in range(30):
        desk.send(7, endpoint="editMessageText")
    await desk.hours.pass_by(2)
    assert 20 <= len(desk.went_out) <= 22


@pytest.mark.parametrize("wake_last_first", [True, False])
async def test_one_chat_is_answered_in_order(wake_last_first: bool) -> None:
    desk = Desk(wake_last_first)
    order: list[int] = []

    async def call(number: int) -> bool:
        order.append(number)
        return True

    for number in range(30):
        request = desk.pace.process_request(call, (number,), {}, "sendMessage", {"chat_id": 7}, Priority.ANSWER)
        desk.tasks.append(asyncio.create_task(request))
    await desk.hours.pass_by(30)
    assert order == list(range(30))


@pytest.mark.parametrize(
    "endpoint", ["answerCallbackQuery", "getMe", "setMyCommands", "deleteWebhook", "sendChatAction", "getFile"]
)
async def test_what_is_no_message_is_not_paced(desk: Desk, endpoint: str) -> None:
    for _ in range(100):
        desk.send(7, endpoint=endpoint)
    await desk.hours.pass_by(0)
    assert len(desk.went_out) == 100


async def test_an_edit_without_a_chat_shares_only_the_overall_rate(desk: Desk) -> None:
    for _ in range(50):
        desk.send(None, endpoint="editMessageText", inline_message_id="x")
    await desk.hours.pass_by(2)
    assert len(desk.went_out) == 50


async def test_a_refused_answer_is_tried_again_when_telegram_said(desk: Desk) -> None:
    desk.refusals[7] = [RetryAfter(3)]
    answer = desk.send(7)
    await desk.hours.pass_by(2.9)
    assert desk.times() == [0]
    await desk.hours.pass_by(0.2)
    assert desk.times() == [0, 3]
    assert await ended(answer) is True


async def test_an_answer_is_tried_three_times_at_most(desk: Desk) -> None:
    desk.refusals[7] = [RetryAfter(1) for _ in range(9)]
    answer = desk.send(7)
    await desk.hours.pass_by(20)
    assert len(desk.went_out) == 3
    with pytest.raises(RetryAfter):
        await ended(answer)


async def test_an_answer_does_not_wait_long(desk: Desk) -> None:
    desk.refusals[7] = [RetryAfter(60)]
    first = desk.send(7)
    await desk.hours.pass_by(1)
    with pytest.raises(RetryAfter):
        await ended(first)
    with pytest.raises(RetryAfter) as refused:
        await ended(desk.send(7))
    assert str(refused.value).endswith("0:00:59")
    assert len(desk.went_out) == 1


async def test_other_refusals_pass_untouched(desk: Desk) -> None:
    desk.refusals[7] = [BadRequest("Chat not found")]
    refused = desk.send(7)
    await desk.hours.pass_by(1)
    with pytest.raises(BadRequest):
        await ended(refused)
    assert len(desk.went_out) == 1


async def test_a_paused_chat_stays_paused_whatever_others_do(desk: Desk) -> None:
    desk.refusals[7] = [RetryAfter(5)]
    desk.send(7)
    await desk.hours.pass_by(0.5)
    for chat in range(100, 140):
        desk.send(chat)
        desk.send(7)
    await desk.hours.pass_by(4.4)
    sent = [(at, chat) for at, _, chat in desk.went_out]
    assert [at for at, chat in sent if chat == 7] == [0]
    assert len([at for at, chat in sent if chat != 7]) == 40
    await desk.hours.pass_by(1)
    assert 7 in [chat for _, _, chat in desk.went_out[41:]]


async def test_a_refusal_in_the_queue_pauses_all_of_the_queue(desk: Desk) -> None:
    desk.refusals[7] = [RetryAfter(12)]
    refused = desk.queue(7)
    await desk.hours.pass_by(0.5)
    with pytest.raises(RetryAfter):
        await ended(refused)
    for chat in range(20):
        desk.queue(100 + chat)
    desk.send(8)
    await desk.hours.pass_by(11.4)
    assert len(desk.times(Priority.QUEUE)) == 1
    assert len(desk.times(None)) == 1
    await desk.hours.pass_by(2)
    assert len(desk.times(Priority.QUEUE)) == 21


async def test_a_long_pause_is_told_to_the_queue_at_once(desk: Desk) -> None:
    desk.refusals[7] = [RetryAfter(300)]
    desk.queue(7)
    later = [desk.queue(100 + chat) for chat in range(20)]
    await desk.hours.pass_by(1)
    with pytest.raises(RetryAfter):
        await ended(later[-1])
    assert len(desk.went_out) < 5


async def test_refusals_of_several_chats_pause_everything(desk: Desk) -> None:
    for chat in (1, 2, 3):
        desk.refusals[chat] = [RetryAfter(4)]
        desk.send(chat)
    await desk.hours.pass_by(0.5)
    for chat in range(100, 105):
        desk.send(chat)
        desk.queue(200 + chat)
    await desk.hours.pass_by(3.4)
    assert len(desk.went_out) == 3
    await desk.hours.pass_by(2)
    assert len(desk.went_out) == 3 + 3 + 10


async def test_refusals_of_several_chats_over_a_minute_pause_only_themselves(desk: Desk) -> None:
    for chat in (1, 2, 3):
        desk.refusals[chat] = [RetryAfter(4)]
        desk.send(chat)
        await desk.hours.pass_by(20)
    desk.refusals[4] = [RetryAfter(4)]
    desk.send(4)
    await desk.hours.pass_by(0.5)
    answer = desk.send(5)
    await desk.hours.pass_by(0.5)
    assert answer.done()


async def test_who_gives_up_waiting_leaves_the_line_in_order(desk: Desk) -> None:
    waiting = [desk.send(chat) for chat in range(100)]
    await desk.hours.pass_by(0.1)
    for task in waiting[10:90]:
        task.cancel()
    late = desk.queue(500)
    await desk.hours.pass_by(2)
    assert late.done()
    assert all(task.done() for task in waiting)
    assert len(desk.went_out) <= 22


async def test_quiet_chats_are_forgotten(desk: Desk) -> None:
    for chat in range(50):
        desk.send(chat)
    await desk.hours.pass_by(120)
    desk.refusals[60] = [RetryAfter(4)]
    desk.send(60)
    await desk.hours.pass_by(1)
    assert set(desk.pace._chats) == {"60"}


async def test_a_long_pause_is_remembered_in_a_quiet_chat(desk: Desk) -> None:
    desk.refusals[7] = [RetryAfter(300)]
    desk.send(7)
    await desk.hours.pass_by(120)
    desk.send(8)
    with pytest.raises(RetryAfter):
        await ended(desk.send(7))


async def test_a_refusal_that_comes_late_still_pauses_its_chat(desk: Desk) -> None:
    desk.slow[7] = answered = asyncio.Event()
    desk.refusals[7] = [RetryAfter(30)]
    desk.send(7)
    await desk.hours.pass_by(120)
    desk.send(8)
    await desk.hours.pass_by(0)
    answered.set()
    await desk.hours.pass_by(1)
    with pytest.raises(RetryAfter):
        await ended(desk.send(7))


async def test_who_stands_in_line_hears_of_a_pause_of_their_chat(desk: Desk) -> None:
    desk.slow[7] = answered = asyncio.Event()
    desk.refusals[7] = [RetryAfter(4)]
    desk.send(7)
    await desk.hours.pass_by(0.1)
    for chat in range(100, 150):
        desk.send(chat)
    desk.send(7)
    await desk.hours.pass_by(0.5)
    answered.set()
    await desk.hours.pass_by(3.9)
    assert [chat for _, _, chat in desk.went_out].count(7) == 1
    await desk.hours.pass_by(1)
    assert [chat for _, _, chat in desk.went_out].count(7) == 3


async def test_a_raised_rate_lets_a_load_run_through() -> None:
    desk = Desk(rate=10_000, chat_rate=1000)
    for chat in range(5000):
        desk.queue(chat)
    await desk.hours.pass_by(1)
    assert len(desk.went_out) == 5000


class Line(BaseRequest):
    """Keeps what the bot sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    @property
    def read_timeout(self) -> float:
        return 5

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        assert request_data is not None
        self.sent.append(request_data.json_parameters.get("text", url.rpartition("/")[2]))
        return 200, b'{"ok": true, "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}'


async def test_a_bot_marks_what_may_wait() -> None:
    hours, line = Hours(), Line()
    pace = Pace(monotonic=hours.monotonic, sleep=hours.sleep)
    bot = (
        ApplicationBuilder()
        .token("1:x")
        .updater(None)
        .request(line)
        .get_updates_request(line)
        .rate_limiter(pace)
        .build()
    ).bot
    queued = [
        asyncio.create_task(bot.send_message(chat, f"queued {chat}", rate_limit_args=Priority.QUEUE))
        for chat in range(30)
    ]
    answer = asyncio.create_task(bot.send_message(1, "answer"))
    await hours.pass_by(0.3)
    assert answer.done()
    assert "answer" in line.sent[:5]
    await hours.pass_by(5)
    assert all(task.done() for task in queued)
    assert len(line.sent) == 31
