"""Olena teaches Ira and learns from Max: one person, both sides everywhere."""

from typing import Any

from tests.stage import Player, Stage, in_both


async def olena_between(stage: Stage, language: str, city: str) -> tuple[Player, Player, Player]:
    olena = await stage.tutor(language=language, city=city)
    max_ = await stage.tutor("Макс", language=language, city=city)
    ira = await stage.student(of=olena, language=language, city=city)
    await olena.opens(await max_.link())
    return olena, max_, ira


UK = {
    "city": "Київ",
    "pick": ("Вибрати час", "25", "12:00", "Надіслати запит"),
    "teach": ("Вибрати час", "24", "12:00", "Надіслати запит"),
    "confirm": "Підтвердити",
    "next": "Наступне заняття: вт, 24 лист., 12:00, 🎒 Іра",
    "book": "📅 Записатися",
    "find": "🔎 Знайти викладача",
    "lessons": ["✅ вт, 24 лист., 12:00 · 🎒 Іра", "✅ ср, 25 лист., 12:00 · 🎓 Макс"],
}
EN = {
    "city": "Kyiv",
    "pick": ("Pick a time", "25", "12:00", "Ask for it"),
    "teach": ("Pick a time", "24", "12:00", "Ask for it"),
    "confirm": "Confirm",
    "next": "Next lesson: Tue 24 Nov, 12:00, 🎒 Іра",
    "book": "📅 Book a lesson",
    "find": "🔎 Find a tutor",
    "lessons": ["✅ Tue 24 Nov, 12:00 · 🎒 Іра", "✅ Wed 25 Nov, 12:00 · 🎓 Макс"],
}


@in_both(said=(UK, EN))
async def test_both_sides_are_told_apart_everywhere(stage: Stage, language: str, said: dict[str, Any]) -> None:
    olena, max_, ira = await olena_between(stage, language, said["city"])
    await olena.taps(*said["pick"])
    await max_.taps(said["confirm"])
    await ira.taps(*said["teach"])
    await olena.taps(said["confirm"])

    await olena.says("/start")
    assert said["next"] in olena.sees
    assert olena.buttons[:2] == [said["book"], said["find"]]
    await olena.says("/lessons")
    assert olena.buttons[:2] == said["lessons"]
    assert said["book"] in olena.buttons
    await olena.taps("Макс")
    assert "🎓 Макс" in olena.sees
    await stage.passes(hours=27)
    assert "🎓 Макс" in olena.sees, "the reminder of the lesson she takes"
    assert "⏰" in olena.sees


@in_both(
    city=("Київ", "Kyiv"),
    pick=(("Вибрати час", "25"), ("Pick a time", "25")),
    ask=(("12:00", "Надіслати запит"), ("12:00", "Ask for it")),
)
async def test_nobody_is_booked_in_two_places_at_once(
    stage: Stage, language: str, city: str, pick: Any, ask: Any
) -> None:
    olena, _, ira = await olena_between(stage, language, city)
    await olena.taps(*pick, *ask)
    await ira.taps(*pick)
    assert "12:00" not in ira.buttons, "she learns then"
    assert "13:00" in ira.buttons


async def test_a_tutor_who_learns_nowhere_is_not_bothered(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/start")
    assert "Записатися" not in " ".join(olena.buttons)
    await olena.says("/lessons")
    assert "Записатися" not in " ".join(olena.buttons)
    await olena.says("/book")
    assert olena.sees


async def test_help_is_for_who_asks(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.says("/help")
    assert "/pending" not in ira.sees
    assert "Оператору" not in ira.sees
    await olena.says("/help")
    assert "/pending" in olena.sees
    assert "/book" in olena.sees
