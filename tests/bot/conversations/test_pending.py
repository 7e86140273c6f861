"""A tutor answers requests, or does not; whoever comes second hears why."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core.lessons import bookings
from core.people import people
from core.startup import Core
from db.base import table
from db.models.tutor_settings import TutorSettings
from tests.stage import Player, Stage, bilingual, in_both

WEDNESDAY = datetime(2026, 11, 24, 22, tzinfo=UTC)  # its midnight in Kyiv


async def set_for_tutors(core: Core, **values: object) -> None:
    async with core.begin() as work:
        await work.session.execute(update(table(TutorSettings)).values(**values))


async def asks(student: Player, day: str = "25", hour: str = "12:00", *, by: str = "Надіслати запит") -> None:
    await student.says("/book")
    await student.taps(day, hour, by)


async def has_asked(student: Player, tutor: Player, *hours: int) -> None:
    """Ask for these hours of Wednesday and the day after by Kyiv's clock, without the chat."""
    stage = student.stage
    for hour in hours:
        async with stage.core.begin() as work:
            people_ = [await people.find(work, player.id) for player in (tutor, student)]
            tutor_id, student_id = (actor.id for actor in people_ if actor)
            starts_at = WEDNESDAY + timedelta(hours=hour)
            await bookings.request(work, tutor_id=tutor_id, student_id=student_id, starts_at=starts_at)
    await stage.deliver()


