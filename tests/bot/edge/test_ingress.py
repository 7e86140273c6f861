import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from telegram import Update
from telegram.error import InvalidToken, NetworkError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters
from telegram.request import BaseRequest, RequestData

from bot.edge.ingress import ALLOWED_UPDATES, LONGEST_BACKOFF, Polling
from bot.edge.lanes import Lanes

Reply = tuple[int, bytes]


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def ok(result: object) -> Reply:
    return 200, json.dumps({"ok": True, "result": result}).encode()


def refused(status: int, description: str, **parameters: int) -> Reply:
    return status, json.dumps({"ok": False, "description": description, "parameters": parameters}).encode()


def said(update_id: int, text: str, person: int = 1) -> dict[str, Any]:
    user = {"id": person, "first_name": "x", "is_bot": False}
    message = {"message_id": 1, "date": 0, "chat": {"id": person, "type": "private"}, "from": user, "text": text}
    return {"update_id": update_id, "message": message}


class Server(BaseRequest):
    """Keeps updates as Telegram does: an offset confirms all below it, and the rest is given again."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.polls: list[dict[str, str]] = []
        self.calls: list[str] = []
        self.faults: list[Reply | Exception] = []
        self.webhook = ""
        self._arrived = asyncio.Event()

    @property
    def read_timeout(self) -> float:
        return 5

    @property
    def kept(self) -> list[int]:
        return [update["update_id"] for update in self.updates]

    @property
    def offsets(self) -> list[int]:
        return [int(poll["offset"]) for poll in self.polls]

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    def put(self, *updates: dict[str, Any]) -> None:
        self.updates += updates
        self._arrived.set()

    def end_poll(self) -> None:
        self._arrived.set()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> Reply:
        name = url.rpartition("/")[2]
        self.calls.append(name)
        if name == "getUpdates":
            assert request_data is not None
            return await self._get_updates(request_data.json_parameters)
        if name == "getWebhookInfo":
            return ok({"url": self.webhook, "has_custom_certificate": False, "pending_update_count": 0})
        return ok({"id": 1, "is_bot": True, "first_name": "x", "username": "x_bot"} if name == "getMe" else True)

    def _confirm_below(self, offset: int) -> None:
        self.updates = [update for update in self.updates if update["update_id"] >= offset]

    async def _get_updates(self, asked: dict[str, str]) -> Reply:
        self.polls.append(asked)
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, Exception):
                raise fault
            return fault
        self._confirm_below(int(asked["offset"]))
        if not self.updates and int(asked["timeout"]):
            self._arrived.clear()
            await self._arrived.wait()
            self._confirm_below(int(asked["offset"]))
        return ok(self.updates[: int(asked["limit"])])


class Naps:
    """Sleeps that last until the test ends them."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked: list[float] = []
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        woken = asyncio.Event()
        sleeper = (self.now + seconds, woken)
        self._sleepers.append(sleeper)
        try:
            await woken.wait()
        finally:
            self._sleepers.remove(sleeper)

    async def end_one(self) -> None:
        self.now, woken = min(self._sleepers, key=lambda sleeper: sleeper[0])
        woken.set()
        await settled()


async def settled() -> None:
    for _ in range(60):
        await asyncio.sleep(0)


