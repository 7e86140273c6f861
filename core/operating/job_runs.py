"""
The background jobs as operators see them: the last run and its result, the last error, and what is due.

One row for each job, over all processes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from core.calendars import feeds
from core.delivery import queue
from core.lessons import bookings, outcomes
from core.people.channels import CHANNELS
from core.work import Work, insert_new
from db.base import AnyRow, table
from db.enums import Job
from db.models.job_run import JobRun

CLEANS_EVERY = timedelta(hours=1)
NOTED_EVERY = timedelta(minutes=5)  # how often a run is stored if the job found nothing to do
LATE_AFTER = 3 * NOTED_EVERY
MANY = 10_000
MAX_ERROR = 300
CHANNEL_OF = {row.job: kind for kind, row in CHANNELS.items()}


@dataclass(frozen=True, slots=True)
class JobCard:
    """
    `done` counts what the last run with any work did. `due` counts what is due now; `next_at` is the next due time.
    """

    job: Job
    ran_at: datetime | None
    done: int
    failed_at: datetime | None
    error: str | None
    due: int
    next_at: datetime | None
    is_late: bool


async def note(work: Work, *, job: Job, done: int = 0, error: str | None = None) -> None:
    """Store that the job ran now; without news (`done` 0, no error) the last result and the last error stay."""
    changed: dict[str, Any] = {"ran_at": work.now} | ({"done": done} if done else {})
    if error is not None:
        changed |= {"failed_at": work.now, "error": error[:MAX_ERROR]}
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(table(JobRun)).values({"name": job, "done": done} | changed)
    await work.session.execute(row.on_conflict_do_update(index_elements=["name"], set_=changed))


async def take_turn(work: Work, job: Job) -> bool:
    """Reserve the job for this process until the end of the transaction; False if another process has it."""
    await insert_new(work, JobRun, [{"name": job, "ran_at": work.now, "done": 0}])
    free = select(JobRun.name).where(JobRun.name == job).with_for_update(skip_locked=True)
    return await work.session.scalar(free) is not None


async def overview(work: Work) -> list[JobCard]:
    rows = await work.session.execute(select(*table(JobRun).c))
    ran = {row.name: row for row in rows}
    return [await _card(work, job, ran.get(job)) for job in Job if _runs_here(work, job)]


def _runs_here(work: Work, job: Job) -> bool:
    return job not in CHANNEL_OF or CHANNEL_OF[job] in work.channels


async def _card(work: Work, job: Job, row: AnyRow | None) -> JobCard:
    ran_at: datetime | None = row.ran_at if row else None
    due, next_at = await _ahead(work, job, ran_at)
    return JobCard(
        job=job,
        ran_at=ran_at,
        done=row.done if row else 0,
        failed_at=row.failed_at if row else None,
        error=row.error if row else None,
        due=due,
        next_at=next_at,
        is_late=ran_at is None or work.now - ran_at > _patience(job),
    )


def _patience(job: Job) -> timedelta:
    return CLEANS_EVERY + LATE_AFTER if job is Job.CLEAN else LATE_AFTER


async def _ahead(work: Work, job: Job, ran_at: datetime | None) -> tuple[int, datetime | None]:
    """Return how much is due now, and when something is due next."""
    match job:
        case Job.EXPIRE:
            return len(await bookings.lapsed(work, limit=MANY)), await bookings.next_lapse(work)
        case Job.SETTLE:
            return len(await outcomes.unsettled(work, limit=MANY)), await outcomes.next_to_settle(work)
        case Job.FEEDS:
            return await feeds.count_due(work), await feeds.next_due(work)
        case Job.CLEAN:
            return 0, ran_at + CLEANS_EVERY if ran_at else None
        case Job.ALARM:
            return 0, None
        case _:
            channel = CHANNEL_OF[job]
            return await queue.count_due(work, channel=channel), await queue.next_due(work, channel=channel)
