"""A lesson goes into the calendar of one's phone, and stays one entry there."""

from typing import Any

from icalendar import Calendar

from tests.bot.conversations.test_cancel import WORDS, agreed
from tests.stage import Player, Stage, bilingual

W = {
    "uk": {
        "take": "📆 У мій календар",
        "open": "Відкрийте файл",
        "off": "Заняття скасовано. Відкрийте файл",
        "summary": "Заняття: Олена",
        "for tutors": "Заняття: Іра",
        "lesson": "📄 Деталі",
        "move": "Перенести",
        "surely": "✅ Перенести",
        "google": "📆 Google Календар",
    },
    "en": {
        "take": "📆 To my calendar",
        "open": "Open the file",
        "off": "The lesson is off: open the file",
        "summary": "Lesson with Олена",
        "for tutors": "Lesson with Іра",
        "lesson": "📄 The lesson",
        "move": "Move",
        "surely": "✅ Move it",
        "google": "📆 Google Calendar",
    },
}


def event(player: Player) -> Any:
    """What the newest message's file holds."""
    sent = player.screen["document"]
    assert sent["file_name"] == "lesson.ics"
    content = player.stage.sandbox.files.get(sent["file_unique_id"])
    [read] = Calendar.from_ical(content).walk("VEVENT")
    return read


@bilingual
async def test_each_takes_the_lesson_in_their_own_words_and_the_card_stays(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await agreed(stage, language)
    card, told = ira.screen["message_id"], len(ira.messages)
    await ira.taps(w["take"])
    assert w["open"] in ira.sees
    assert event(ira)["summary"] == w["summary"]
    assert ira.screen["message_id"] != card
    google = ira.screen["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert "dates=20261125T100000Z%2F20261125T110000Z" in google
    await ira.taps(w["lesson"])
    assert w["take"] in ira.buttons
    assert len(ira.messages) == told + 2
    await olena.says("/lessons")
    await olena.taps("12:00", w["take"])
    assert event(olena)["summary"] == w["for tutors"]


@bilingual
async def test_a_moved_and_then_cancelled_lesson_is_the_same_entry(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await agreed(stage, language)
    take = ira.data(w["take"])
    await ira.taps(w["take"])
    before = event(ira)
    await olena.says("/lessons")
    await olena.taps("12:00", w["move"], "26", "13:00", w["surely"])
    await ira.forges(take)
    moved = event(ira)
    assert (moved["uid"], moved["sequence"]) == (before["uid"], before["sequence"] + 1)
    assert moved.start > before.start
    await ira.says("/lessons")
    *_, cancel, surely = WORDS[language]
    await ira.taps("13:00", "👍")
    take = ira.data(w["take"])
    await ira.taps(cancel, surely)
    assert w["take"] not in ira.buttons
    await ira.forges(take)
    assert w["off"] in ira.sees
    assert (event(ira)["uid"], event(ira)["sequence"]) == (before["uid"], moved["sequence"] + 1)
    assert w["google"] not in ira.buttons


@bilingual
async def test_nobody_takes_the_lesson_of_others(stage: Stage, language: str) -> None:
    olena, ira = await agreed(stage, language)
    max_ = await stage.student("Макс", of=olena, language=language)
    sees = max_.sees
    await max_.forges(ira.data(W[language]["take"]))
    assert max_.toast
    assert max_.sees == sees
