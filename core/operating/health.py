"""Whether the database does what it should; for `tutorbot doctor`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, text

from core.work import Work, insert_new
from db.base import table
from db.models.job_run import JobRun

TRACE = "doctor"


async def write(work: Work) -> None:
    """Write something that leaves no trace; raises what the database says where it takes no writes."""
    await insert_new(work, JobRun, [{"name": TRACE, "ran_at": work.now, "done": 0}])
    await work.session.execute(delete(table(JobRun)).where(table(JobRun).c.name == TRACE))


async def server_time(work: Work) -> datetime | None:
    """Return what the database server's clock shows; None for an embedded one, whose clock is ours."""
    if work.session.get_bind().dialect.name != "postgresql":
        return None
    shown: Any = await work.session.scalar(text("SELECT clock_timestamp()"))
    assert isinstance(shown, datetime), "an instant"
    return shown.astimezone(UTC)
