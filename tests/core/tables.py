"""Tables as they are, for tests that look behind the core; and what SQL says of overlaps."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, insert, select, text, update

from core.delivery import queue
from core.delivery.queue import Claimed
from core.errors import CoreError
from core.people.people import Actor
from core.startup import Core
from core.work import Work
from db.base import AnyRow, Base, table
from db.models.tutor_settings import TutorSettings

TOO_CLOSE = """
    SELECT count(*) FROM time_slot a JOIN time_slot b ON a.tutor_id = b.tutor_id AND a.id <> b.id
    WHERE a.status = 'booked' AND b.status = 'booked' AND a.start_datetime <= b.start_datetime
      AND {a_ends} + 60 * (a.buffer_after + b.buffer_before) > {b_starts}
      AND NOT EXISTS (
          SELECT 1 FROM booking old JOIN booking wish ON wish.replaces_id = old.id
          WHERE old.slot_id IN (a.id, b.id) AND wish.slot_id IN (a.id, b.id)
      )
"""
TWO_PLACES_AT_ONCE = """
    SELECT count(*) FROM booking a JOIN booking b ON a.id < b.id
    WHERE a.status IN ('pending', 'confirmed') AND b.status IN ('pending', 'confirmed')
      AND (a.student_id IN (b.student_id, b.tutor_id) OR a.tutor_id IN (b.student_id, b.tutor_id))
      AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
      AND coalesce(a.replaces_id, 0) <> b.id AND coalesce(b.replaces_id, 0) <> a.id
"""
EPOCH = {"sqlite": "unixepoch({})", "postgresql": "extract(epoch from {})"}


async def rows(core: Core, model: type[Base]) -> list[AnyRow]:
    columns = table(model).c
    async with core.read() as work:
        found = await work.session.execute(select(*columns).order_by(*table(model).primary_key))
        return list(found)


async def dump(core: Core) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    async with core.read() as work:
        return {
            one.name: [tuple(row) for row in await work.session.execute(select(one).order_by(*one.primary_key))]
            for one in Base.metadata.sorted_tables
        }


async def collisions(core: Core) -> int:
    """
    Count pairs of lessons too close for a tutor (buffers included) or at once for a person.

    A move request may lie where the lesson is: only one of them will be held.
    """
    async with core.read() as work:
        epoch = EPOCH[work.session.get_bind().dialect.name]
        too_close = TOO_CLOSE.format(a_ends=epoch.format("a.end_datetime"), b_starts=epoch.format("b.start_datetime"))
        counts = [await work.session.scalar(text(sql)) for sql in (too_close, TWO_PLACES_AT_ONCE)]
    return sum(counts)


async def arrange(core: Core, tutor: Actor, **settings: Any) -> None:
    async with core.begin() as work:
        await work.session.execute(
            update(table(TutorSettings)).where(table(TutorSettings).c.tutor_id == tutor.id).values(**settings)
        )


async def write(core: Core, model: type[Base], **values: Any) -> None:
    async with core.begin() as work:
        await work.session.execute(insert(table(model)).values(**values))


async def claim(core: Core, *, limit: int = 100) -> list[Claimed]:
    async with core.begin() as work:
        return await queue.claim(work, limit=limit)


@contextmanager
def statements(work: Work) -> Iterator[list[str]]:
    """Keep what this transaction asks the database from now on, in its order."""
    asked: list[str] = []

    def keep(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.append(" ".join(statement.split()))

    engine = work.session.get_bind()
    event.listen(engine, "before_cursor_execute", keep)
    yield asked
    event.remove(engine, "before_cursor_execute", keep)


async def race(attempts: list[Awaitable[Any]]) -> list[Any]:
    """Run them all at once and return what each got: its result, or the refusal of the core."""
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, CoreError):
            raise outcome
    return outcomes
