"""The README's pictures, taken from the page: python -m tests.e2e.shots docs/pictures"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.browser import SandboxPage, found_chromium, open_browser, open_page
from tests.e2e.lesson import MONDAY, FirstLesson
from tests.e2e.processes import Tutorbot

WIDE = {"viewport": {"width": 1180, "height": 784}}
STUDENT_ALONE = {"viewport": {"width": 1180, "height": 900}, "device_scale_factor": 1.5}
FIRST_MONDAY = "2026-11-02T08:00:00Z"


@dataclass(frozen=True)
class Picture:
    """What is played, and the part of the page that is taken."""

    name: str
    play: Callable[[FirstLesson], Awaitable[None]]
    language: str = "en"
    look: str = "light"
    shown: str = "body"
    window: dict[str, Any] = field(default_factory=lambda: WIDE)


async def main(folder: Path) -> None:
    executable = found_chromium()
    if executable is None:
        sys.exit("no Chromium found")
    async with async_playwright() as playwright, open_browser(playwright, executable) as browser:
        for picture in PICTURES:
            async with _opened(browser, picture) as page:
                await picture.play(FirstLesson(page, picture.language))
                taken = await _taken(page, picture.shown, folder / picture.name)
                print(f"{picture.name}  {taken // 1000} kB")


@asynccontextmanager
async def _opened(browser: Browser, picture: Picture) -> AsyncIterator[SandboxPage]:
    """A sandbox of its own for each picture; the browser lives on the same Monday."""
    with tempfile.TemporaryDirectory() as folder:
        tutorbot = Tutorbot(Path(folder))
        options = {"color_scheme": picture.look, **picture.window}
        try:
            address = await tutorbot.start(port=0)
            async with open_page(browser, address, language=picture.language, **options) as page:
                await page.page.clock.set_system_time(datetime.fromisoformat(MONDAY))
                await page.page.reload()
                await page.page.locator(".guide button").click()
                yield page
        finally:
            await tutorbot.kill_all()


async def _taken(page: SandboxPage, shown: str, path: Path) -> int:
    """Take it without what passes, a toast or the colour under the mouse; return its size."""
    await page.page.mouse.move(0, 0)
    await expect(page.page.locator(".toast")).to_have_count(0)
    return len(await page.page.locator(shown).screenshot(path=path, animations="disabled"))


async def calendar(lesson: FirstLesson) -> None:
    await lesson.begin(FIRST_MONDAY)
    await lesson.tutor_comes_in()
    await lesson.student_opens_the_link()
    await lesson.student.taps(lesson.words["city"], lesson.words["pick"])
    await lesson.student.button("25").wait_for()


async def reminders(lesson: FirstLesson) -> None:
    await lesson.agreed()
    await lesson.time_goes_by()


async def month(lesson: FirstLesson) -> None:
    """A tutor's, with lessons on several days."""
    await lesson.agreed()
    for day, hour in (("24", "10:00"), ("24", "16:00"), ("26", "9:00"), ("27", "17:00"), ("30", "11:00")):
        await lesson.student.says("/book")
        await lesson.student.taps(day, hour, lesson.words["ask"])
        await lesson.student.sees(lesson.words["asked"])
        await lesson.tutor.sees(lesson.words["request"], f"{day} Nov, {hour.zfill(5)}")
        if day != "27":
            await lesson.tutor.taps(lesson.words["confirm"])
            await lesson.tutor.sees(f"✅ {lesson.words['confirmed']}")
    await lesson.tutor.says("/calendar")
    await lesson.tutor.button("📋 Week").wait_for()


async def week(lesson: FirstLesson) -> None:
    await month(lesson)
    await lesson.tutor.taps("📋 Week", "🖼 Picture")
    await lesson.tutor.button("As text").wait_for()


PICTURES = (
    Picture("first-lesson-en.png", FirstLesson.agreed),
    Picture("first-lesson-uk.png", FirstLesson.agreed, language="uk"),
    Picture("calendar.png", calendar, shown="section.phone[data-side=left]", window=STUDENT_ALONE),
    Picture("month.png", month, shown="section.phone[data-side=right]", window=STUDENT_ALONE),
    Picture("week.png", week, shown="section.phone[data-side=right]", window=STUDENT_ALONE),
    Picture("dark.png", FirstLesson.agreed, look="dark"),
    Picture("reminders.png", reminders),
)

if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
