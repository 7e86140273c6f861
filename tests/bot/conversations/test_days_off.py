"""A tutor takes days off: by taps and words, with the lessons that stand in the way."""

from sqlalchemy import update

from db.models.person import Person
from tests.stage import Player, Stage, in_both


async def takes_off(olena: Player, *taps: str) -> None:
    await olena.says("/exceptions")
    await olena.taps(*taps)


async def a_lesson_on_wednesday(stage: Stage, olena: Player, hour: str = "12:00", name: str = "Іра") -> Player:
    ira = await stage.student(name, of=olena)
    await ira.taps("Вибрати час", "25", hour, "Надіслати запит")
    return ira


def free_days(ira: Player) -> list[str]:
    return [label for label in ira.buttons if label.isdigit()]


@in_both(
    taps=(("Вихідний", "Відпустка", "25", "27", "Увесь день"), ("Day off", "Vacation", "25", "27", "All day")),
    said=(
        "Відпустка\n25 листопада 2026 р. – 27 листопада",
        "Vacation\n25 November 2026 – 27 November 2026, all day",
    ),
)
async def test_a_vacation_is_taken_off_by_taps(stage: Stage, language: str, taps: tuple[str, ...], said: str) -> None:
    olena = await stage.tutor(language=language, city="Kyiv")
    ira = await stage.student(of=olena)
    await takes_off(olena, *taps)
    assert said in olena.sees
    await ira.taps("Вибрати час")
    assert free_days(ira) == ["23", "24", "28", "29", "30"]
    await olena.taps({"uk": "‹ Вихідні", "en": "‹ Days off"}[language])
    assert {"uk": "🏖 ср, 25 лист. – пт, 27 лист.", "en": "🏖 Wed 25 Nov – Fri 27 Nov"}[language] in olena.buttons


async def test_a_single_day_is_one_tap_less_to_think_about(stage: Stage) -> None:
    olena = await stage.tutor()
    await takes_off(olena, "Вихідний", "Вихідний", "25", "Лише цей день", "Увесь день", "‹ Вихідні")
    assert "🌙 ср, 25 лист." in olena.buttons


async def test_days_before_today_are_not_offered(stage: Stage) -> None:
    olena = await stage.tutor()
    await takes_off(olena, "Вихідний", "Хвороба")
    assert free_days(olena) == [str(day) for day in range(23, 31)]
    assert "Грудень 2026 ›" in olena.buttons
    await olena.taps("Грудень", "3")
    assert free_days(olena) == [str(day) for day in range(4, 32)]
    assert "[3]" in olena.buttons


