"""
`tutorbot doctor`: check everything the bot needs, one line for each check; a failed check also says what to do.

It changes nothing and starts nothing; no line shows a token or a password.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.edge.clock import Clock
from bot.edge.http_client import AiohttpRequest, hide_token
from bot.run import addresses, opening
from bot.run.opening import Tell
from bot.run.operating import ENGLISH, beside_sandbox
from bot.run.sandbox_clock import SANDBOX_NOW
from bot.settings import TOKEN_VARIABLE, Settings
from core.operating import health, queue_state
from core.operating.queue_state import QueueState
from core.startup import Core, open_core

SKEW = timedelta(seconds=5)  # Telegram tells its time in whole seconds, and an answer takes a while
PATIENCE = 15.0
LATE = timedelta(minutes=5)
SPACE = 200 * 2**20
BLOCKED = "Forbidden"  # a person has blocked the bot: the operator can't do anything about it
FOLLOW_TIME = "let the machine follow network time (NTP)"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. `remedy` says what to do; None if the check passed."""

    what: str
    fact: str
    remedy: str | None = None

    def __str__(self) -> str:
        line = f"{'!!' if self.remedy else 'ok'} {self.what}: {self.fact}"
        return f"{line} -> {self.remedy}" if self.remedy else line


async def doctor(settings: Settings, tell: Tell) -> bool:
    """Print every finding; return whether all checks passed."""
    is_well = True
    async with aclosing(_findings(beside_sandbox(settings))) as findings:
        async for finding in findings:
            tell(" ".join(str(finding).split()))
            is_well &= finding.remedy is None
    return is_well


async def _findings(settings: Settings) -> AsyncGenerator[Finding, None]:
    yield Finding("settings", "understood")
    yield _data_folder(settings)
    clock = Clock()
    async for finding in _telegram(settings, clock):
        yield finding
    async for finding in _database(settings, clock):
        yield finding


def _data_folder(settings: Settings) -> Finding:
    folder = settings.data_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Finding("data folder", f"{folder}: {reason}", "make it writable, or set TUTORBOT_DATA_FOLDER")
    fact = f"{folder} is writable, {free / 2**30:.1f} GB free"
    return Finding("data folder", fact, "make room on this disk" if free < SPACE else None)


async def _telegram(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    host = addresses.host_of(settings.api_url)
    if settings.is_sandboxed and not addresses.is_local(settings.api_url):
        yield Finding("token", f"{TOKEN_VARIABLE} is not set", "set it, or try the bot in a sandbox: tutorbot start")
        return
    headers: dict[str, str] = {}
    async with _bot(settings, headers) as bot:
        try:
            await bot.initialize()
            webhook = (await bot.get_webhook_info()).url
        except InvalidToken:
            yield Finding("token", f"{host} refuses it", f"copy it anew from @BotFather into {TOKEN_VARIABLE}")
            return
        except TelegramError as error:
            told = hide_token(error.message, opening.token_of(settings))
            hint = "start the sandbox: tutorbot start" if settings.is_sandboxed else "see to the network"
            yield Finding("token", f"can't reach {host}: {told}", hint)
            return
        yield Finding("token", f"@{bot.username}, known to {host}")
    yield _webhook(webhook)
    if date := headers.get("date"):
        yield _skew("clock", "Telegram's", parsedate_to_datetime(date), clock.now())
    if sandbox_now := headers.get(SANDBOX_NOW.lower()):
        clock.follow(datetime.fromisoformat(sandbox_now))


@asynccontextmanager
async def _bot(settings: Settings, headers: dict[str, str]) -> AsyncIterator[Bot]:
    def hear(told: Mapping[str, str]) -> None:
        headers.update({name.lower(): value for name, value in told.items()})

    request = AiohttpRequest(on_headers=hear)
    url = f"{settings.api_url}/bot"
    bot = Bot(opening.token_of(settings), base_url=url, request=request, get_updates_request=request)
    try:
        yield bot
    finally:
        await bot.shutdown()
        await request.shutdown()


def _webhook(url: str) -> Finding:
    if not url:
        return Finding("webhook", "none, updates are polled")
    fact = f"set to {addresses.host_of(url)}, so polling gets nothing"
    return Finding(
        "webhook", fact, "restart the bot, which removes it; if it comes back, another program uses this token"
    )


def _skew(what: str, whose: str, theirs: datetime, ours: datetime) -> Finding:
    apart = abs(ours - theirs)
    fact = f"{apart.total_seconds():.0f} s apart from {whose}"
    return Finding(what, fact, FOLLOW_TIME if apart > SKEW else None)


async def _database(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    address = addresses.database_address(settings)
    try:
        core = open_core(settings.database, clock=clock, policies=settings.policies)
    except Exception as error:  # noqa: BLE001  drivers, dialects and files each fail in their own ways
        yield Finding("database", f"{address}: {addresses.reason_of(error)}", "correct TUTORBOT_DATABASE__URL")
        return
    try:
        async with asyncio.timeout(PATIENCE):
            async for finding in _core(core, address):
                yield finding
    except Exception as error:  # noqa: BLE001  as above
        hint = "see that its server runs, its disk has room and its address is right (TUTORBOT_DATABASE__URL)"
        yield Finding("database", f"{address}: {addresses.reason_of(error)}", hint)
    finally:
        await core.close()


async def _core(core: Core, address: str) -> AsyncIterator[Finding]:
    form, newest = await core.form()
    if form != newest:
        fact = f"{address} is in form {form or 'none'}, the newest is {newest}"
        yield Finding("migrations", fact, "tutorbot migrate")
        return
    async with core.begin() as work:
        await health.write(work)
    yield Finding("database", f"{address} answers and takes writes")
    yield Finding("migrations", f"{newest}, the newest")
    async with core.read() as work:
        theirs, machine, now = await health.server_time(work), Clock().now(), work.now
        state = await queue_state.state(work)
    if theirs is not None:
        yield _skew("database clock", "the machine's", theirs, machine)
    yield _queue(state, now)
    yield _failures(state)
    if (is_led := await core.is_led()) is not None:
        yield _leader(is_led)


def _queue(state: QueueState, now: datetime) -> Finding:
    waited = now - state.oldest_due_at if state.oldest_due_at else timedelta()
    fact = f"{state.due} due now, the oldest for {ENGLISH.span(waited)}" if state.due else "nothing due now"
    hint = "see whether the bot runs and what it logs; tutorbot send-reminders delivers once"
    return Finding("queue", fact, hint if waited > LATE else None)


def _failures(state: QueueState) -> Finding:
    kinds = ", ".join(f"{kind} {n}" for kind, n in state.failures) or "none"
    is_well = all(kind == BLOCKED for kind, _ in state.failures)
    hint = "mend what they name, then tutorbot send-reminders --retry-failed"
    return Finding("failed in the last day", kinds, None if is_well else hint)


def _leader(is_led: bool) -> Finding:
    if is_led:
        return Finding("leader", "a process receives updates")
    return Finding("leader", "no process receives updates", "start the bot: tutorbot run")
