"""Read other calendars: fetch one, expand it in a separate process, then store its busy times."""

from bot.calendars.fetch import Fetcher, is_anywhere, is_public
from core.calendars import feeds
from core.calendars.feed_reading.expand import Expander
from core.calendars.feeds import Found, Horizon, Source
from core.errors import FeedRefused
from core.startup import Core


class FeedReader:
    """Fetches and reads calendars: network and child processes, never inside a transaction."""

    def __init__(self, *, allow_private: bool = False) -> None:
        self._fetcher = Fetcher(may_go=is_anywhere if allow_private else is_public)
        self._expander = Expander()

    async def fetch(self, address: str, horizon: Horizon) -> Found:
        """Raises FeedRefused."""
        fetched = await self._fetcher.fetch(address)
        assert fetched is not None, "nothing was known of it"
        return await self.read(fetched.content, horizon, etag=fetched.etag, last_modified=fetched.last_modified)

    async def read(
        self, content: bytes, horizon: Horizon, *, etag: str | None = None, last_modified: str | None = None
    ) -> Found:
        """Raises FeedRefused."""
        reading = await self._expander.read(
            content, timezone=horizon.timezone, since=horizon.since, until=horizon.until
        )
        return Found(reading, content, etag, last_modified)

    async def sync(self, core: Core, source: Source) -> bool:
        """
        Read one feed again and store its busy times; if that fails, the old ones stay. Return whether it was read.
        """
        try:
            found = await self._again(source)
        except FeedRefused as refusal:
            async with core.begin() as work:
                await feeds.fail(work, feed_id=source.id, refusal=refusal)
            return False
        async with core.begin() as work:
            if found is None:
                await feeds.keep(work, feed_id=source.id)
            else:
                await feeds.store(work, feed_id=source.id, found=found)
        return True

    async def _again(self, source: Source) -> Found | None:
        if source.address is None:
            return await self.read(source.content or b"", source.horizon)
        told = {"etag": source.etag, "last_modified": source.last_modified}
        fetched = await self._fetcher.fetch(source.address, **told)
        if fetched is not None:
            return await self.read(
                fetched.content, source.horizon, etag=fetched.etag, last_modified=fetched.last_modified
            )
        return await self.read(source.content, source.horizon, **told) if source.content is not None else None
