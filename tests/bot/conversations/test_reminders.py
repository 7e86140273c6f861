"""Everybody is reminded when they want to be, and left alone at night."""

from tests.bot.conversations.test_cancel import agreed
from tests.stage import Stage, bilingual, in_both

W = {
    "uk": {
        "reminders": "🔔 Нагадування",
        "usual": "Нагадую про кожне заняття за 24 год, 1 год, 15 хв.",
        "3 h": "3 год",
        "1 h": "✓ 1 год",
        "typed": "45 хв",
        "chosen": "за 24 год, 3 год, 45 хв, 15 хв.",
        "gibberish": "від 5 хв до 14 днів",
        "none": "🔕 Без нагадувань",
        "silence": "перед заняттями я не пишу",
        "as usual": "↩️ Як зазвичай",
        "full": "щонайбільше 6 нагадувань",
        "quiet": "🌙 Тихі години",
        "hours": "Тихі години: 22:00–08:00 (час: Київ)",
        "never": "🔈 Без тихих годин",
        "no hours": "Тихі години: немає",
        "switches": ["1 тиждень", "2 дні", "✓ 24 год", "12 год", "3 год", "✓ 1 год", "30 хв", "✓ 15 хв", "5 хв"],
        "ahead": "через 14 годин",
        "settings": "‹ Налаштування",
        "confirm": "Підтвердити",
    },
    "en": {
        "reminders": "🔔 Reminders",
        "usual": "I remind you of each lesson 24 h, 1 h, 15 min before.",
        "3 h": "3 h",
        "1 h": "✓ 1 h",
        "typed": "45 min",
        "chosen": "24 h, 3 h, 45 min, 15 min before.",
        "gibberish": "from 5 min to 14 days",
        "none": "🔕 No reminders",
        "silence": "I don't write before lessons",
        "as usual": "↩️ As usual",
        "full": "room for 6 reminders",
        "quiet": "🌙 Quiet hours",
        "hours": "Quiet hours: 22:00–08:00 (Kyiv time)",
        "never": "🔈 No quiet hours",
        "no hours": "Quiet hours: none",
        "switches": ["1 week", "2 days", "✓ 24 h", "12 h", "3 h", "✓ 1 h", "30 min", "✓ 15 min", "5 min"],
        "ahead": "in 14 hours",
        "settings": "‹ Settings",
        "confirm": "Confirm",
    },
}


@bilingual
async def test_a_student_chooses_when_to_be_reminded_and_the_tutor_keeps_theirs(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await agreed(stage, language)
    await ira.says("/settings")
    await ira.taps(w["reminders"])
    assert w["usual"] in ira.sees
    assert ira.buttons[:9] == w["switches"]
    await ira.taps(w["3 h"], w["1 h"])
    await ira.says(w["typed"])
    assert w["chosen"] in ira.sees
    told = [len(player.messages) for player in (ira, olena)]
    for hours in (26, 21, 2, 0.25):
        await stage.passes(hours=hours)
    assert [len(player.messages) for player in (ira, olena)] == [told[0] + 3, told[1] + 2]


@bilingual
async def test_whoever_wants_none_hears_of_changes_only(stage: Stage, language: str) -> None:
    w = W[language]
    _, ira = await agreed(stage, language)
    await ira.says("/settings")
    await ira.taps(w["reminders"], w["none"])
    assert w["silence"] in ira.sees
    heard = len(ira.heard)
    await stage.passes(hours=26)
    assert len(ira.heard) == heard
    await ira.taps(w["as usual"])
    assert w["usual"] in ira.sees
    assert w["as usual"] not in ira.buttons


@bilingual
async def test_what_can_not_be_a_distance_is_said_so(stage: Stage, language: str) -> None:
    w = W[language]
    olena = await stage.tutor(language=language, city="Kyiv")
    await olena.says("/settings")
    await olena.taps("🙋", w["reminders"])
    for typed in ("???", "2 min", "15 days", "9" * 30):
        await olena.says(typed)
        assert w["gibberish"] in olena.sees
    for typed in ("10", "20", "25"):
        await olena.says(typed)
    await olena.says("26")
    assert w["full"] in olena.sees
    await olena.taps(w["3 h"])
    assert w["full"] in olena.toast
    await olena.forges("1:rw:zzzzzzzzz:1")
    assert w["gibberish"] in olena.toast
    await olena.taps(w["settings"])
    assert w["reminders"] in olena.buttons
    assert "🙋" in olena.sees


@bilingual
async def test_a_reminder_does_not_come_at_night(stage: Stage, language: str) -> None:
    w = W[language]
    _, ira = await agreed(stage, language)
    await ira.says("/settings")
    await ira.taps(w["reminders"])
    await ira.says("5 h")
    await ira.taps(w["quiet"], "22:00", "08:00")
    assert w["hours"] in ira.sees
    heard = len(ira.heard)
    await stage.passes(hours=26)
    await stage.passes(hours=9, minutes=59)
    assert len(ira.heard) == heard + 1
    await stage.passes(minutes=1)
    assert w["ahead"] in ira.sees
    await ira.says("/settings")
    await ira.taps(w["reminders"], w["quiet"], w["never"])
    assert w["no hours"] in ira.sees


@in_both(from_=("12:00", "12:00"))
async def test_quiet_hours_do_not_begin_when_they_end(stage: Stage, language: str, from_: str) -> None:
    w = W[language]
    olena = await stage.tutor(language=language, city="Kyiv")
    await olena.says("/settings")
    await olena.taps("🙋", w["reminders"], w["quiet"], from_)
    assert from_ not in olena.buttons
    forged = olena.data("13:00").rpartition(":")
    await olena.forges(f"{forged[0]}:{forged[0].rpartition(':')[2]}")
    assert olena.toast
    await olena.says("/settings")
    await olena.taps("🙋", w["reminders"])
    assert w["no hours"] in olena.sees