class Bot:
    """One life of a bot at the server: what it heard, and steps that end when they are told."""

    def __init__(self, server: Server, **options: Any) -> None:
        self.naps = Naps()
        self.heard: list[str] = []
        self.errors: list[BaseException | None] = []
        self._ends: dict[str, asyncio.Event] = {}
        builder = ApplicationBuilder().token("1:x").updater(None).job_queue(None)
        self.application: Application[Any, Any, Any, Any, Any, Any] = (
            builder.request(server).get_updates_request(server).concurrent_updates(Lanes()).build()
        )
        self.application.add_handler(MessageHandler(filters.ALL, self._hear))
        self.application.add_error_handler(self._fail)
        self.polling = Polling(self.application, sleep=self.naps.sleep, monotonic=self.naps.monotonic, **options)
        self.running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.application.initialize()
        self.running = asyncio.create_task(self.polling.run())
        await settled()

    async def kill(self) -> None:
        assert self.running is not None
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        await self.application.shutdown()

    async def end(self, *texts: str) -> None:
        for text in texts:
            self._ends[text].set()
        await settled()

    async def _hear(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        text = update.message.text or ""
        self.heard.append(text)
        if text.startswith("slow"):
            self._ends[text] = asyncio.Event()
            await self._ends[text].wait()
        if text.startswith("broken"):
            raise ValueError(text)

    async def _fail(self, _: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        self.errors.append(context.error)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def start(server: Server) -> AsyncIterator[Callable[..., Any]]:
    bots: list[Bot] = []

    async def start(**options: Any) -> Bot:
        bot = Bot(server, **options)
        bots.append(bot)
        await bot.start()
        return bot

    yield start
    for bot in bots:
        await bot.kill()


async def test_what_is_handled_is_confirmed(server: Server, start: Callable[..., Any]) -> None:
    bot = await start()
    server.put(said(10, "one"), said(11, "two"))
    await settled()
    assert bot.heard == ["one", "two"]
    assert server.kept == []


async def test_only_the_kinds_we_handle_are_asked_for(server: Server, start: Callable[..., Any]) -> None:
    await start()
    assert json.loads(server.polls[0]["allowed_updates"]) == list(ALLOWED_UPDATES)
    assert server.polls[0]["timeout"] == "30"


async def test_what_runs_is_not_confirmed_until_it_ends(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "done", 1), said(11, "slow", 2), said(12, "behind", 3))
    bot = await start()
    assert bot.heard == ["done", "slow", "behind"]
    assert server.kept == [11, 12]
    await bot.end("slow")
    assert server.kept == []
    assert bot.heard == ["done", "slow", "behind"]


async def test_a_kill_loses_nothing_and_repeats_only_the_unfinished(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "done", 1), said(11, "slow", 2), said(12, "slow too", 3))
    first = await start()
    assert first.heard == ["done", "slow", "slow too"]
    await first.kill()
    second = await start()
    assert second.heard == ["slow", "slow too"]


async def test_a_kill_loses_nothing_of_a_hundred(server: Server, start: Callable[..., Any]) -> None:
    server.put(*(said(100 + number, f"slow {number}", number + 1) for number in range(100)))
    first = await start()
    await first.end(*(f"slow {number}" for number in range(37)))
    await first.kill()
    second = await start()
    assert second.heard == [f"slow {number}" for number in range(37, 100)]


async def test_a_kill_leaves_nothing_running(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "slow"))
    bot = await start()
    await bot.kill()
    asked = len(server.polls)
    server.put(said(11, "more", 2))
    await settled()
    assert (bot.polling.in_flight, len(server.polls)) == (0, asked)


async def test_new_updates_are_fetched_while_one_runs(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "slow", 1))
    bot = await start()
    server.put(said(11, "new", 2))
    await bot.naps.end_one()
    assert bot.heard == ["slow", "new"]


async def test_the_same_offset_is_not_asked_for_again_within_half_a_second(
    server: Server, start: Callable[..., Any]
) -> None:
    server.put(said(10, "slow"))
    bot = await start()
    asked = len(server.polls)
    assert server.offsets[-1] == 10
    assert bot.naps.asked == [0.5]
    await bot.naps.end_one()
    assert len(server.polls) == asked + 1
    assert bot.heard == ["slow"]


async def test_an_advance_is_asked_for_at_once(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "slow a", 1), said(11, "slow b", 2))
    bot = await start()
    await bot.end("slow a")
    assert server.offsets[-1] == 11
    await bot.end("slow b")
    assert 12 in server.offsets
    assert bot.naps.now == 0


async def test_nothing_is_asked_for_anew_while_one_waits_for_updates(server: Server, start: Callable[..., Any]) -> None:
    await start()
    await settled()
    assert len(server.polls) == 1


async def test_a_late_end_behind_a_running_one_changes_nothing(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "slow a", 1), said(11, "slow b", 2))
    bot = await start()
    await bot.end("slow b")
    assert server.kept == [10, 11]
    await bot.naps.end_one()
    assert server.kept == [10, 11]
    assert bot.heard == ["slow a", "slow b"]


async def test_a_repetition_of_what_was_handled_is_confirmed_unheard(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "one"))
    bot = await start()
    server.end_poll()
    await settled()
    server.put(said(10, "one"), said(11, "two"))
    await settled()
    assert bot.heard == ["one", "two"]
    assert server.kept == []


