"""Updates pushed: in order, with the secret, again until they are taken."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import create_app
from bot.sandbox.state.chats import Person
from bot.sandbox.updates import webhook
from tests.sandbox.asking import Ask

Handler = Callable[[web.Request], "web.StreamResponse"]


class Bot:
    """A bot behind a webhook that answers what it is told to."""

    def __init__(self) -> None:
        self.heard: list[dict[str, object]] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []
        self.url = ""
        self._more = asyncio.Event()

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(json.loads(await request.read()))
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self._more.set()
        return self.answers.pop(0) if self.answers else web.Response()

    async def has_heard(self, count: int) -> list[dict[str, object]]:
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                self._more.clear()
                await self._more.wait()
        return self.heard


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/hook", bot.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield bot
    await runner.cleanup()


@pytest.fixture
async def pushing(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    monkeypatch.setattr(webhook, "FIRST_WAIT_SECONDS", 0.01)
    create_app(sandbox)
    yield sandbox
    await sandbox.aclose()


async def emptied(sandbox: Sandbox) -> None:
    """Wait until the bot has taken everything."""
    done = asyncio.Event()
    sandbox.listeners.append(lambda _: None if sandbox.pending_updates() else done.set())
    if sandbox.pending_updates():
        async with asyncio.timeout(5):
            await done.wait()


async def test_what_waits_and_what_comes_is_pushed_in_order(pushing: Sandbox, bot: Bot, ask: Ask, ira: Person):
    pushing.say(ira.id, "0")
    await ask("setWebhook", url=bot.url, secret_token="s3cret", allowed_updates=["message"])
    for number in range(1, 10):
        pushing.say(ira.id, str(number))
    heard = await bot.has_heard(10)
    assert [update["message"]["text"] for update in heard] == [str(number) for number in range(10)]
    assert set(bot.secrets) == {"s3cret"}
    await emptied(pushing)


async def test_an_update_comes_again_until_it_is_taken(pushing: Sandbox, bot: Bot, ask: Ask, ira: Person):
    bot.answers = [web.Response(status=500), web.Response(status=503)]
    await ask("setWebhook", url=bot.url)
    pushing.say(ira.id, "first")
    pushing.say(ira.id, "second")
    heard = await bot.has_heard(4)
    assert [update["message"]["text"] for update in heard] == ["first"] * 3 + ["second"]
    await emptied(pushing)
    info = await ask("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert "secret_token" not in info


async def test_one_persons_failure_holds_nobody_else_up(pushing: Sandbox, bot: Bot, ask: Ask, ira: Person):
    bot.answers = [web.Response(status=500, headers={"Retry-After": "3600"})]
    await ask("setWebhook", url=bot.url)
    pushing.say(ira.id, "held up")
    await bot.has_heard(1)
    pushing.say(pushing.people()[1].id, "not held up")
    assert (await bot.has_heard(2))[1]["message"]["text"] == "not held up"


async def test_the_answer_may_be_a_call(pushing: Sandbox, bot: Bot, ask: Ask, ira: Person):
    bot.answers = [web.json_response({"method": "sendMessage", "chat_id": ira.id, "text": "by answer"})]
    await ask("setWebhook", url=bot.url)
    pushing.say(ira.id, "x")
    await bot.has_heard(1)
    await emptied(pushing)
    assert pushing.chat(ira.id)[-1]["text"] == "by answer"


async def test_nothing_is_pushed_once_the_webhook_is_gone(pushing: Sandbox, bot: Bot, ask: Ask, ira: Person):
    await ask("setWebhook", url=bot.url)
    await ask("deleteWebhook", drop_pending_updates=True)
    pushing.say(ira.id, "kept")
    assert len(await ask("getUpdates", timeout=0)) == 1
    assert bot.heard == []
