"""
All channels: whether each is open, and how it is made. core.people.channels says which events each carries.

The chat comes first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from telegram.ext import Application

from bot.delivery.channels.channel import Channel
from bot.delivery.channels.chat import ChatChannel
from bot.delivery.channels.email import EmailChannel
from bot.delivery.dispatcher import Dispatcher
from bot.settings import Settings
from bot.talk.context import RESOURCES
from bot.talk.resources import Resources
from core.enums import ChannelKind

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class ChannelMaker:
    """`is_open` is called first, before anything else runs; `make` only if the channel is open."""

    is_open: Callable[[Settings], bool]
    make: Callable[[AnyApplication, Resources], Channel]


def _email(application: AnyApplication, resources: Resources) -> Channel:
    assert resources.mailer, "there is one where mail is configured"
    return EmailChannel(resources.mailer, link=lambda: str(application.bot.link))


CHANNELS: Final[Mapping[ChannelKind, ChannelMaker]] = {
    ChannelKind.PUSH: ChannelMaker(lambda _: True, lambda application, _: ChatChannel(application.bot)),
    ChannelKind.EMAIL: ChannelMaker(lambda settings: bool(settings.smtp.host), _email),
}


def open_channels(settings: Settings) -> frozenset[ChannelKind]:
    return frozenset(kind for kind, maker in CHANNELS.items() if maker.is_open(settings))


def dispatchers(application: AnyApplication) -> list[Dispatcher]:
    """Make a dispatcher for each open channel."""
    resources: Resources = application.bot_data[RESOURCES]
    makers = [maker for maker in CHANNELS.values() if maker.is_open(resources.settings)]
    channels = [maker.make(application, resources) for maker in makers]
    return [Dispatcher(resources.core, channel, resources.clock) for channel in channels]
