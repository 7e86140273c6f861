"""A tutor writes lessons down: with students from Telegram and with those who are not."""

from tests.bot.conversations.test_moves import heard
from tests.stage import Player, Stage, bilingual

W = {
    "uk": ("Записати заняття", "✅ Записати", "Вас записано на заняття", "завтра 7:15", "Записано"),
    "en": (
        "Write down a lesson",
        "✅ Write it down",
        "Your tutor wrote down a lesson with you",
        "tomorrow 7:15",
        "Written",
    ),
}


async def begins(olena: Player, language: str = "uk") -> None:
    await olena.says("/lessons")
    await olena.taps(W[language][0])


@bilingual
async def test_a_known_student_is_tapped_and_told(stage: Stage, language: str) -> None:
    _, surely, told, typed, written = W[language]
    olena = await stage.tutor(language=language)
    ira = await stage.student(of=olena, language=language)
    await begins(olena, language)
    await olena.taps("Іра")
    await olena.says(typed)
    assert "07:15–08:15" in olena.sees
    await olena.taps(surely)
    assert written in olena.sees
    assert "07:15–08:15" in heard(ira, told)
    await ira.says("/lessons")
    assert [label for label in ira.buttons if "07:15" in label]


@bilingual
async def test_a_student_says_that_it_was_not_agreed_and_pays_nothing(stage: Stage, language: str) -> None:
    _, surely, told, _, _ = W[language]
    olena = await stage.tutor(language=language)
    ira = await stage.student(of=olena, language=language)
    await begins(olena, language)
    await olena.taps("Іра")
    await olena.says({"uk": "сьогодні 16:00", "en": "today 16:00"}[language])
    await olena.taps(surely)
    assert told in ira.sees
    assert {"uk": "👍 Мені підходить", "en": "👍 That suits me"}[language] in ira.buttons
    await ira.taps({"uk": "👎 Ми не домовлялися", "en": "👎 We did not agree on it"}[language])
    assert {"uk": "Це безкоштовно", "en": "It costs nothing"}[language] in ira.sees
    await ira.taps({"uk": "Так, скасувати", "en": "Yes, cancel it"}[language])
    assert {"uk": "Ви скасували", "en": "You cancelled it"}[language] in ira.sees
    assert {"uk": "оплачується", "en": "charged"}[language] not in ira.sees
    assert {"uk": "ви про це заняття не домовлялися", "en": "did not agree on this lesson"}[language] in olena.sees


@bilingual
async def test_a_name_is_enough_for_who_is_not_in_telegram(stage: Stage, language: str) -> None:
    _, surely, *_ = W[language]
    olena = await stage.tutor(language=language)
    await begins(olena, language)
    await olena.says("Баба Галя <3")
    assert {"·20", "26"} <= set(olena.buttons)  # a day gone by has no free time, and can be tapped
    await olena.taps("26", "15:00", surely)
    assert "Баба Галя <3" in olena.sees
    await begins(olena, language)
    assert "Баба Галя <3 ✍️" in olena.buttons
    await stage.passes(days=4)


async def test_a_lesson_of_last_week_is_written_down_and_held(stage: Stage) -> None:
    olena = await stage.tutor()
    await stage.student(of=olena)
    await begins(olena)
    await olena.taps("Іра")
    await olena.says("16.11 10:00")
    await olena.taps("✅ Записати", "🏁 Відбулося")
    assert "🏁 Відбулося" in olena.sees
    await olena.says("/lessons")
    await olena.taps("Минулі заняття")
    assert [label for label in olena.buttons if "16 лист." in label]


async def test_another_lesson_in_the_way_leads_back_to_the_day(stage: Stage) -> None:
    olena = await stage.tutor()
    for hour in ("15:00", "15:30"):
        await begins(olena)
        await olena.says(f"Учень {hour}")
        await olena.says(f"26.11 {hour}")
        await olena.taps("✅ Записати")
    assert "зайня" in olena.toast
    assert "четвер, 26 листопада" in olena.sees


async def test_long_and_strange_names_pass(stage: Stage) -> None:
    olena = await stage.tutor()
    for name in ("👩‍🏫" * 60, "שלום " * 20, "<b>&amp;" * 200, "н" * 4096):
        await begins(olena)
        await olena.says(name)
        assert "Заняття:" in olena.sees
    await begins(olena)
    assert sum("✍️" in label or "…" in label for label in olena.buttons) >= 4


async def test_a_student_writes_nothing_down(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await begins(olena)
    surely = olena.data("Іра")
    await olena.says("/lessons")
    begin = olena.data("Записати заняття")
    await ira.says("/lessons")
    assert not [label for label in ira.buttons if label.endswith("Записати заняття")]
    told = len(olena.heard)
    for data in (begin, surely):
        await ira.forges(data)
        assert ira.toast
    assert len(olena.heard) == told
