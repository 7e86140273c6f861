"""Updates that come twice, in disorder and a year late."""

import asyncio
import random
from typing import Any

from telegram import Update

from bench.faults.people import at_work, clock_of, opened_core, quiet_sandbox, until
from bench.faults.table import Row
from bench.faults.town import MONDAY, Town, balance, waiting
from bot.sandbox.faults.faults import YEAR_SECONDS
from bot.talk.context import MOST_UNCONFIRMED
from core.startup import Core
from db.settings import DatabaseSettings
from tests.core import tables

OF_LESSONS = ("booking", "booking_history", "time_slot", "reminder", "notification", "tutor_availability", "person")
MOST_AGAIN = MOST_UNCONFIRMED - 1  # ten times what Telegram gives from the first that was not confirmed
AT_ONCE = 12  # tutors, and students: more only wait for each other, give up and begin anew
LONG = 600.0


async def disturbed(settings: DatabaseSettings, *, bookings: int, seed: int) -> Row:
    """
    People book while their updates are repeated, shuffled and aged.

    Then a new process handles the last of these updates once more, some of them aged, each person's in their order: it
    is what a kill leads to.
    """
    row = Row("updates twice, shuffled, a year old")
    sandbox = quiet_sandbox()
    sandbox.clock.set(MONDAY)
    clock, town = clock_of(sandbox), Town(sandbox, seed, patience=2.0)
    updates: list[dict[str, Any]] = []
    sandbox.listeners.append(lambda change: updates.append(change["update"]) if change["kind"] == "update" else None)
    async with opened_core(settings, clock) as core:
        tutors, students = max(2, bookings // 15), max(4, bookings // 4)
        await town.settle(core, tutors=min(tutors, AT_ONCE), students=min(students, AT_ONCE))
        sandbox.faults.duplicate_updates, sandbox.faults.reorder_updates, sandbox.faults.stale_updates = 0.5, 0.5, 0.3
        sandbox.faults.reseed(seed)
        async with at_work(core, clock, sandbox):
            await _book(core, town, bookings)
        found = await balance(core, town)
        before = await _lessons(core)
        async with at_work(core, clock, sandbox) as application:
            again = _aged(updates[-MOST_AGAIN:], random.Random(seed))
            for raw in again:
                update = Update.de_json(raw, application.bot)
                await application.update_processor.process_update(update, application.process_update(update))
        after = await _lessons(core)
    changed = [name for name in before if before[name] != after[name]]
    row.figures = {
        "bookings": len(town.told),
        "updates": len(updates),
        "handled once more": len(again),
        "tables changed by that": len(changed),
        "twice": found.doubled,
    }
    row.against += found.wrong
    row.demand(f"nothing changes twice: {changed}", not changed)
    row.demand("no notice twice", found.doubled == 0)
    return row


async def _book(core: Core, town: Town, bookings: int) -> None:
    confirming = [asyncio.create_task(town.phones[id_].confirms()) for id_ in town.tutors]

    async def goes_on(student: int) -> None:
        while len(town.told) < bookings:
            if await town.phones[student].books() and town.chance.random() < 0.3:
                await town.phones[student].cancels()

    await asyncio.gather(*(goes_on(student) for student in town.students))
    await until(lambda: _is_quiet(core, town), within=LONG)
    for task in confirming:
        task.cancel()
    await asyncio.gather(*confirming, return_exceptions=True)


async def _is_quiet(core: Core, town: Town) -> bool:
    busy = any(town.phones[id_].requests for id_ in town.tutors)
    return not busy and not await waiting(core, until=town.sandbox.clock.now())


async def _lessons(core: Core) -> dict[str, list[tuple[Any, ...]]]:
    return {name: rows for name, rows in (await tables.dump(core)).items() if name in OF_LESSONS}


def _aged(updates: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    return [_old(raw) if chance.random() < 0.5 else raw for raw in updates]


def _old(raw: dict[str, Any]) -> dict[str, Any]:
    if "message" not in raw:
        return raw
    return raw | {"message": raw["message"] | {"date": raw["message"]["date"] - YEAR_SECONDS}}
