"""A tutor's other calendars block times, and nothing happens to a lesson behind the tutor's back."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.settings import FeedSettings, Settings
from core.startup import Core
from tests.bot.calendars.test_fetch import SECRET, serving
from tests.conftest import FrozenClock
from tests.core.calendars.test_busy_times import calendar
from tests.stage import Stage, bilingual

W = {
    "uk": {
        "calendars": "📥 Інші календарі",
        "add": "➕ Додати календар",
        "no address": "Це не адреса календаря",
        "taken": "Робота: календар додано.",
        "one": "Попереду 1 зайнятий проміжок",
        "two": "Попереду 2 зайняті проміжки",
        "conflict": "За іншим календарем ви тоді зайняті",
        "why": "📥 Робота: Зубний, 10:00–11:00",
        "deeds": ["🔁 Перенести", "❌ Скасувати заняття"],
        "in the way": "⚠️ Заважають заняття · 1",
        "failed": "Більше не можу прочитати ваш календар Робота",
        "fault": "помилка 500",
        "feed": "⚠️ Робота",
        "read": "🔄 Прочитати зараз",
        "remove": ("❌ Прибрати", "Так, прибрати"),
        "offer": "Заблокувати час його подій?",
        "take": "📥 Додати",
        "unread": "1 подію не вдалося прочитати",
        "no calendar": "Це не календар",
        "large": "Календар завеликий: я читаю до 5 МБ",
        "tutors only": "Це для викладачів",
        "buttons": "простіше кнопками",
    },
    "en": {
        "calendars": "📥 Other calendars",
        "add": "➕ Add a calendar",
        "no address": "That is no address of a calendar",
        "taken": "Робота is taken in.",
        "one": "1 busy time ahead",
        "two": "2 busy times ahead",
        "conflict": "Another calendar says that you are busy then",
        "why": "📥 Робота: Зубний, 10:00–11:00",
        "deeds": ["🔁 Move", "❌ Cancel the lesson"],
        "in the way": "⚠️ Lessons in the way · 1",
        "failed": "I can't read your calendar Робота any more",
        "fault": "error 500",
        "feed": "⚠️ Робота",
        "read": "🔄 Read now",
        "remove": ("❌ Remove", "Yes, remove"),
        "offer": "Shall its events block your times?",
        "take": "📥 Take it in",
        "unread": "1 event could not be read",
        "no calendar": "That is no calendar",
        "large": "This calendar is too large: I read up to 5 MB",
        "tutors only": "That is for tutors",
        "buttons": "I work by buttons",
    },
}
AT_TEN, AT_NOON = "DTSTART:20261124T100000\nDURATION:PT1H", "DTSTART:20261124T120000\nDURATION:PT1H"


def work(*events: str) -> bytes:
    told = calendar(*(f"UID:{n}\n{event}" for n, event in enumerate(events)), before="X-WR-CALNAME:Робота\n")
    return told.decode().replace("Busy", "Зубний").encode()


class Elsewhere:
    """A server that people keep their calendar on."""

    def __init__(self) -> None:
        self.content, self.status = work(AT_NOON), 200

    async def answer(self, _: web.Request) -> web.Response:
        return web.Response(body=self.content, status=self.status)


@pytest.fixture
async def open_stage(core: Core, clock: FrozenClock) -> AsyncIterator[Stage]:
    """Calendars may be kept on this machine."""
    settings = Settings(_env_file=None, feeds=FeedSettings(allow_private=True))
    async with Stage(core, clock, settings=settings) as stage:
        yield stage


@bilingual
async def test_a_calendar_that_is_followed(open_stage: Stage, language: str) -> None:
    w, elsewhere = W[language], Elsewhere()
    olena = await open_stage.tutor(language=language)
    ira = await open_stage.student(of=olena)
    await ira.taps("Вибрати час", "24", "10:00", "Надіслати запит")
    await olena.taps({"uk": "Підтвердити", "en": "Confirm"}[language])
    async with serving(elsewhere.answer) as address:
        await olena.says("/settings")
        await olena.taps(w["calendars"], w["add"])
        await olena.says("calendar")
        assert w["no address"] in olena.sees
        await olena.says(address)
        assert w["taken"] in olena.sees
        assert w["one"] in olena.sees
        await ira.says("/book")
        await ira.taps("24")
        assert "11:00" in ira.buttons
        assert "12:00" not in ira.buttons

        elsewhere.content = work(AT_NOON, AT_TEN)
        await open_stage.passes(minutes=20)
        assert w["conflict"] in olena.sees
        assert w["why"] in olena.sees
        assert set(w["deeds"]) <= set(olena.buttons)
        await olena.says("/feeds")
        assert w["two"] in olena.sees
        assert "127.0.0.1" in olena.sees
        await olena.taps(w["in the way"])
        assert any("Іра" in label for label in olena.buttons)

        elsewhere.status = 500
        for _ in range(3):
            await open_stage.passes(hours=12)
        assert w["failed"] in olena.sees
        elsewhere.status, elsewhere.content = 200, work()
        await olena.says("/feeds")
        assert w["fault"] in olena.sees
        await olena.taps(w["feed"], w["read"])
        assert w["fault"] not in olena.sees
        await olena.taps(*w["remove"])
        assert SECRET not in "".join(olena.heard)


@bilingual
async def test_a_file_sent_at_any_time(open_stage: Stage, language: str) -> None:
    w = W[language]
    olena = await open_stage.tutor(language=language)
    await olena.sends_file("Робота.ics", work(AT_NOON, "DTSTART:20261124T150000\nDURATION:-PT1H"))
    assert w["offer"] in olena.sees
    await open_stage.restart()
    await olena.taps(w["take"])
    assert w["taken"] in olena.sees
    assert w["unread"] in olena.sees
    await olena.says("/feeds")
    assert w["one"] in olena.sees

    await olena.taps(w["add"])
    await olena.sends_file("Дім.ics", b"<html>")
    assert w["no calendar"] in olena.sees
    await olena.sends_file("Дім.ics", bytes(6 * 1024 * 1024))
    assert w["large"] in olena.sees
    await olena.sends_file("Робота.ics", work(AT_NOON, AT_TEN))
    assert w["two"] in olena.sees, "asked for, it takes the place of the one before without a question"


@bilingual
async def test_a_file_that_is_nobodys_calendar(open_stage: Stage, language: str) -> None:
    w = W[language]
    olena = await open_stage.tutor(language=language)
    ira = await open_stage.student(of=olena, language=language)
    await ira.sends_file("calendar.ics", work(AT_NOON))
    assert w["tutors only"] in ira.sees
    await olena.says("/start")
    await olena.sends_file("notes.pdf", b"%PDF")
    assert w["buttons"] in olena.sees
