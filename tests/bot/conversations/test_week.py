"""A tutor's week, by taps and by words."""

import pytest

from core.hours import availability
from core.people import people
from tests.stage import Player, Stage, in_both


async def windows(stage: Stage, olena: Player) -> list[str]:
    async with stage.core.read() as work:
        actor = await people.find(work, olena.id)
        assert actor
        week = await availability.card(work, tutor_id=actor.id)
    return [f"{window.weekday} {window.opens:%H:%M}-{window.closes:%H:%M}" for _, window in week.windows]


async def test_hours_are_added_and_removed_by_taps(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    await olena.taps("Вт", "Додати години", "10:00", "12:00")
    assert olena.toast == "Додано"
    assert await windows(stage, olena) == ["0 09:00-13:00", "1 10:00-12:00"]
    await olena.taps("Тиждень")
    assert "Пн 09:00–13:00\nВт 10:00–12:00" in olena.sees
    await olena.taps("Пн", "09:00–13:00", "Прибрати")
    assert olena.toast == "Прибрано"
    assert "Годин ще немає" in olena.sees
    assert await windows(stage, olena) == ["1 10:00-12:00"]


async def test_hours_until_midnight_close_with_the_day(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    await olena.taps("Пт", "Додати години", "20:00", "24:00")
    assert await windows(stage, olena) == ["0 09:00-13:00", "4 20:00-00:00"]
    assert "20:00–24:00" in " ".join(olena.buttons)


@in_both(
    taps=(("Пн", "Додати години", "12:00", "15:00", "Тиждень"), ("Mon", "Add hours", "12:00", "15:00", "Week")),
    said=("Пн 09:00–15:00", "Mon 09:00–15:00"),
    pick=("Вибрати час", "Pick a time"),
)
async def test_overlapping_hours_by_taps_read_as_one(
    stage: Stage, language: str, taps: tuple[str, ...], said: str, pick: str
) -> None:
    olena = await stage.tutor(weekly="Mon 9-13", language=language)
    await olena.taps(*taps)
    assert said in olena.sees
    ira = await stage.student(of=olena, language=language)
    await ira.taps(pick, "30")
    assert [label for label in ira.buttons if label[:2].isdigit()][:6] == [
        "09:00",
        "10:00",
        "11:00",
        "12:00",
        "13:00",
        "14:00",
    ]


async def test_overlapping_hours_typed_are_joined_and_said_to_be(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13, 12-15; Tue 10-11")
    assert "Збережено" in olena.sees
    assert "об’єднано: Пн 09:00–15:00" in olena.sees
    assert await windows(stage, olena) == ["0 09:00-15:00", "1 10:00-11:00"]


async def test_typed_hours_replace_the_days_they_name_alone(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-17; Sat 9-17, 18-19")
    await olena.says("/availability")
    assert "Інші дні лишаться, як є" in olena.sees
    await olena.says("пн, вт 9-13")
    assert await windows(stage, olena) == ["0 09:00-13:00", "1 09:00-13:00", "5 09:00-17:00", "5 18:00-19:00"]
    await olena.says("сб 10-14")
    assert await windows(stage, olena) == ["0 09:00-13:00", "1 09:00-13:00", "5 10:00-14:00"]


async def test_a_day_typed_as_off_is_closed_and_no_other(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon-Tue 9-13; Sun 9-13")
    await olena.says("нд вихідний")
    assert await windows(stage, olena) == ["0 09:00-13:00", "1 09:00-13:00"]
    await olena.says("Mon off; Tue 10-11")
    assert await windows(stage, olena) == ["1 10:00-11:00"]


async def test_nine_to_five_is_no_night(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9 to 5")
    assert "Пн 09:00–17:00" in olena.sees
    assert await windows(stage, olena) == ["0 09:00-17:00"]


async def test_the_refusal_of_hours_has_the_days_to_tap(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    await olena.says("пн будь-коли")
    assert "Виберіть день" in olena.sees
    await olena.taps("Вт")
    assert "Вівторок" in olena.sees


async def test_a_typed_day_replaces_that_day(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon-Tue 9-17")
    await olena.taps("Вт")
    await olena.says("8-9, 10-11:30")
    assert await windows(stage, olena) == ["0 09:00-17:00", "1 08:00-09:00", "1 10:00-11:30"]
    await olena.says("вихідний")
    assert await windows(stage, olena) == ["0 09:00-17:00"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("пн 9-13, колись 15", "колись"),
        ("пн <b>9-13", "<"),
        ("пн 25-26", "25"),
        ("9-13", "Для якого це дня?"),
        ("пн", "З котрої й до котрої"),
        ("пн 9-9", "одночасно"),
        (".", "немає годин"),
        ("пн 9-13 " * 400, "надто довгий"),
    ],
)
async def test_words_not_understood_are_pointed_at_and_change_nothing(stage: Stage, typed: str, said: str) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    await olena.says(typed)
    assert said in olena.sees
    assert "Ваш розклад не змінено." in olena.sees
    assert await windows(stage, olena) == ["0 09:00-13:00"]
    await olena.says("вт 9-10")
    assert await windows(stage, olena) == ["0 09:00-13:00", "1 09:00-10:00"]


async def test_a_day_not_understood_points_at_the_word_as_typed(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    await olena.taps("Вт")
    await olena.says("9-13 або пізніше")
    assert "9-13 або пізніше" in olena.sees
    assert bold(olena) == ["або"]


def bold(player: Player) -> list[str]:
    """What is emphasised below the headline."""
    entities = [entity for entity in player.screen["entities"] if entity["type"] == "bold"]
    return [player.sees[entity["offset"] : entity["offset"] + entity["length"]] for entity in entities]


@in_both(
    pick=("Вибрати час", "Pick a time"),
    friday=("пт, 27 лист", "Fri 27 Nov"),
    ask=("Надіслати запит", "Ask for it"),
    asked=("пт, 27 лист., 23:00–00:00", "Fri 27 Nov, 23:00–00:00"),
)
async def test_hours_over_midnight_are_booked_on_both_days(
    stage: Stage, language: str, pick: str, friday: str, ask: str, asked: str
) -> None:
    olena = await stage.tutor(weekly="Fri 22-2", language=language)
    assert "22:00–02:00" in olena.sees
    ira = await stage.student(of=olena, language=language)
    await ira.taps(pick, "28")
    assert [label for label in ira.buttons if label[:2].isdigit()][:2] == ["00:00", "01:00"]
    await ira.taps(friday)
    assert [label for label in ira.buttons if label[:2].isdigit()][:2] == ["22:00", "23:00"]
    await ira.taps("23:00", ask)
    assert asked in ira.sees
    assert asked in olena.sees


async def test_a_week_of_too_many_windows_is_refused_whole(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    hours = ", ".join(f"{hour}:{minute:02}-{hour}:{minute + 1:02}" for hour in range(1, 24) for minute in (0, 30))
    await olena.says(f"щодня {hours}")
    assert "У тижні є місце для 200 проміжків. Нічого не змінено." in olena.sees
    assert await windows(stage, olena) == ["0 09:00-13:00"]


async def test_lessons_agreed_stay_when_the_hours_go(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await olena.says("/availability")
    await olena.says("пн-сб вихідний; нд 9-10")
    await olena.taps("Підтвердити")
    assert "підтверджено" in ira.sees


async def test_a_time_withdrawn_meanwhile_is_refused_kindly(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00")
    await olena.says("/availability")
    await olena.says("пн-сб вихідний; нд 9-10")
    await ira.taps("Надіслати запит")
    assert ira.toast == "ср, 25 лист., 12:00 – цього часу вже немає в розкладі. Виберіть інший."


async def test_half_hours_are_one_more_button_away(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    await olena.taps("Вт", "Додати години", ":30", "09:30", ":30", "11:30")
    assert await windows(stage, olena) == ["0 09:00-13:00", "1 09:30-11:30"]
    await olena.taps("Додати години", ":30", ":00", "20:00", ":30", ":00", "24:00")
    assert await windows(stage, olena) == ["0 09:00-13:00", "1 09:30-11:30", "1 20:00-00:00"]


async def test_hours_that_overlap_by_taps_become_one_and_it_is_said(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    await olena.taps("Пн", "Додати години", "12:00", "15:00")
    assert "об’єднано: Пн 09:00–15:00" in olena.sees
    assert await windows(stage, olena) == ["0 09:00-15:00"]


@in_both(to_others=("На інші дні", "To other days"), copy=("Копіювати", "Copy"), days=(("Вт", "Сб"), ("Tue", "Sat")))
async def test_a_day_is_copied_to_other_days(
    stage: Stage, language: str, to_others: str, copy: str, days: tuple[str, str]
) -> None:
    olena = await stage.tutor(weekly="Mon 9-13, 15-19; Tue 8-9", language=language, city="Kyiv")
    await olena.taps({"uk": "Пн", "en": "Mon"}[language], to_others, *days, days[0], days[0], copy)
    assert {"uk": "Пн, вт, сб 09:00–13:00, 15:00–19:00", "en": "Mon, Tue, Sat 09:00"}[language] in olena.sees


async def test_a_summer_schedule_is_a_window_with_two_dates(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13; Tue 9-10")
    await olena.taps("Пн", "09:00–13:00", "Діє з…", "Грудень", "7", "Діє до…", "14")
    assert "Діє з 7 грудня 2026 р. до 14 грудня 2026 р." in olena.sees
    await olena.taps("Понеділок")
    assert "📆 09:00–13:00" in olena.buttons
    await olena.taps("Тиждень")
    assert "\nВт 09:00–10:00\n📆 Пн 09:00–13:00 · з 7 грудня 2026 р. до 14 грудня 2026 р." in olena.sees
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "Грудень")
    assert [label for label in ira.buttons if label.isdigit()] == ["1", "7", "8", "14", "15", "22"]
    await olena.taps("Пн", "09:00–13:00", "Діє з…", "Без початку", "Діє до…", "Без кінця")
    assert "Щотижня." in olena.sees


async def test_the_last_date_is_not_picked_before_the_first(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    await olena.taps("Пн", "09:00–13:00", "Діє з…", "Грудень", "7", "Діє до…")
    assert [label for label in olena.buttons if label.isdigit()] == [str(day) for day in range(7, 32)]
    assert "‹ Листопад 2026" not in olena.buttons


async def test_a_paused_window_is_shown_so_and_not_offered(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon 9-13")
    await olena.taps("Пн", "09:00–13:00", "Призупинити")
    assert olena.toast == "Призупинено"
    assert "не можна записатися" in olena.sees
    await olena.taps("Понеділок", "Тиждень")
    assert "⏸ Пн 09:00–13:00" in olena.sees
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час")
    assert "вільного часу немає" in ira.sees
    await olena.taps("Пн", "⏸ 09:00–13:00", "Відновити")
    await ira.taps("Головна", "Записатися")
    assert "Найближче" in " ".join(ira.buttons)


async def test_hours_over_midnight_are_told_apart(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Fri 22-2, 20-24")
    assert "22:00–02:00 (наступного дня)" not in olena.sees
    await olena.says("пт 22-2; сб 20-24")
    assert "Пт 22:00–02:00 (наступного дня)\nСб 20:00–24:00" in olena.sees
    await olena.taps("Пт")
    assert "22:00–02:00 (наступного дня)" in olena.buttons


@in_both(
    typed=("пн-сб вихідний; нд 9-10", "mon-sat off; sun 9-10"),
    said=(
        "2 заняття тепер поза вашими годинами: вони лишаються в силі",
        "2 lessons are outside your hours now: they stay as booked",
    ),
)
async def test_it_is_said_which_lessons_stay_outside_the_new_hours(
    stage: Stage, language: str, typed: str, said: str
) -> None:
    olena = await stage.tutor(language=language, city="Kyiv")
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит", "Головна")
    await ira.taps("Записатися", "25", "13:00", "Надіслати запит")
    await olena.says("/availability")
    await olena.says(typed)
    assert said in olena.sees


async def test_a_student_has_no_week(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    for command in ("/availability", "/share"):
        await ira.says(command)
        assert "Це для викладачів" in ira.sees
        assert "/settings" in ira.sees
        assert ira.buttons == ["🏠 Головна"]


@in_both(
    day=("Пн", "Mon"),
    add=("Додати години", "Add hours"),
    said=("22:00–02:00 (наступного дня)", "22:00–02:00 (next day)"),
)
async def test_an_evening_goes_on_until_the_morning_by_taps(
    stage: Stage, language: str, day: str, add: str, said: str
) -> None:
    olena = await stage.tutor(weekly="Mon 9-13", language=language, city="Kyiv")
    await olena.taps(day, add, "17:00")
    assert not any("🌙" in label for label in olena.buttons)
    await olena.taps("‹", add, "22:00", "🌙 02:00")
    assert said in olena.buttons