async def test_a_decline_with_a_reason_is_read_by_the_student(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await asks(ira)
    await olena.taps("Відхилити")
    assert "Чому?" in olena.sees
    await olena.says("Хворію <цього> тижня & далі")
    assert "Хворію <цього> тижня & далі" in olena.sees
    assert "Ваш запит відхилено" in ira.sees
    assert "«Хворію <цього> тижня & далі»" in ira.sees
    await ira.taps("Вибрати інший час", "25")
    assert "12:00" in ira.buttons


async def test_a_decline_without_words_is_two_taps(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await asks(ira)
    await olena.taps("Відхилити", "без пояснень")
    assert olena.toast == "Відхилено"
    assert "Ваш запит відхилено" in ira.sees
    assert "«" not in ira.sees
    await olena.says("/lessons")
    await olena.taps("Минулі заняття", "12:00")
    assert "❌ Ви відхилили запит" in olena.sees
    assert "Ви скасували" not in olena.sees
    await ira.says("/lessons")
    await ira.taps("Минулі заняття", "12:00")
    assert "❌ Відхилено викладачем" in ira.sees


async def test_a_decline_can_be_thought_over(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await asks(ira)
    await olena.taps("Відхилити", "Назад", "Підтвердити")
    assert "підтверджено" in ira.sees


async def test_a_reason_for_a_request_taken_back_meanwhile_is_not_asked_for_ever(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await asks(ira)
    await olena.taps("Відхилити")
    await ira.taps("📄 Деталі", "Скасувати заняття", "Так, скасувати")
    await olena.says("Не можу")
    assert "вже скасовано учнем" in olena.sees
    await olena.says("Добре")
    assert "кнопками" in olena.sees


@pytest.mark.parametrize("old_button", ["Підтвердити", "Відхилити"])
async def test_a_button_of_a_request_taken_back_says_so(stage: Stage, old_button: str) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await asks(ira)
    tapped_too_late = olena.data(old_button)
    await ira.taps("📄 Деталі", "Скасувати заняття", "Так, скасувати")
    await olena.forges(tapped_too_late)
    assert olena.toast == "Це заняття вже скасовано учнем."


@in_both(
    buttons=(("Надіслати запит", "Підтвердити", "Вибрати інший час"), ("Ask for it", "Confirm", "Pick another time")),
    told=(
        ("викладач не відповів вчасно", "ви не встигли відповісти"),
        ("the tutor did not answer in time", "you did not answer in time"),
    ),
    too_late=("Цей запит прострочено: відповіді не було.", "This request has expired without an answer."),
)
async def test_a_request_nobody_answers_expires_for_both(
    stage: Stage, language: str, buttons: tuple[str, ...], told: tuple[str, str], too_late: str
) -> None:
    ask, confirm, another = buttons
    olena = await stage.tutor(language=language)
    ira = await stage.student(of=olena, language=language)
    await asks(ira, by=ask)
    await stage.passes(hours=23, minutes=59)
    assert told[0] not in ira.sees
    tapped_too_late = olena.data(confirm)
    await stage.passes(minutes=1)
    assert told[0] in ira.sees
    assert told[1] in olena.sees
    await olena.forges(tapped_too_late)
    assert olena.toast == too_late
    await ira.taps(another, "25")
    assert "12:00" in ira.buttons


async def test_the_second_student_is_sent_back_to_the_free_times_with_a_word_why(stage: Stage) -> None:
    olena = await stage.tutor()
    ira, max_ = await stage.student(of=olena), await stage.student("Макс", of=olena)
    await ira.taps("Вибрати час", "25", "12:00")
    await stage.passes(minutes=6)
    await max_.taps("Вибрати час", "25", "12:00")
    await stage.passes(minutes=6)
    await ira.taps("Надіслати запит")
    await max_.taps("Надіслати запит")
    assert max_.toast == "ср, 25 лист., 12:00 – цей час щойно зайняли. Виберіть інший."
    assert "середа, 25 листопада" in max_.sees
    assert "12:00" not in max_.buttons
    assert "13:00" in max_.buttons
    assert "Іра" not in max_.sees + max_.toast


async def test_of_two_at_the_same_instant_one_gets_the_time(stage: Stage) -> None:
    olena = await stage.tutor()
    ira, max_ = await stage.student(of=olena), await stage.student("Макс", of=olena)
    for person in (ira, max_):
        await person.taps("Вибрати час", "25", "12:00")
        await stage.passes(minutes=6)
    for person in (ira, max_):
        person.presses("Надіслати запит")
    await stage.settle()
    assert sorted(["Запит надіслано" in person.sees for person in (ira, max_)]) == [False, True]
    assert sorted(["щойно зайняли" in person.toast for person in (ira, max_)]) == [False, True]
    assert sum("Новий запит" in words for words in olena.heard) == 1


async def test_where_everybody_is_accepted_the_lesson_is_booked_at_once(stage: Stage) -> None:
    olena = await stage.tutor()
    await set_for_tutors(stage.core, auto_accept=True)
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00")
    assert "Записатися на це заняття?" in ira.sees
    await ira.taps("✅ Записатися")
    assert "Вас записано" in ira.sees
    assert "Нове заняття" in olena.sees
    assert "Підтвердити" not in " ".join(olena.buttons)
    await stage.passes(hours=26)
    assert "через 24 години" in ira.sees
    assert "через 24 години" in olena.sees


@in_both(day=("чт, 26 лист., 09:00", "Thu 26 Nov, 09:00"), confirm=("Підтвердити", "Confirm"))
async def test_requests_are_paged(stage: Stage, language: str, day: str, confirm: str) -> None:
    olena = await stage.tutor(language=language)
    ira = await stage.student(of=olena, language=language)
    await has_asked(ira, olena, *range(9, 17), 24 + 9)
    await olena.says("/pending")
    assert len([label for label in olena.buttons if "Іра" in label]) == 8
    await olena.taps("›")
    assert len([label for label in olena.buttons if "Іра" in label]) == 1
    assert day in olena.buttons[0]
    await olena.taps("‹")
    assert len([label for label in olena.buttons if "Іра" in label]) == 8
    await olena.taps(", 10:00", confirm)
    await olena.says("/pending")
    assert "›" not in olena.buttons


async def test_a_page_that_has_emptied_leads_back_to_the_first(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await has_asked(ira, olena, *range(9, 17), 24 + 9)
    for person in (olena, ira):
        await person.says({olena: "/pending", ira: "/lessons"}[person])
    next_page, students_next_page = olena.data("›"), ira.data("›")
    await olena.taps("›", "26 лист", "Відхилити", "без пояснень")
    await olena.forges(next_page)
    assert len([label for label in olena.buttons if "Іра" in label]) == 8
    await ira.forges(students_next_page)
    assert len([label for label in ira.buttons if "Олена" in label]) == 8


async def test_nobody_waits_for_an_answer(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/pending")
    assert "Ніхто не чекає" in olena.sees
    ira = await stage.student(of=olena)
    await ira.says("/pending")
    assert "Це для викладачів" in ira.sees


async def test_the_desk_counts_what_waits_and_names_what_comes_next(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await asks(ira)
    await asks(ira, day="26")
    await olena.says("/start")
    assert "Запити · 2" in " ".join(olena.buttons)
    await ira.says("/start")
    assert "⏳ Наступне заняття: ср, 25 лист., 12:00, Олена. Чекає на відповідь викладача." in ira.sees
    assert "❓ Наступне заняття: ср, 25 лист., 12:00, Іра. Чекає на вашу відповідь." in olena.sees


async def test_lessons_are_paged_and_open(stage: Stage) -> None:
    olena = await stage.tutor()
    await set_for_tutors(stage.core, auto_accept=True)
    ira = await stage.student(of=olena)
    await has_asked(ira, olena, *range(9, 14), *range(24 + 9, 24 + 14))
    await ira.says("/lessons")
    assert len([label for label in ira.buttons if "Олена" in label]) == 8
    await ira.taps("›")
    assert [label for label in ira.buttons if "Олена" in label] == [
        "✅ чт, 26 лист., 12:00 · Олена",
        "✅ чт, 26 лист., 13:00 · Олена",
    ]
    await ira.taps("26 лист., 13:00")
    assert "13:00–14:00" in ira.sees


async def test_at_the_limit_of_lessons_the_student_hears_which(stage: Stage) -> None:
    olena = await stage.tutor()
    await set_for_tutors(stage.core, max_lessons_per_day=1)
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00")
    await stage.passes(minutes=6)
    max_ = await stage.student("Макс", of=olena)
    await asks(max_, hour="15:00")
    await ira.taps("Надіслати запит")
    assert ira.toast == "У викладача тоді вже немає місця. Виберіть інший день."
    assert "Цього дня немає вільного часу." in ira.sees
    assert "чт, 26 лист. ›" in ira.buttons


@bilingual
async def test_a_tutor_who_does_not_answer_is_reminded_and_answers_there(stage: Stage, language: str) -> None:
    olena = await stage.tutor(language=language)
    ira = await stage.student(of=olena, language=language)
    await has_asked(ira, olena, 12)
    told = len(olena.messages)
    await stage.passes(hours=2, minutes=59)
    assert len(olena.messages) == told
    await stage.passes(minutes=1)
    assert {"uk": "досі чекає на вашу відповідь", "en": "still waits for your answer"}[language] in olena.sees
    until = {"uk": "Відповісти можна до вт, 24 лист., 10:00.", "en": "You can answer until Tue 24 Nov, 10:00."}
    assert until[language] in olena.sees
    await olena.taps({"uk": "Підтвердити", "en": "Confirm"}[language])
    told = len(olena.messages)
    await stage.passes(hours=9)
    assert len(olena.messages) == told
