"""What every step of every story can reach."""

from dataclasses import dataclass, field

from bot.clock import Clock
from bot.feed_desk import FeedDesk
from bot.settings import Settings
from bot.smtp import Mailer
from core.startup import Core


@dataclass(frozen=True, slots=True)
class House:
    """
    `web_address` is where the bot's own HTTP side is found, if it has one; `mailer` is there where mail is
    configured.
    """

    core: Core
    clock: Clock
    settings: Settings
    web_address: str | None = None
    feeds: FeedDesk = field(default_factory=FeedDesk)
    mailer: Mailer | None = None
