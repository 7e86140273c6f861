"""What every step can use."""

from dataclasses import dataclass, field

from bot.calendars.feed_reader import FeedReader
from bot.edge.clock import Clock
from bot.mail.smtp import Mailer
from bot.settings import Settings
from core.startup import Core


@dataclass(frozen=True, slots=True)
class Resources:
    """
    `web_address` is the public address of the bot's own web server, None without one; `mailer` is None unless mail is
    configured.
    """

    core: Core
    clock: Clock
    settings: Settings
    web_address: str | None = None
    feeds: FeedReader = field(default_factory=FeedReader)
    mailer: Mailer | None = None
