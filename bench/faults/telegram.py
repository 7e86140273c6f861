"""Telegram with faults: errors, no answers, an outage, and people who block the bot."""

import asyncio
from datetime import timedelta
from itertools import cycle

from bench.faults.bulk import lessons_at
from bench.faults.people import at_work, clock_of, opened_core, quiet_sandbox, time_flies, until
from bench.faults.table import Row
from bench.faults.town import MONDAY, Town, balance, confirmed_starts, next_try, waiting
from bot.edge.clock import Clock
from bot.sandbox.faults.faults import Fault, FaultKind
from bot.sandbox.sandbox import Sandbox
from core.startup import Core
from db.settings import DatabaseSettings

KINDS = (FaultKind.FLOOD, FaultKind.ERROR, FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER, FaultKind.DROP_BEFORE)
METHODS = ("send*", "edit*", "answer*", "getUpdates")
SHARE = 0.1
OUTAGE = timedelta(minutes=10)
LONG = 600.0
IDLE = 1.0


def a_bad_day(sandbox: Sandbox) -> None:
    """Inject each kind of fault into its share of the calls that people notice."""
    for method in METHODS:
        for kind in KINDS:
            sandbox.faults.add(Fault(kind, method=method, probability=SHARE))


async def noise(settings: DatabaseSettings, *, bookings: int, seed: int) -> Row:
    """People book and are reminded while every second call fails in one of five ways."""
    row = Row("five troubles at 10 % each")
    sandbox, clock, town = _begun(seed)
    async with opened_core(settings, clock, reminders_before=(timedelta(hours=1),)) as core:
        await town.settle(core, tutors=max(2, bookings // 15), students=max(2, bookings // 8))
        a_bad_day(sandbox)
        async with at_work(core, clock, sandbox), time_flies(sandbox, times=30):
            await _book(core, town, bookings)
            await _remind(core, sandbox)
        struck = len([call for call in sandbox.calls if call["status"] != 200])
        found = await balance(core, town)
    lost_answers = _lost_answers(sandbox)
    row.figures = {
        "bookings": len(town.told),
        "calls failed": struck,
        "notices and reminders": found.sent,
        "skipped late": found.skipped,
        "twice": found.doubled,
        "answers lost on the way": lost_answers,
    }
    row.against += found.wrong
    row.demand("twice only where the answer was lost", 0 <= found.doubled <= lost_answers)
    return row


def _begun(seed: int, *, days: int = 3) -> tuple[Sandbox, Clock, Town]:
    sandbox = quiet_sandbox()
    sandbox.clock.set(MONDAY)
    sandbox.faults.reseed(seed)
    return sandbox, clock_of(sandbox), Town(sandbox, seed, days=days, patience=1.0)


async def _book(core: Core, town: Town, bookings: int) -> None:
    """All students at once, until so many bookings were answered."""
    confirming = [asyncio.create_task(town.phones[id_].confirms()) for id_ in town.tutors]

    async def goes_on(student: int) -> None:
        while len(town.told) < bookings:
            await town.phones[student].books()

    await asyncio.gather(*(goes_on(student) for student in town.students))
    await until(lambda: _is_quiet(core, town), within=LONG)
    for task in confirming:
        task.cancel()
    await asyncio.gather(*confirming, return_exceptions=True)


async def _is_told(core: Core, sandbox: Sandbox) -> bool:
    return not await waiting(core, until=sandbox.clock.now())


async def _is_quiet(core: Core, town: Town) -> bool:
    return await _is_told(core, town.sandbox) and not any(town.phones[id_].requests for id_ in town.tutors)


async def _remind(core: Core, sandbox: Sandbox) -> None:
    """Move the clock to each hour with a reminder."""
    for starts_at in await confirmed_starts(core):
        due_at = starts_at - timedelta(hours=1)
        if due_at > sandbox.clock.now():
            sandbox.clock.set(due_at)
        await until(lambda: _is_told(core, sandbox), within=LONG)


def _lost_answers(sandbox: Sandbox) -> int:
    return sum(call["status"] == FaultKind.TIMEOUT_AFTER and call["method"] == "sendMessage" for call in sandbox.calls)


async def outage(settings: DatabaseSettings, *, reminders: int, seed: int) -> Row:
    """Telegram is away for ten minutes, just when so many reminders come due."""
    row = Row("away for 10 min, reminders due")
    sandbox, clock, town = _begun(seed)
    starts_at = MONDAY + timedelta(days=2)
    async with opened_core(settings, clock) as core:
        town.sandbox.clock.set(starts_at - timedelta(hours=1, minutes=1))
        await lessons_at(core, town, [starts_at] * (reminders // 2), befores=(60, 15))
        async with at_work(core, clock, sandbox):
            sandbox.faults.outage = True
            sandbox.clock.advance(timedelta(minutes=1))
            for _ in range(20):
                sandbox.clock.advance(OUTAGE / 20)
                await asyncio.sleep(0.1)
            sandbox.faults.outage = False
            back_at = sandbox.clock.now()
            await until(lambda: _is_over(core, town), within=LONG)
            all_after = sandbox.clock.now() - back_at
            sandbox.clock.set(max(sandbox.clock.now(), starts_at - timedelta(minutes=15)))
            await until(lambda: _is_told(core, sandbox), within=LONG)
        found = await balance(core, town)
    row.figures = {
        "reminders": found.sent + found.skipped,
        "arrived": found.sent,
        "skipped late": found.skipped,
        "twice": found.doubled,
        "min until all had gone": all_after / timedelta(minutes=1),
    }
    row.against += found.wrong
    row.demand("none twice", found.doubled == 0)
    return row


async def _is_over(core: Core, town: Town) -> bool:
    """Whether everything has been sent; if the queue only waits, move the clock to its next try."""
    if await _is_told(core, town.sandbox):
        return True
    heard = len(town.heard)
    await asyncio.sleep(IDLE)
    next_at = await next_try(core)
    if len(town.heard) == heard and next_at is not None and next_at > town.sandbox.clock.now():
        town.sandbox.clock.set(next_at)
    return False


async def blocked(settings: DatabaseSettings, *, lessons: int, seed: int) -> Row:
    """
    Every second student blocks the bot before they are reminded three times; the tutor is told once for each lesson.
    """
    row = Row("students block the bot")
    sandbox, clock, town = _begun(seed)
    starts_at = MONDAY + timedelta(days=2)
    async with opened_core(settings, clock) as core:
        await lessons_at(core, town, [starts_at] * lessons, befores=(1440, 60, 15))
        gone = [student for student, away in zip(town.students, cycle((True, False)), strict=False) if away]
        for student in gone:
            sandbox.block(student)
        async with at_work(core, clock, sandbox):
            for minutes in (1440, 60, 15):
                sandbox.clock.set(starts_at - timedelta(minutes=minutes))
                await until(lambda: _is_told(core, sandbox), within=LONG)
    told = [heard for heard in town.heard if heard.text.startswith("⚠️")]
    reminded = {heard.chat_id for heard in town.heard if heard.text.startswith("⏰")}
    row.figures = {"blocked": len(gone), "tutors told": len(told), "reminders": len(town.heard) - len(told)}
    row.demand("the other side is told once a lesson", len(told) == len(gone) == len({h.chat_id for h in told}))
    row.demand("nobody else goes short", reminded == {*town.phones} - {*gone})
    return row
