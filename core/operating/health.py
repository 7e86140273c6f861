"""Checks of the database, for `tutorbot doctor`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, text

from core.work import Work, insert_new
from db.base import table
from db.models.job_run import JobRun

TRACE = "doctor"


async def write(work: Work) -> None:
    """Try a write that leaves no trace; raises the database's error if it refuses writes."""
    await insert_new(work, JobRun, [{"name": TRACE, "ran_at": work.now, "done": 0}])
    await work.session.execute(delete(table(JobRun)).where(table(JobRun).c.name == TRACE))


async def server_time(work: Work) -> datetime | None:
    """Return the time of the database server's clock; None for SQLite, which uses our clock."""
    if work.session.get_bind().dialect.name != "postgresql":
        return None
    shown: Any = await work.session.scalar(text("SELECT clock_timestamp()"))
    assert isinstance(shown, datetime), "an instant"
    return shown.astimezone(UTC)
