"""
Long lists, a page at a time.

We read one line more than a page shows: if it exists, there is a next page. If a page has become empty, the first page
is shown.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.talk.screen import Button, Row
from bot.talk.taps import Tap

T = TypeVar("T")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    number: int
    shown: Sequence[T]
    has_more: bool = False


async def read(ask: Callable[..., Awaitable[Sequence[T]]], number: int, *, size: int) -> Page[T]:
    """Read one page; `ask` takes `limit` and `offset`."""
    _, page = await read_in(ask, number, size=size, lines=lambda found: found)
    return page


async def read_in(
    ask: Callable[..., Awaitable[Found]], number: int, *, size: int, lines: Callable[[Found], Sequence[T]]
) -> tuple[Found, Page[T]]:
    """Read one page of a list that is an attribute of what `ask` returns."""
    found = await ask(limit=size + 1, offset=number * size)
    listed = lines(found)
    if number and not listed:
        return await read_in(ask, 0, size=size, lines=lines)
    return found, Page(number, listed[:size], len(listed) > size)


def cut(whole: Sequence[T], number: int, *, size: int) -> Page[T]:
    """Cut one page out of a list in memory."""
    first = number * size
    if first >= len(whole):
        number, first = 0, 0
    return Page(number, whole[first : first + size], len(whole) > first + size)


def rows(page: Page[T], line: Callable[[T], Button], turn: Callable[[int], Tap]) -> tuple[Row, ...]:
    """Return a button for each line, and the buttons to other pages."""
    return (*((line(each),) for each in page.shown), *turning(page, turn))


def turning(page: Page[T], turn: Callable[[int], Tap]) -> tuple[Row, ...]:
    row: Row = (
        *((Button("‹", turn(page.number - 1)),) if page.number else ()),
        *((Button("›", turn(page.number + 1)),) if page.has_more else ()),
    )
    return (row,) if row else ()
