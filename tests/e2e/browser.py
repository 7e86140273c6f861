"""The sandbox's page under a person's hands."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
    expect,
)

PATIENCE = 10_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
LOCALES = {"uk": "uk-UA", "en": "en-GB"}
WIDE: Final[ViewportSize] = {"width": 1280, "height": 800}
NARROW: Final[ViewportSize] = {"width": 400, "height": 800}

expect.set_options(timeout=PATIENCE)


def found_chromium() -> str | None:
    """The machine's own: nothing is downloaded."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@asynccontextmanager
async def open_browser(playwright: Playwright, executable: str) -> AsyncIterator[Browser]:
    browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
    try:
        yield browser
    finally:
        await browser.close()


@asynccontextmanager
async def open_page(browser: Browser, address: str, *, language: str, **options: Any) -> AsyncIterator["SandboxPage"]:
    """Open it as somebody in Kyiv whose browser speaks this language."""
    in_kyiv = {"locale": LOCALES[language], "timezone_id": "Europe/Kyiv", "viewport": WIDE, "reduced_motion": "reduce"}
    context = await browser.new_context(base_url=address, **in_kyiv | options)
    context.set_default_timeout(PATIENCE)
    try:
        page = SandboxPage(await context.new_page())
        await page.page.goto("/")
        yield page
    finally:
        await context.close()


@dataclass
class Troubles:
    """What a person who opens the developer tools would see in red."""

    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"page: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # The stream of events ends with its page
        if not (request.url.endswith("/sandbox/events") and request.failure == "net::ERR_ABORTED"):
            self.seen.append(f"failed: {request.method} {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.seen.append(f"{response.status}: {response.request.method} {response.url}")


class Phone:
    """One of the two phones. A button is found by its label, on the newest message that has it."""

    def __init__(self, page: Page, side: str) -> None:
        self.page = page
        self.element = page.locator(f"section.phone[data-side={side}]")

    async def speaks(self, language: str) -> None:
        """Choose Telegram's language on this phone."""
        choice = self.element.locator(f"[data-language={language}]")
        await choice.click()
        await expect(choice).to_have_attribute("aria-pressed", "true")

    async def starts(self) -> None:
        await self.element.locator(".big-button").click()

    async def says(self, text: str) -> None:
        field = self.element.get_by_label("Message", exact=True)
        await field.fill(text)
        await field.press("Enter")

    async def taps(self, *labels: str) -> None:
        """Tap one after the other, each once it is there."""
        for label in labels:
            await self.button(label).click()

    async def opens_link_as(self, name: str) -> None:
        await self.element.locator(".text a").last.click()
        await self.page.get_by_role("menuitem", name=name).click()

    async def sees(self, *words: str) -> None:
        for each in words:
            await expect(self.newest).to_contain_text(each)

    async def sees_toast(self, words: str) -> None:
        await expect(self.element.locator(".toast")).to_have_text(words)

    async def has_seen(self, words: str) -> None:
        """Somewhere in the chat, in one message only."""
        await expect(self.messages.filter(has_text=words)).to_have_count(1)

    @property
    def messages(self) -> Locator:
        return self.element.locator(".message")

    @property
    def newest(self) -> Locator:
        return self.element.locator(".message.in").last

    def message(self, message_id: str | None) -> Locator:
        return self.element.locator(f'.message[data-message-id="{message_id}"]')

    def button(self, label: str) -> Locator:
        wanted = re.compile(rf"^{label}$") if label.isdigit() else label
        return self.element.locator(".inline-button").filter(has_text=wanted).last


class SandboxPage:
    """The student's phone is on the left, the tutor's on the right."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.student = Phone(page, "left")
        self.tutor = Phone(page, "right")
        self.troubles = Troubles()
        self.troubles.watch(page)

    async def advances(self, *, days: int = 0, hours: int = 0) -> None:
        """Press the clock's buttons; the bot does on the way what it had planned."""
        for seconds, times in ((86_400, days), (3600, hours)):
            for _ in range(times):
                async with self.page.expect_response("**/sandbox/clock"):
                    await self.page.locator(f'[data-advance="{seconds}"]').click()

    async def set_clock(self, now: str) -> None:
        answer = await self.page.request.post("/sandbox/clock", data={"now": now})
        assert answer.ok, await answer.text()
