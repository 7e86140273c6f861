"""Clocks that jump, and the nights in which clocks go forward or back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.faults.bulk import lessons_at
from bench.faults.people import at_work, clock_of, opened_core, quiet_sandbox, until
from bench.faults.table import Row
from bench.faults.town import Heard, Town, balance, deliveries, waiting
from core.startup import Core
from db.settings import DatabaseSettings

NIGHTS = {
    "Europe/Kyiv": (datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 3, 14, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 10, 3, 12, tzinfo=UTC), datetime(2027, 4, 3, 12, tzinfo=UTC)),
    "Asia/Kolkata": (datetime(2026, 10, 25, tzinfo=UTC),),
}
BEFORES = (1440, 60, 15)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LONG = 300.0


async def nights(settings: DatabaseSettings, *, lessons: int, seed: int, zones: tuple[str, ...] = tuple(NIGHTS)) -> Row:
    """Lessons through the nights of each zone: every reminder at its instant, by the reader's clock."""
    row = Row("nights when clocks change")
    late = wrong_words = count = doubled = 0
    for zone in zones:
        for night in NIGHTS[zone]:
            heard, told_late, found = await _one_night(settings, row, zone, night, lessons, seed)
            count += len(heard)
            late += told_late
            doubled += found
            wrong_words += sum(_clock_words(each) is None for each in heard)
    row.figures = {"zones": len(zones), "reminders": count, "not at their minute": late, "twice": doubled}
    row.demand("each reminder goes out in its minute", late == 0)
    row.demand("none twice", doubled == 0)
    row.demand("each tells an hour", wrong_words == 0)
    return row


async def _one_night(
    settings: DatabaseSettings, row: Row, zone: str, night: datetime, lessons: int, seed: int
) -> tuple[list[Heard], int, int]:
    sandbox = quiet_sandbox()
    starts = [night + timedelta(hours=24) * number / lessons for number in range(lessons)]
    starts = [at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) for at in starts]
    sandbox.clock.set(starts[0] - timedelta(hours=25))
    clock, town = clock_of(sandbox), Town(sandbox, seed)
    async with opened_core(_of_its_own(settings, zone, night), clock) as core:
        await lessons_at(core, town, starts, befores=BEFORES, zone=zone)
        async with at_work(core, clock, sandbox):
            for due_at in sorted({at - minutes * MINUTE for at in starts for minutes in BEFORES}):
                sandbox.clock.set(due_at)
                await until(lambda: _is_told(core, town), within=LONG)
        found = await balance(core, town)
        row.against += found.wrong
        async with core.read() as work:
            sent = [each for each in await deliveries(work) if each.message_id]
    minutes = {(each["message_id"], chat): each["date"] for chat in town.phones for each in sandbox.chat(chat)}
    late = sum(abs(minutes[each.message_id, each.telegram_id] - each.scheduled_for.timestamp()) > 60 for each in sent)
    row.demand(f"local hours are right in {zone}", all(_shows_local(each, starts, zone) for each in town.heard))
    row.demand(f"all {2 * len(starts) * len(BEFORES)} come in {zone}", len(sent) == 2 * len(starts) * len(BEFORES))
    return town.heard, late, found.doubled


def _of_its_own(settings: DatabaseSettings, zone: str, night: datetime) -> DatabaseSettings:
    """Return settings with a SQLite file for this night."""
    name = f"{zone.replace('/', '-')}-{night:%m}"
    return settings.model_copy(update={"url": settings.url.replace(".sqlite3", f"-{name}.sqlite3")})


def _clock_words(heard: Heard) -> str | None:
    return next((word for word in heard.text.replace("–", " ").split() if ":" in word and word[0].isdigit()), None)


def _shows_local(heard: Heard, starts: list[datetime], zone: str) -> bool:
    return _clock_words(heard) in {f"{at.astimezone(ZoneInfo(zone)):%H:%M}" for at in starts}


async def _is_told(core: Core, town: Town) -> bool:
    return not await waiting(core, until=town.sandbox.clock.now())


async def jumps(settings: DatabaseSettings, *, lessons: int, seed: int) -> Row:
    """The machine's clock jumps an hour forward and back while reminders are sent: none is lost, none comes twice."""
    row = Row("the clock jumps an hour")
    sandbox = quiet_sandbox()
    start = datetime(2026, 11, 25, 10, tzinfo=UTC)
    starts = [start + number * 15 * MINUTE for number in range(lessons)]
    sandbox.clock.set(start - timedelta(hours=25))
    clock, town = clock_of(sandbox), Town(sandbox, seed)
    async with opened_core(settings, clock) as core:
        await lessons_at(core, town, starts, befores=BEFORES)
        async with at_work(core, clock, sandbox):
            for due_at, by in zip(
                sorted({at - n * MINUTE for at in starts for n in BEFORES}), _to_and_fro(), strict=False
            ):
                sandbox.clock.set(due_at)
                sandbox.clock.advance(by)
                sandbox.clock.advance(-by)
                await until(lambda: _is_told(core, town), within=LONG)
                sandbox.clock.advance(by)
                await until(lambda: _is_told(core, town), within=LONG)
            sandbox.clock.set(starts[-1] + HOUR)
            await until(lambda: _is_told(core, town), within=LONG)
        found = await balance(core, town)
    row.figures = {"reminders": found.sent, "skipped late": found.skipped, "twice": found.doubled}
    row.against += found.wrong
    row.demand("none twice", found.doubled == 0)
    return row


def _to_and_fro() -> Iterator[timedelta]:
    while True:
        yield from (HOUR, -HOUR, timedelta())
