"""One's lessons leave for a calendar kept elsewhere."""

from dataclasses import replace

from icalendar import Calendar

from bot.conversations.export.taps import TakeLessons
from bot.talk.context import RESOURCES
from bot.talk.taps import LARGEST, pack
from tests.bot.conversations.test_cancel import agreed
from tests.stage import Stage, bilingual

W = {
    "uk": {
        "weeks": "чотири тижні",
        "last": "За 90 днів",
        "one": "1 заняття",
        "none": "занять немає",
        "follow": "Підписатися",
        "alarm": "Нагадувати",
        "replace": "Замінити",
        "yes": "Так, створити",
        "stop": "Припинити",
        "back": "Назад",
    },
    "en": {
        "weeks": "four weeks",
        "last": "last 90 days",
        "one": "1 lesson",
        "none": "no lessons",
        "follow": "Follow an address",
        "alarm": "With an alarm",
        "replace": "Replace",
        "yes": "Yes, a new one",
        "stop": "Stop",
        "back": "Back",
    },
}
WEB = "https://book.example.org"


@bilingual
async def test_a_file_holds_the_lessons_of_the_span(stage: Stage, language: str) -> None:
    w = W[language]
    _, ira = await agreed(stage, language)
    await ira.says("/export")
    assert not [label for label in ira.buttons if w["follow"] in label], "nothing is served: there is no address"
    await ira.taps(w["weeks"])
    assert w["one"] in ira.sees
    sent = ira.screen["document"]
    content = stage.sandbox.files.get(sent["file_unique_id"])
    assert len(Calendar.from_ical(content).walk("VEVENT")) == 1
    await ira.taps(w["back"], w["last"])
    assert w["none"] in ira.sees
    await ira.forges(pack(TakeLessons(LARGEST, False)))
    assert w["one"] in ira.sees, "no calendar reaches that far"


@bilingual
async def test_an_address_is_given_replaced_and_stopped(stage: Stage, language: str) -> None:
    w = W[language]
    stage.application.bot_data[RESOURCES] = replace(stage.application.bot_data[RESOURCES], web_address=WEB)
    _, ira = await agreed(stage, language)
    await ira.says("/export")
    await ira.taps(w["follow"])
    first = address_in(ira.sees)
    await ira.taps(w["alarm"])
    assert address_in(ira.sees) == f"{first}?alarm=15"
    await ira.taps(w["replace"], w["yes"])
    second = address_in(ira.sees)
    assert second != first
    await ira.taps(w["stop"])
    await ira.taps(w["follow"])
    assert address_in(ira.sees) not in (first, second)


def address_in(text: str) -> str:
    return next(word for word in text.split() if word.startswith(WEB))
