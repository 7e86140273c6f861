"""A tutor's day, time by time: blocked, freed, opened, by taps and words."""

from sqlalchemy import update

from db.models.person import Person
from tests.stage import Player, Stage, in_both


async def looks_at_wednesday(olena: Player) -> None:
    await olena.says("/slots")
    await olena.taps("📅", "25")


def free(player: Player) -> list[str]:
    return [label for label in player.buttons if label.replace(":", "").isdigit()]


@in_both(
    home=("Мій день", "Times"),
    title=("Понеділок, 23 листопада · час: Київ", "Monday, 23 November · Kyiv time"),
    blocked=("Закрито", "Blocked"),
    freed=("Знову вільно", "Free again"),
)
async def test_a_free_time_is_blocked_and_freed_by_a_tap(
    stage: Stage, language: str, home: str, title: str, blocked: str, freed: str
) -> None:
    olena = await stage.tutor(language=language, city="Kyiv")
    ira = await stage.student(of=olena)
    await olena.taps({"uk": "Головна", "en": "Home"}[language], home)
    assert title in olena.sees
    await olena.taps("12:00")
    assert olena.toast == blocked
    assert free(olena) == ["11:00", "13:00", "14:00", "15:00", "16:00"]
    await ira.taps("Вибрати час", "23")
    assert "12:00" not in ira.buttons
    await olena.taps("⛔ 12:00–13:00")
    assert olena.toast == freed
    assert "12:00" in free(olena)


async def test_lessons_stand_among_the_times_and_open(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await looks_at_wednesday(olena)
    assert "⏳ 12:00–13:00 · Іра" in olena.buttons
    await olena.taps("⏳ 12:00–13:00", "Підтвердити")
    await looks_at_wednesday(olena)
    assert "📗 12:00–13:00 · Іра" in olena.buttons
    await olena.taps("Закрити години", "11:00", "14:00")
    assert olena.toast == "На цей час є заняття: ср, 25 лист., 12:00. Спершу перенесіть його або скасуйте."


async def test_hours_are_blocked_by_two_taps_or_typed(stage: Stage) -> None:
    olena = await stage.tutor()
    await looks_at_wednesday(olena)
    await olena.taps("Закрити години", ":30", "09:30", "11:00")
    assert "⛔ 09:30–11:00" in olena.buttons
    assert free(olena)[0] == "11:00"
    await olena.taps("Закрити години")
    await olena.says("12-14")
    assert "⛔ 12:00–14:00" in olena.buttons


async def test_a_time_outside_the_hours_is_opened_and_booked(stage: Stage) -> None:
    olena = await stage.tutor(weekly="Mon-Fri 9-17")
    ira = await stage.student(of=olena)
    await looks_at_wednesday(olena)
    await olena.taps("Додати час")
    await olena.says("Сб 18-19:30")
    assert "Субота, 28 листопада" in olena.sees
    assert "✨ 18:00–19:30" in olena.buttons
    await ira.taps("Вибрати час", "28", "18:00", "Надіслати запит")
    assert "сб, 28 лист., 18:00–19:30" in ira.sees
    await olena.says("/slots")
    await olena.taps("📅", "28", "Додати час", "20:00", "21:00", "✨ 20:00–21:00")
    assert olena.toast == "Прибрано"
    assert "⏳ 18:00–19:30 · Іра" in olena.buttons
    assert olena.buttons[1] == "⛔ Закрити години"


async def test_typed_hours_without_a_day_are_of_the_day_that_is_shown(stage: Stage) -> None:
    olena = await stage.tutor()
    await looks_at_wednesday(olena)
    await olena.taps("Додати час")
    await olena.says("завтра 18")
    assert "завтра" in olena.sees
    await olena.says("18-19")
    assert "Середа, 25 листопада" in olena.sees
    assert "✨ 18:00–19:00" in olena.buttons


async def test_days_are_turned_and_none_is_before_today(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/slots")
    assert not [label for label in olena.buttons if label.startswith("‹")]
    await olena.taps("вт, 24 лист. ›", "ср, 25 лист. ›", "‹ вт, 24 лист.")
    assert "Вівторок, 24 листопада" in olena.sees
    await olena.taps("📅", "Грудень", "1")
    assert "Вівторок, 1 грудня" in olena.sees


async def test_a_tutor_on_a_journey_reads_the_clock_they_teach_by(stage: Stage) -> None:
    olena = await stage.tutor()
    async with stage.core.begin() as work:
        await work.session.execute(update(Person).values(timezone="America/New_York"))
    await looks_at_wednesday(olena)
    assert "час: Київ" in olena.sees
    assert free(olena)[0] == "09:00"


async def test_a_student_has_no_times(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    await ira.says("/slots")
    assert "Це для викладачів" in ira.sees
