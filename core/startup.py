"""Open the core: database, clock, and transactions (Work)."""

from asyncio import Task
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from core.people import channels as channel_rows
from core.settings import Policies
from core.work import Work
from db import leader, migrate, sent_log
from db.engine import Database
from db.enums import ChannelKind
from db.sent_log import SentLog
from db.settings import DatabaseSettings

ONLY_CHAT = frozenset({channel_rows.CHAT})


class DatabaseInUse(Exception):
    """Another process has the embedded database open."""


class Core:
    """
    `begin()` opens a transaction that writes, `read()` one that only reads.
    `on_news` is called after a commit that queued messages.
    """

    def __init__(
        self,
        database: Database,
        *,
        policies: Policies,
        clock: Callable[[], datetime],
        channels: frozenset[ChannelKind] = ONLY_CHAT,
    ) -> None:
        self._database = database
        self._channels = channels
        self._policies = policies
        self._clock = clock
        self.on_news: Callable[[], None] | None = None
        self.sent_log = SentLog()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Commit at the end, or roll back if the body raises."""
        async with self._database.writing() as session:
            async with session.begin():
                await session.connection()  # SQLite waits for the write lock here, so `now` is read after it
                work = Work(session, self._clock(), self._policies, self._channels)
                yield work
                await channel_rows.write_announcements(work)
            if work.has_news and self.on_news:
                self.on_news()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        async with self._database.reading() as session, session.begin():
            yield Work(session, self._clock(), self._policies, self._channels)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Stop other processes from using the same SQLite file; raises DatabaseInUse. See db.leader."""
        with ExitStack() as held:
            try:
                held.enter_context(leader.alone(self._database.settings))
            except leader.FileInUse:
                raise DatabaseInUse from None
            yield

    @contextmanager
    def noting(self, folder: Path) -> Iterator[None]:
        """Record sent messages in a file, so that they are not sent again after a kill; see db.sent_log."""
        with sent_log.opened(self._database.settings, folder) as self.sent_log:
            try:
                yield
            finally:
                self.sent_log = SentLog()

    def leading(self, *, on_wait: Callable[[], None]) -> AbstractAsyncContextManager[Task[None]]:
        """Be the only process that receives updates while the block runs; see db.leader."""
        return leader.leading(self._database.settings, on_wait=on_wait)

    async def is_led(self) -> bool | None:
        """Return whether some process receives updates; None on SQLite, where that can't be seen."""
        return await leader.is_led(self._database)

    async def migrate(self) -> None:
        await migrate.upgrade(self._database)

    async def form(self) -> tuple[str | None, str]:
        """Return the migration that the database has (None if it is empty), and the newest migration."""
        return await migrate.current(self._database), migrate.revisions()[-1]

    async def close(self) -> None:
        await self._database.close()


def open_core(
    settings: DatabaseSettings,
    *,
    clock: Callable[[], datetime],
    policies: Policies | None = None,
    channels: frozenset[ChannelKind] = ONLY_CHAT,
) -> Core:
    return Core(Database.open(settings), policies=policies or Policies(), clock=clock, channels=channels)
