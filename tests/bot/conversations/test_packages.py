"""A tutor looks at the students and grants a package; the student books on it."""

from decimal import Decimal

import pytest
from sqlalchemy import update

from core.enums import LessonType
from core.people import people, tutors
from db.base import table
from db.models.booking import Booking
from db.models.lesson_package import LessonPackage
from db.models.tutor_settings import TutorSettings
from tests import builders
from tests.core import tables
from tests.stage import Player, Stage, bilingual


async def priced(stage: Stage, *subjects: str) -> None:
    async with stage.core.begin() as work:
        await work.session.execute(update(table(TutorSettings)).values(price=Decimal(400), subjects=list(subjects)))


async def pair(stage: Stage, *subjects: str) -> tuple[Player, Player]:
    olena = await stage.tutor()
    await priced(stage, *subjects)
    return olena, await stage.student(of=olena)


async def test_a_package_is_granted_by_taps_and_used_by_the_next_lesson(stage: Stage) -> None:
    olena, ira = await pair(stage, "Хімія", "Фізика")
    await olena.says("/students")
    await olena.taps("Іра", "🎁 Додати пакет", "8", "200\xa0₴", "Хімія")
    assert "8 занять" in olena.sees
    assert "📖 Хімія" in olena.sees
    assert "3200" in olena.sees.replace("\xa0", "")
    await olena.taps("✅ Додати")
    assert olena.toast == "Пакет додано"
    assert "Лишилося 8 із 8 занять · Хімія · 3" in olena.sees
    assert "Олена: для вас новий пакет занять" in ira.sees

    await ira.taps("Вибрати час", "25", "12:00")
    assert "З вашого пакета: лишилося 8 занять" in ira.sees
    assert "400" not in ira.sees
    await ira.taps("Надіслати запит")
    await olena.says("/students")
    assert "🎁 7" in " ".join(olena.buttons)
    (booking,) = await tables.rows(stage.core, Booking)
    assert (booking.lesson_type, booking.subject, booking.price) == (LessonType.PACKAGE, "Хімія", None)


async def test_number_and_price_can_be_typed(stage: Stage) -> None:
    olena, _ = await pair(stage)
    await olena.says("/students")
    await olena.taps("Іра", "🎁 Додати пакет")
    await olena.says("багато")
    assert "від 1 до 100" in olena.sees
    assert olena.buttons[:4] == ["4", "5", "8", "10"]
    await olena.says("12")
    await olena.says("дорого")
    assert "Не можу прочитати ціну" in olena.sees
    assert "Без ціни" in olena.buttons
    await olena.says("120,50 €")
    assert "Додати цей пакет?" in olena.sees
    assert "120,50\xa0EUR" in olena.sees
    await olena.taps("✅ Додати")
    (package,) = await tables.rows(stage.core, LessonPackage)
    assert (package.lessons, package.price, package.currency) == (12, Decimal("120.50"), "EUR")


async def test_it_reads_well_in_english(stage: Stage) -> None:
    olena = await stage.tutor("Olena", language="en", city="Kyiv")
    await priced(stage)
    ira = await stage.student("Ira", of=olena, language="en", city="Kyiv")
    await olena.says("/students")
    await olena.taps("Ira", "🎁 Grant a package", "4", "1,600", "✅ Grant it")
    assert "4 of 4 lessons left" in olena.sees
    assert "Olena has given you a package of lessons" in ira.sees
    assert "1,600" in ira.sees


@bilingual
async def test_a_package_granted_by_mistake_is_taken_back(stage: Stage, language: str) -> None:
    w = {
        "uk": ("🎁 Додати пакет", "Без ціни", "✅ Додати", "↩️ Забрати 4 заняття", "Ні, залишити", "Так, забрати"),
        "en": ("🎁 Grant a package", "Without a price", "✅ Grant it", "↩️ Take back 4 lessons", "No, leave it", "Yes"),
    }[language]
    grant, free, yes, take, leave, surely = w
    olena = await stage.tutor(language=language)
    ira = await stage.student(of=olena, language=language)
    await olena.says("/students")
    await olena.taps("Іра", grant, "4", free, yes, take, leave)
    assert take in olena.buttons
    await olena.taps(take)
    asked = olena.data(surely)
    await olena.taps(surely)
    assert {"uk": "Лишилося 0 із 4 занять · забрано: 4", "en": "left · taken back: 4"}[language] in olena.sees
    assert take not in olena.buttons
    assert {"uk": "решту занять із вашого пакета забрано", "en": "has taken back what was left"}[language] in ira.sees
    told = len(ira.messages)
    await olena.forges(asked)
    await ira.forges(asked)
    assert len(ira.messages) == told


