"""An operator's commands; the bot may be running meanwhile. Each returns whether all is well."""

from contextlib import suppress
from datetime import datetime

from bot.delivery.channels import table
from bot.delivery.dispatcher import Tally
from bot.edge.clock import Clock
from bot.run import addresses, opening
from bot.run.opening import StartError, Tell
from bot.run.sandbox_clock import Plans
from bot.settings import TELEGRAM, Settings
from bot.talk.resources import Resources
from bot.words.voice import Voice
from core.operating import job_runs, queue_state
from core.operating.job_runs import JobCard
from core.startup import Core

HEAD = ("", "job", "last run", "did", "due now", "next due", "last error")
ENGLISH = Voice("en", "UTC")


async def send_reminders(settings: Settings, tell: Tell, *, limit: int, retry_failed: bool) -> bool:
    """Deliver everything due now, once. A running bot and this command never send the same message."""
    settings, clock = beside_sandbox(settings), Clock()
    token = opening.token_of(settings)
    async with (
        opening.core_of(settings, clock, migrates=False) as core,
        opening.application_of(settings, token, opening.resources_of(settings, core, clock), Plans()) as application,
    ):
        if retry_failed:
            tell(f"tried again: {await _revive(core, limit)}")
        tally = Tally()
        for dispatcher in table.dispatchers(application):
            tally += await dispatcher.deliver_at_most(limit - tally.all)
    for what in ("sent", "skipped", "failed", "unreachable", "later"):
        tell(f"{what}: {getattr(tally, what)}")
    return not tally.failed and not tally.later


async def jobs(settings: Settings, tell: Tell) -> bool:
    """Print for each job what it did last and what is due."""
    settings, clock = beside_sandbox(settings), Clock()
    async with opening.core_of(settings, clock, migrates=False) as core:
        await _follow_sandbox(settings, core, clock)
        async with core.read() as work:
            cards, now = await job_runs.overview(work), work.now
    for line in _table([HEAD, *(_row(card, now) for card in cards)]):
        tell(line)
    return all(map(_is_well, cards))


def beside_sandbox(settings: Settings) -> Settings:
    """Without a token, use the settings of the sandbox that `tutorbot start` serves."""
    if not settings.is_sandboxed or settings.api_url != TELEGRAM:
        return settings
    return settings.model_copy(update={"api_url": f"http://{settings.sandbox_host}:{settings.sandbox_port}"})


async def _revive(core: Core, limit: int) -> int:
    async with core.begin() as work:
        return await queue_state.retry_failed(work, limit=limit)


async def _follow_sandbox(settings: Settings, core: Core, clock: Clock) -> None:
    """If a sandbox is running on this machine, take the time from its clock."""
    if settings.is_sandboxed and addresses.is_local(settings.api_url):
        with suppress(StartError):
            async with opening.application_of(
                settings, opening.SANDBOX_TOKEN, Resources(core, clock, settings), Plans()
            ):
                pass


def _is_well(card: JobCard) -> bool:
    return not card.is_late and (card.failed_at is None or card.failed_at != card.ran_at)


def _row(card: JobCard, now: datetime) -> tuple[str, ...]:
    return (
        "ok" if _is_well(card) else "!!",
        card.job,
        _ago(card.ran_at, now) if card.ran_at else "never",
        str(card.done),
        str(card.due),
        _ahead(card.next_at, now) if card.next_at else "-",
        f"{card.error}, {_ago(card.failed_at, now)}" if card.error and card.failed_at else "-",
    )


def _ago(at: datetime, now: datetime) -> str:
    return f"{ENGLISH.span(max(now - at, now - now))} ago"


def _ahead(at: datetime, now: datetime) -> str:
    return f"in {ENGLISH.span(at - now)}" if at > now else "now"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
