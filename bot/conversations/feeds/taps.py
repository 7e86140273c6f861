"""The feeds of a tutor."""

from bot.talk.taps import Tap, tap


@tap("fe")
class OpenFeeds(Tap):
    pass


@tap("fa")
class AddFeed(Tap):
    pass


@tap("ff")
class TakeFile(Tap):
    """Import the file that was sent last: it is stored in the question."""


@tap("fo")
class OpenFeed(Tap):
    feed_id: int


@tap("fn")
class ReadFeed(Tap):
    feed_id: int


@tap("fr")
class RemoveFeed(Tap):
    feed_id: int


@tap("fs")
class RemoveFeedSurely(Tap):
    feed_id: int


@tap("fl")
class OpenClashing(Tap):
    page: int