async def test_a_server_that_counts_anew_is_heard(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(1, "one"), said(2, "two"))
    bot = await start()
    server.end_poll()
    await settled()
    server.put(said(1, "after the reset"))
    await settled()
    assert bot.heard == ["one", "two", "after the reset"]


async def test_after_a_week_of_silence_a_lower_id_is_heard(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(900_000_000, "before"))
    bot = await start()
    server.end_poll()
    await settled()
    server.put(said(5, "a week later"))
    server.end_poll()
    await settled()
    assert bot.heard == ["before", "a week later"]
    assert server.kept == []


async def test_ids_out_of_order_confirm_no_unfinished_one(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(12, "later", 1), said(10, "slow", 2), said(11, "between", 3))
    bot = await start()
    assert bot.heard == ["slow", "between", "later"]
    assert 10 in server.kept
    await bot.end("slow")
    assert server.kept == []


async def test_an_update_that_cannot_be_read_is_skipped_and_named(
    server: Server, start: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    poison = {"update_id": 11, "message": {"message_id": 1, "text": "secret words"}}
    server.put(said(10, "before"), poison, said(12, "after"))
    bot = await start()
    assert bot.heard == ["before", "after"]
    assert server.kept == []
    ours = [record.getMessage() for record in caplog.records if record.name == "bot.edge.ingress"]
    assert len(ours) == 1
    assert "11" in ours[0]
    assert "secret" not in caplog.text


async def test_an_unknown_kind_of_update_is_confirmed(server: Server, start: Callable[..., Any]) -> None:
    server.put({"update_id": 10, "some_new_kind": {"x": 1}}, said(11, "after"))
    bot = await start()
    assert bot.heard == ["after"]
    assert server.kept == []


async def test_a_failing_handler_goes_to_the_error_handlers_and_is_not_repeated(
    server: Server, start: Callable[..., Any]
) -> None:
    server.put(said(10, "broken"), said(11, "after"))
    bot = await start()
    assert [str(error) for error in bot.errors] == ["broken"]
    assert bot.heard == ["broken", "after"]
    assert server.kept == []


async def test_a_failure_outside_of_handlers_stops_nobody(
    server: Server, start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bot = await start()

    async def fails(_: object) -> None:
        raise RuntimeError("broken inside")

    with monkeypatch.context() as patched:
        patched.setattr(bot.application, "process_update", fails)
        server.put(said(10, "lost"))
        await settled()
    server.put(said(11, "after"))
    await settled()
    assert bot.heard == ["after"]
    assert server.kept == []
    assert "update 10" in caplog.text


async def test_one_person_is_heard_in_order_and_others_meanwhile(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "slow first", 1), said(11, "second", 1), said(12, "other", 2))
    bot = await start()
    assert bot.heard == ["slow first", "other"]
    await bot.end("slow first")
    assert bot.heard == ["slow first", "other", "second"]


async def test_a_broken_line_is_tried_again_later_and_later(server: Server, start: Callable[..., Any]) -> None:
    server.faults += [NetworkError("down")] * 8
    bot = await start()
    for _ in range(8):
        await bot.naps.end_one()
    growing = [min(LONGEST_BACKOFF, 2.0**number) for number in range(8)]
    assert all(most / 2 <= nap <= most for nap, most in zip(bot.naps.asked, growing, strict=True))
    server.put(said(10, "back"))
    await settled()
    assert bot.heard == ["back"]


async def test_after_a_success_waiting_starts_small_again(server: Server, start: Callable[..., Any]) -> None:
    server.faults += [NetworkError("down")] * 5
    bot = await start()
    for _ in range(5):
        await bot.naps.end_one()
    server.faults.append(NetworkError("down again"))
    server.put(said(10, "one"))
    await settled()
    assert bot.naps.asked[-1] <= 1


async def test_a_flood_wait_is_kept_to_the_second(server: Server, start: Callable[..., Any]) -> None:
    server.faults.append(refused(429, "Too Many Requests: retry after 17", retry_after=17))
    bot = await start()
    assert bot.naps.asked == [17]


@pytest.mark.parametrize(
    "answer",
    [
        refused(500, "Internal Server Error"),
        refused(400, "Bad Request: something"),
        (502, b"<html>"),
        (200, b"not JSON"),
    ],
)
async def test_no_strange_answer_ends_the_polling(server: Server, start: Callable[..., Any], answer: Reply) -> None:
    server.faults.append(answer)
    server.put(said(10, "one"))
    bot = await start()
    await bot.naps.end_one()
    assert bot.heard == ["one"]


async def test_a_second_poller_is_told_of_the_conflict(
    server: Server, start: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.append(refused(409, "Conflict: terminated by other getUpdates request"))
    bot = await start()
    (line,) = [record for record in caplog.records if record.name == "bot.edge.ingress"]
    assert line.levelno == logging.ERROR
    assert "another process" in line.getMessage()
    server.put(said(10, "one"))
    await bot.naps.end_one()
    assert bot.heard == ["one"]


async def test_a_wrong_token_is_raised(server: Server, start: Callable[..., Any]) -> None:
    server.faults.append(refused(401, "Unauthorized"))
    bot = await start()
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(bot.running, 1)


async def test_a_webhook_in_the_way_is_removed(server: Server, start: Callable[..., Any]) -> None:
    server.webhook = "https://example.org/hook"
    await start()
    assert server.calls == ["getMe", "getWebhookInfo", "deleteWebhook", "getUpdates"]


async def test_without_a_webhook_nothing_is_removed(server: Server, start: Callable[..., Any]) -> None:
    await start()
    assert "deleteWebhook" not in server.calls


async def test_no_more_are_taken_in_than_fit(server: Server, start: Callable[..., Any]) -> None:
    server.put(*(said(10 + number, f"slow {number}", number + 1) for number in range(3)))
    bot = await start(at_most=3)
    server.put(said(20, "more", 50))
    await settled()
    assert bot.heard == ["slow 0", "slow 1", "slow 2"]
    assert (server.offsets, bot.naps.asked) == ([0], [])
    await bot.end("slow 0")
    assert "more" in bot.heard


async def test_one_that_hangs_does_not_hold_the_others_for_ever(
    server: Server, start: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    server.put(said(10, "slow", 1), *(said(11 + number, f"n{number}", number + 2) for number in range(150)))
    bot = await start(longest_delay=1)
    assert len(bot.heard) == 100
    await bot.naps.end_one()
    await bot.naps.end_one()
    assert len(bot.heard) == 151
    assert server.kept == []
    assert "update 10" in caplog.text


async def test_a_stop_lets_what_runs_finish_and_confirms_it(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "slow a", 1), said(11, "slow b", 2))
    bot = await start()
    stopping = asyncio.create_task(bot.polling.stop(60))
    await settled()
    server.put(said(12, "too late", 3))
    await bot.end("slow a", "slow b")
    await asyncio.wait_for(stopping, 1)
    await asyncio.wait_for(bot.running, 1)
    assert server.kept == [12]
    assert (server.polls[-1]["offset"], server.polls[-1]["timeout"]) == ("12", "0")


async def test_a_stop_does_not_wait_longer_than_its_grace(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "done", 1), said(11, "slow", 2), said(12, "done too", 3))
    bot = await start()
    await asyncio.wait_for(bot.polling.stop(0.01), 1)
    assert bot.polling.in_flight == 0
    await asyncio.wait_for(bot.running, 1)
    assert server.kept == [11, 12]
    assert (await start()).heard == ["slow", "done too"]


async def test_a_stop_at_a_dead_line_still_ends(server: Server, start: Callable[..., Any]) -> None:
    server.put(said(10, "slow", 1))
    bot = await start()
    server.faults.append(NetworkError("down"))
    stopping = asyncio.create_task(bot.polling.stop(60))
    await settled()
    await bot.end("slow")
    await asyncio.wait_for(stopping, 1)
    await asyncio.wait_for(bot.running, 1)


async def test_a_stop_while_nothing_runs_ends_at_once(server: Server, start: Callable[..., Any]) -> None:
    bot = await start()
    await asyncio.wait_for(bot.polling.stop(60), 1)
    await asyncio.wait_for(bot.polling.stop(60), 1)
    await asyncio.wait_for(bot.running, 1)
    assert len(server.polls) == 1


async def test_a_stop_before_the_start_is_kept(server: Server) -> None:
    bot = Bot(server)
    await bot.polling.stop(1)
    await bot.start()
    assert bot.running is not None
    await asyncio.wait_for(bot.running, 1)
    assert server.polls == []
    await bot.kill()
