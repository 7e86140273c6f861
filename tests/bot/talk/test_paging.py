"""Long lists, a page at a time."""

import pytest

from bot.conversations.lessons.taps import OpenLesson, OpenLessons
from bot.talk import paging
from bot.talk.paging import Page
from bot.talk.screen import Button

SIZE = 3


def labels(page: Page[int]) -> list[list[str]]:
    rows = paging.rows(page, lambda each: Button(str(each), OpenLesson(each)), OpenLessons)
    return [[button.label for button in row] for row in rows]


@pytest.mark.parametrize(
    ("length", "number", "seen"),
    [
        (0, 0, []),
        (3, 0, [["0"], ["1"], ["2"]]),
        (4, 0, [["0"], ["1"], ["2"], ["›"]]),
        (4, 1, [["3"], ["‹"]]),
        (7, 1, [["3"], ["4"], ["5"], ["‹", "›"]]),
        (3, 1, [["0"], ["1"], ["2"]]),
        (0, 5, []),
    ],
)
async def test_a_list_read_and_a_list_cut_show_the_same(length: int, number: int, seen: list[list[str]]) -> None:
    whole = list(range(length))

    async def ask(*, limit: int, offset: int) -> list[int]:
        return whole[offset : offset + limit]

    assert labels(await paging.read(ask, number, size=SIZE)) == seen
    assert labels(paging.cut(whole, number, size=SIZE)) == seen


def test_turning_leads_to_the_pages_beside() -> None:
    page = paging.cut(list(range(7)), 1, size=SIZE)
    assert [button.tap for button in paging.turning(page, OpenLessons)[0]] == [OpenLessons(0), OpenLessons(2)]