async def test_another_number_left_is_asked_about_again(stage: Stage) -> None:
    olena, ira = await pair(stage)
    await olena.says("/students")
    await olena.taps("Іра", "🎁 Додати пакет", "4", "Без ціни", "✅ Додати", "↩️ Забрати 4 заняття")
    surely = olena.data("Так, забрати")
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await olena.forges(surely)
    assert "Забрати з пакета 3 заняття?" in olena.sees


async def test_the_last_tap_twice_grants_once(stage: Stage) -> None:
    olena, ira = await pair(stage)
    await olena.says("/students")
    await olena.taps("Іра", "🎁 Додати пакет", "4", "Без ціни")
    yes, told = olena.data("✅ Додати"), len(ira.messages)
    await olena.taps("✅ Додати")
    await olena.forges(yes)
    assert "Лишилося 4 із 4" in olena.sees
    assert len(await tables.rows(stage.core, LessonPackage)) == 1
    assert len(ira.messages) == told + 1


async def test_a_subject_struck_off_meanwhile_is_not_granted(stage: Stage) -> None:
    olena, _ = await pair(stage, "Хімія")
    await olena.says("/students")
    await olena.taps("Іра", "🎁 Додати пакет", "4", "Без ціни", "Хімія")
    await priced(stage, "Фізика")
    await olena.taps("✅ Додати")
    assert olena.toast == "Цього вже немає."
    assert await tables.rows(stage.core, LessonPackage) == []


async def test_a_late_cancellation_of_a_package_lesson_says_what_it_costs(stage: Stage) -> None:
    olena, ira = await pair(stage)
    await olena.says("/students")
    await olena.taps("Іра", "🎁 Додати пакет", "4", "Без ціни", "✅ Додати")
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await olena.taps("Підтвердити")
    await stage.passes(hours=30)
    await ira.says("/lessons")
    await ira.taps("12:00", "Скасувати заняття")
    assert "списано з вашого пакета" in ira.sees


async def test_students_are_for_tutors(stage: Stage) -> None:
    olena, ira = await pair(stage)
    await ira.says("/students")
    assert "Це для викладачів" in ira.sees
    await olena.says("/students")
    await olena.taps("Іра")
    student, package = olena.data("🎁 Додати пакет"), "1:kg:{}:4:0:0:0"
    await ira.forges(student)
    assert ira.toast == "Цього вже немає."
    await ira.forges(package.format(student.split(":")[2]))
    assert ira.toast == "Це для викладачів. Якщо викладаєте, увімкніть це в /settings."
    assert await tables.rows(stage.core, LessonPackage) == []


@pytest.mark.parametrize("name", ["Щ" * 60, "👩‍👩‍👧" * 10, "שָׁלוֹם" * 8, "<b>&amp;" * 8])
async def test_many_students_with_odd_names_are_paged(stage: Stage, name: str) -> None:
    olena = await stage.tutor()
    async with stage.core.read() as work:
        tutor = await people.find(work, olena.id)
    assert tutor
    for _ in range(10):
        person = await builders.person(stage.core, name)
        async with stage.core.begin() as work:
            await tutors.meet(work, tutor_id=tutor.id, student_id=person.id)
    await olena.says("/students")
    assert len(olena.buttons) == 10
    await olena.taps("›")
    assert len([label for label in olena.buttons if name[:3] in label]) == 2
    await olena.taps(name[:3], "🎁 Додати пакет", "10", "Без ціни", "✅ Додати")
    assert "Лишилося 10 із 10" in olena.sees


async def test_a_tutor_without_students_is_led_to_the_link(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.taps("🏠", "👥 Учні")
    assert "ще ніхто не відкривав" in olena.sees
    await olena.taps("🔗")
    assert "https://t.me/" in str(olena.screen)
