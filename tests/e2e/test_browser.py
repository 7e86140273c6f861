"""A newcomer starts it, opens the page, and plays the whole first lesson by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.browser import NARROW, SandboxPage, open_page
from tests.e2e.lesson import FirstLesson
from tests.e2e.processes import Tutorbot

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(params=["uk", "en"])
def language(request: pytest.FixtureRequest) -> str:
    spoken: str = request.param
    return spoken


@pytest_asyncio.fixture(loop_scope="module")
async def page(tmp_path: Path, browser: Browser, language: str) -> AsyncIterator[SandboxPage]:
    tutorbot = Tutorbot(tmp_path, is_forked=True)
    try:
        async with open_page(browser, await tutorbot.start(port=0), language=language) as opened:
            yield opened
            assert opened.troubles.seen == []
    finally:
        await tutorbot.kill_all()


async def test_the_first_lesson_is_played_by_hand_up_to_its_reminders(page: SandboxPage, language: str) -> None:
    lesson = FirstLesson(page, language)
    await lesson.begin()
    await lesson.tutor_comes_in()
    await lesson.student_opens_the_link()
    await lesson.student_finds_a_day()
    await lesson.student_asks()
    request_id = await page.tutor.newest.get_attribute("data-message-id")
    count = await page.tutor.messages.count()
    await lesson.tutor_confirms()
    await expect(page.tutor.message(request_id)).to_contain_text(f"✅ {lesson.words['confirmed']}")
    await expect(page.tutor.messages).to_have_count(count)
    await lesson.time_goes_by()
    await expect(page.tutor.messages).to_have_count(count + 3)


@pytest.mark.parametrize("language", ["en"], indirect=True)
async def test_a_lesson_is_booked_moved_and_called_off_and_a_reload_on_the_way_keeps_everything(
    page: SandboxPage, language: str
) -> None:
    lesson = FirstLesson(page, language)
    await lesson.begin()
    await lesson.tutor_comes_in()
    await lesson.student_opens_the_link()
    await lesson.student_finds_a_day()
    chats = [await phone.messages.all_inner_texts() for phone in (page.student, page.tutor)]
    await page.page.reload()
    await page.student.sees(lesson.words["day"])
    assert [await phone.messages.all_inner_texts() for phone in (page.student, page.tutor)] == chats
    await lesson.student_asks()
    await lesson.tutor_confirms()
    await lesson.student_moves()
    await lesson.student_will_be_there()
    await lesson.student_cancels()


@pytest.mark.parametrize("language", ["uk"], indirect=True)
async def test_one_phone_at_a_time_serves_a_narrow_window(page: SandboxPage, language: str) -> None:
    lesson = FirstLesson(page, language)
    await lesson.begin()
    await page.page.set_viewport_size(NARROW)
    await expect(page.tutor.element).to_be_hidden()
    await page.page.locator(".tabs button").last.click()
    await expect(page.student.element).to_be_hidden()
    await lesson.tutor_comes_in()
    width = await page.page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"]


@pytest.mark.parametrize("language", ["en"], indirect=True)
async def test_buttons_and_fields_can_be_told_apart_without_seeing_them(page: SandboxPage, language: str) -> None:
    lesson = FirstLesson(page, language)
    await lesson.begin()
    await lesson.tutor_comes_in()
    nameless = await page.page.evaluate(NAMELESS)
    assert nameless == []


NAMELESS = """
() => [...document.querySelectorAll("button, a, input, textarea, select, [role=button]")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.getAttribute("aria-label") || one.title || one.textContent.trim() || one.labels?.length))
  .map((one) => one.outerHTML)
"""