async def test_some_hours_are_off_by_taps_or_typed(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await takes_off(olena, "Вихідний", "Інше", "25", "Лише цей день", "Лише кілька годин", ":30", "09:30", "15:00")
    assert "25 листопада 2026 р., 09:30–15:00" in olena.sees
    await takes_off(olena, "Вихідний", "Інше", "26", "Лише цей день")
    await olena.says("12-15")
    assert "26 листопада 2026 р., 12:00–15:00" in olena.sees
    await ira.taps("Вибрати час", "25")
    assert [label for label in ira.buttons if label[:2].isdigit()][:2] == ["15:00", "16:00"]
    await ira.taps("чт, 26 лист")
    assert [label for label in ira.buttons if label[:2].isdigit()][:5] == ["09:00", "10:00", "11:00", "15:00", "16:00"]


async def test_hours_not_understood_are_pointed_at_and_asked_again(stage: Stage) -> None:
    olena = await stage.tutor()
    await takes_off(olena, "Вихідний", "Інше", "25", "Лише цей день")
    await olena.says("опівдні до вечора")
    assert "вечора" in olena.sees
    await olena.says("12-15, 16-17")
    assert [label for label in olena.buttons if "25 лист" in label] == [
        "📌 ср, 25 лист., 12:00–15:00",
        "📌 ср, 25 лист., 16:00–17:00",
    ]


async def test_other_hours_are_taught_instead_of_the_weekly_ones(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon-Fri 9-17")
    ira = await stage.student(of=olena)
    await takes_off(olena, "Інші години", "28", "Лише цей день")
    await olena.says("10-12")
    assert "Інші години\n28 листопада 2026 р., 10:00–12:00" in olena.sees
    await ira.taps("Вибрати час", "28")
    assert [label for label in ira.buttons if label[:2].isdigit()][:2] == ["10:00", "11:00"]


async def test_a_day_off_is_removed_after_a_question(stage: Stage) -> None:
    olena = await stage.tutor()
    await takes_off(olena, "Вихідний", "Хвороба", "25", "Лише цей день", "Увесь день", "Прибрати", "Ні, залишити")
    await olena.taps("Прибрати", "Так, прибрати")
    assert olena.toast == "Прибрано"
    assert "Попереду жодного" in olena.sees


async def test_a_lesson_in_the_way_stands_until_the_tutor_decides(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await a_lesson_on_wednesday(stage, olena)
    told = len(ira.heard)
    await takes_off(olena, "Вихідний", "Хвороба", "25", "Лише цей день", "Увесь день")
    assert "На цей час є 1 заняття. Воно в силі" in olena.sees
    await olena.taps("Заняття · 1", "Іра", "👌 Лишити", "👌 Лишити")
    assert len(ira.heard) == told
    await olena.taps("‹ Вихідні")
    assert "🤒 ср, 25 лист. · ⚠️ 1" in olena.buttons


async def test_a_lesson_in_the_way_is_cancelled_in_the_tutors_words(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await a_lesson_on_wednesday(stage, olena)
    await takes_off(olena, "Вихідний", "Хвороба", "25", "Лише цей день", "Увесь день")
    await olena.says("Застудилася <3")
    assert "«Застудилася <3»" in olena.sees
    await olena.taps("Заняття · 1", "Іра")
    assert "учень прочитає: «Застудилася <3»" in olena.sees
    await olena.taps("Скасувати заняття")
    assert olena.toast == "Скасовано"
    assert "скасовано викладачем" in ira.sees
    assert "Застудилася <3" in ira.sees
    assert "На цей час" not in olena.sees


async def test_a_student_is_asked_to_pick_another_time_and_the_lesson_stands(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await a_lesson_on_wednesday(stage, olena)
    await takes_off(olena, "Вихідний", "Хвороба", "25", "Лише цей день", "Увесь день", "Заняття · 1", "Іра")
    await olena.taps("Просити перенести")
    assert olena.toast == "Учневі надіслано прохання"
    assert "✉️ ср, 25 лист., 12:00 · Іра" in olena.buttons
    assert "будь ласка, виберіть інший час" in ira.sees
    await ira.taps("Вибрати інший час", "26", "13:00")
    assert "чт, 26 лист., 13:00" in ira.sees
    await ira.says("/lessons")
    assert "ср, 25 лист., 12:00" in " ".join(ira.buttons)


@in_both(
    take=(
        ("Вихідний", "Хвороба", "25", "Лише цей день", "Увесь день"),
        ("Day off", "Sick leave", "25", "Only this day", "All day"),
    ),
    cancel_all=("Скасувати всі", "Cancel all"),
    ask=("Скасувати 2 заняття?", "Cancel 2 lessons?"),
    yes=("Так", "Yes"),
)
async def test_all_are_cancelled_at_once_after_a_question(
    stage: Stage, language: str, take: tuple[str, ...], cancel_all: str, ask: str, yes: str
) -> None:
    olena = await stage.tutor(language=language, city="Kyiv")
    students = [
        await a_lesson_on_wednesday(stage, olena, hour, name) for hour, name in (("12:00", "І"), ("13:00", "М"))
    ]
    await takes_off(olena, *take, "· 2", cancel_all)
    assert ask in olena.sees
    await olena.taps(yes)
    assert all("скасовано викладачем" in student.sees for student in students)
    assert {"uk": "Я хворію.", "en": "I am ill."}[language] in students[0].sees


async def test_one_who_books_meanwhile_is_not_cancelled_unasked(stage: Stage) -> None:
    olena = await stage.tutor()
    await a_lesson_on_wednesday(stage, olena)
    await takes_off(olena, "Інші години", "25", "Лише цей день")
    await olena.says("14-17")
    await olena.taps("Заняття · 1", "Скасувати всі")
    answer = olena.data("Так, скасувати")
    max_ = await stage.student("Макс", of=olena)
    await max_.taps("Вибрати час", "25", "14:00", "Надіслати запит")
    await olena.forges(answer.removesuffix("1") + "2")
    assert "Скасувати 1 заняття?" in olena.sees
    assert "скасував" not in max_.sees


async def test_a_tutor_on_a_journey_reads_whose_clock_it_is(stage: Stage) -> None:
    olena = await stage.tutor()
    await takes_off(olena, "Вихідний", "Інше", "25", "Лише цей день")
    await olena.says("12-15")
    assert "час: Київ" not in olena.sees
    async with stage.core.begin() as work:
        await work.session.execute(update(Person).values(timezone="America/New_York"))
    await olena.taps("‹ Вихідні", "12:00–15:00")
    assert "12:00–15:00\nчас: Київ" in olena.sees


async def test_public_holidays_are_taken_off_by_a_tap(stage: Stage) -> None:
    olena = await stage.tutor()
    await takes_off(olena, "Державні свята")
    assert "Державні свята · Україна" in olena.sees
    await olena.taps("Різдво Христове")
    assert "✅ пт, 25 груд. · Різдво Христове" in olena.buttons
    await olena.taps("Усі – вихідні")
    assert not [label for label in olena.buttons if label.startswith("пт") and "✅" not in label]
    assert "🎉 Усі – вихідні" not in olena.buttons
    await olena.taps("‹ Вихідні")
    assert olena.buttons[0] == "🎉 пт, 25 груд."


async def test_holidays_of_another_country_are_tapped_or_typed(stage: Stage) -> None:
    olena = await stage.tutor(language="en", city="Kyiv")
    await takes_off(olena, "Public holidays", "Other country", "Poland")
    assert "Public holidays · Poland" in olena.sees
    await olena.taps("Other country")
    await olena.says("Ґондор")
    assert "I know no holidays of “Ґондор”" in olena.sees
    await olena.says("ukraine")
    assert "Fri 25 Dec · Christmas Day" in olena.buttons


async def test_a_student_has_no_days_off(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    await ira.says("/exceptions")
    assert "Це для викладачів" in ira.sees
