"""What `tutorbot doctor` finds, and what it never tells."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.edge.clock import Clock
from bot.run import addresses
from bot.run import doctor as doctors
from bot.run.doctor import doctor
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import running
from bot.settings import Settings
from core.enums import DeliveryStatus, Event
from core.startup import Core
from db.models.notification import Notification
from db.settings import DatabaseSettings
from tests import builders
from tests.core import tables
from tests.stage import on_one_database

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
CLOSED = "http://127.0.0.1:1"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(flood_limits=False)
    yield sandbox
    await sandbox.aclose()


@pytest.fixture
async def settings(sandbox: Sandbox, database_settings, tmp_path: Path) -> AsyncIterator[Settings]:
    async with running(sandbox) as address:
        yield Settings(_env_file=None, api_url=address, database=database_settings, data_folder=tmp_path)


async def examined(settings: Settings) -> tuple[bool, dict[str, str]]:
    told: list[str] = []
    is_well = await doctor(settings, told.append)
    assert is_well == (not [line for line in told if line.startswith("!!")])
    assert all(line.startswith("ok ") or " -> " in line for line in told)
    assert not [line for line in told if "hunter2" in line or TOKEN in line or TOKEN.partition(":")[2] in line]
    return is_well, {line[3:].partition(":")[0]: line for line in told}


async def test_where_all_is_well_every_line_is_ok(settings: Settings, core: Core) -> None:
    async with core.leading(on_wait=lambda: None):
        is_well, told = await examined(settings)
    assert is_well, told
    usual = ["settings", "data folder", "token", "webhook", "clock", "database", "migrations", "queue"]
    assert [what for what in told if what not in ("database clock", "leader")] == [*usual, "failed in the last day"]
    assert ("leader" in told) == ("database clock" in told) == ("postgresql" in settings.database.url)


async def test_nobody_who_receives_updates_is_told(settings: Settings, core: Core) -> None:
    is_well, told = await examined(settings)
    assert is_well == ("sqlite" in settings.database.url)
    assert told.get("leader") in (None, "!! leader: no process receives updates -> start the bot: tutorbot run")


async def test_an_empty_queue_is_told_without_an_age(settings: Settings, core: Core) -> None:
    _, found = await examined(settings)
    assert found["queue"] == "ok queue: nothing due now"


async def test_a_queue_that_nobody_empties_and_what_failed_are_told(settings: Settings, core: Core, sandbox) -> None:
    person, now = await builders.person(core), sandbox.clock.now()
    message = {"recipient_id": person.id, "event": Event.BOOKING_CREATED, "details": {}, "retry_count": 1}
    for number, (status, ago) in enumerate([("pending", 40), ("pending", 3), ("failed", 90), ("failed", 2000)]):
        at = now - timedelta(minutes=ago)
        told = {"scheduled_for": at, "next_try_at": at, "max_retries": 9, "dedupe_key": f"{number}"}
        error = "BadRequest: a name, a secret" if status == DeliveryStatus.FAILED else None
        await tables.write(core, Notification, **message, **told, status=status, last_error=error)
    is_well, found = await examined(settings)
    assert not is_well
    assert found["queue"].startswith("!! queue: 2 due now, the oldest for 40 min -> ")
    assert found["failed in the last day"].startswith("!! failed in the last day: BadRequest 1 -> ")


@on_one_database
@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"token": TOKEN}, "!! token: 127.0.0.1"),
        ({"api_url": CLOSED}, "!! token: can't reach 127.0.0.1:1"),
        ({"data_folder": Path("/proc/no")}, "!! data folder: /proc/no: "),
    ],
    ids=["token refused", "no network", "no folder"],
)
async def test_what_is_wrong_is_told_with_what_to_do(settings: Settings, changed, line) -> None:
    if "token" in changed:
        settings = Settings(_env_file=None, **{**dict(settings), "TELEGRAM_BOT_TOKEN": changed["token"]})
    else:
        settings = settings.model_copy(update=changed)
    is_well, found = await examined(settings)
    assert not is_well
    assert [told for told in found.values() if told.startswith(line)], found


@on_one_database
@pytest.mark.parametrize(
    ("url", "line"),
    [
        (
            "sqlite+aiosqlite:///{folder}/new.sqlite3",
            "!! migrations: sqlite+aiosqlite:///{folder}/new.sqlite3 is in form",
        ),
        (
            "postgresql+asyncpg://tutor:hunter2@127.0.0.1:1/lessons",
            "!! database: postgresql+asyncpg://127.0.0.1:1/lessons",
        ),
        ("nonsense", "!! database: nonsense: Could not parse"),
    ],
    ids=["not migrated", "unreachable", "nonsense"],
)
async def test_a_database_that_can_t_be_used_is_told(settings: Settings, tmp_path, url, line) -> None:
    database = settings.database.model_copy(update={"url": url.format(folder=tmp_path)})
    is_well, found = await examined(settings.model_copy(update={"database": database}))
    assert not is_well
    assert [told for told in found.values() if told.startswith(line.format(folder=tmp_path))], found


@pytest.mark.parametrize("rest", ["bot:55w0rd@db:5432/tutors", "bot@db:5432/tutors?password=55w0rd"])
def test_no_address_tells_who_logs_in_and_by_what(rest: str) -> None:
    database = DatabaseSettings(url=f"postgresql+asyncpg://{rest}")
    told = addresses.database_address(Settings(_env_file=None, database=database))
    assert told.partition("?")[0].endswith("://db:5432/tutors")
    assert "55w0rd" not in told
    assert addresses.host_of("https://bot:55w0rd@api.example:81/x") == "api.example:81"


@on_one_database
async def test_a_clock_that_goes_wrong_and_a_webhook_are_told(settings: Settings, sandbox, monkeypatch) -> None:
    fast = Clock(lambda: Clock().now() + timedelta(hours=1))
    monkeypatch.setattr(doctors, "Clock", lambda: fast)
    sandbox.state.webhook = {"url": "https://elsewhere.example/hook/secret"}
    _, found = await examined(settings)
    assert found["clock"].startswith("!! clock: 360")
    assert found["clock"].endswith(" s apart from Telegram's -> let the machine follow network time (NTP)")
    assert found["webhook"].startswith("!! webhook: set to elsewhere.example, so polling gets nothing -> ")
    assert "secret" not in found["webhook"]
