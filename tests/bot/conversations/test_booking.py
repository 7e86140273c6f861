"""A student books: a trial or a lesson, on the terms that were shown, with a note, at a time kept for them."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import update

from core.enums import LessonType
from core.startup import Core, open_core
from db.base import table
from db.models.booking import Booking
from db.models.tutor_settings import TutorSettings
from db.settings import DatabaseSettings
from tests.conftest import FrozenClock
from tests.core import tables
from tests.stage import CITY, Player, Stage, bilingual

PICK = {"uk": "Вибрати час", "en": "Pick a time"}
ASK = {"uk": "Надіслати запит", "en": "Ask for it"}
ASKED = {"uk": "Запит надіслано", "en": "Asked"}
NOTE = {"uk": "нотатку", "en": "note"}
OTHER = {"uk": "Інший час", "en": "Other times"}


async def arrange(stage: Stage, **settings: Any) -> None:
    async with stage.core.begin() as work:
        await work.session.execute(update(table(TutorSettings)).values(**settings))


async def pair(stage: Stage, language: str, **settings: Any) -> tuple[Player, Player]:
    olena = await stage.tutor(language=language, city=CITY[language])
    await arrange(stage, price=Decimal(400), **settings)
    return olena, await stage.student(of=olena, language=language, city=CITY[language])


async def bookings(stage: Stage) -> list[Any]:
    return await tables.rows(stage.core, Booking)


@bilingual
async def test_a_trial_is_offered_once_and_from_the_link_it_is_six_deeds(stage: Stage, language: str) -> None:
    olena = await stage.tutor(language=language, city=CITY[language])
    await arrange(stage, price=Decimal(400), trial_lesson_enabled=True)
    ira = stage.person("Іра", language=language)
    await ira.opens(await olena.link())
    await ira.taps(CITY[language])
    trial, lesson = ira.buttons[:2]
    assert trial == {"uk": "🌱 Пробне заняття · 30 хв", "en": "🌱 Trial lesson · 30 min"}[language]
    price = {"uk": "400\xa0₴", "en": "400\xa0UAH"}[language]
    assert lesson == {"uk": "📅 Заняття · 1 год · ", "en": "📅 Lesson · 1 h · "}[language] + price
    await ira.taps(trial, "25", "12:30")
    assert {"uk": "Пробне заняття: 30 хв, безкоштовно", "en": "Trial lesson: 30 min, free of charge"}[
        language
    ] in ira.sees
    assert {"uk": "12:30–13:00", "en": "12:30–13:00"}[language] in ira.sees
    assert "400" not in ira.sees
    await ira.taps(ASK[language])
    assert ASKED[language] in ira.sees
    assert ira.deeds == 6
    told = {"uk": "Пробне заняття", "en": "Trial lesson"}[language]
    assert told in ira.sees
    assert told in olena.sees
    (booking,) = await bookings(stage)
    assert (booking.lesson_type, booking.price) == (LessonType.TRIAL, None)

    await ira.says("/book")
    assert not [label for label in ira.buttons if "🌱" in label]
    await ira.taps("26", "12:00")
    assert "400" in ira.sees


@bilingual
async def test_where_there_is_a_choice_a_lesson_is_six_deeds_too(stage: Stage, language: str) -> None:
    olena = await stage.tutor(language=language, city=CITY[language])
    await arrange(stage, trial_lesson_enabled=True)
    ira = stage.person("Іра", language=language)
    await ira.opens(await olena.link())
    await ira.taps(CITY[language], "📅", "25", "12:00", ASK[language])
    assert ASKED[language] in ira.sees
    assert ira.deeds == 6


@bilingual
async def test_where_a_time_was_picked_before_the_kind_a_trial_is_offered_instead(stage: Stage, language: str) -> None:
    _, ira = await pair(stage, language, trial_lesson_enabled=True)
    await ira.taps(
        "📅", "25", "12:00", {"uk": "🌱 Краще пробне · 30 хв", "en": "🌱 A trial instead · 30 min"}[language]
    )
    assert "12:00–12:30" in ira.sees
    assert not [label for label in ira.buttons if "🌱" in label]
    await ira.taps(ASK[language])
    assert [booking.lesson_type for booking in await bookings(stage)] == [LessonType.TRIAL]


@bilingual
async def test_what_is_ones_own_already_is_shown_instead_of_taken(stage: Stage, language: str) -> None:
    _, ira = await pair(stage, language)
    await ira.taps(PICK[language], "25")
    pick = ira.data("12:00")
    await ira.taps("12:00", ASK[language])
    await ira.forges(pick)
    assert ira.toast == {"uk": "Цей час уже ваш.", "en": "This time is yours already."}[language]
    assert {"uk": "Чекає на відповідь", "en": "Waits for the tutor's answer"}[language] in ira.sees
    assert len(await bookings(stage)) == 1


@bilingual
async def test_a_trial_used_meanwhile_becomes_the_question_about_a_lesson(stage: Stage, language: str) -> None:
    _, ira = await pair(stage, language, trial_lesson_enabled=True)
    await ira.says("/book")
    await ira.taps("🌱", "25", "12:00")
    old = ira.data(ASK[language])
    await ira.taps(OTHER[language], "13:00", ASK[language])
    await ira.forges(old)
    assert {"uk": "Пробне заняття з цим викладачем у вас уже є", "en": "You have had your trial"}[language] in ira.toast
    assert "12:00–13:00" in ira.sees
    assert "400" in ira.sees
    assert len(await bookings(stage)) == 1


@bilingual
async def test_terms_that_have_changed_are_shown_again_before_they_are_agreed_to(stage: Stage, language: str) -> None:
    _, ira = await pair(stage, language)
    await ira.taps(PICK[language], "25", "12:00")
    await arrange(stage, price=Decimal(450))
    await ira.taps(ASK[language])
    assert {"uk": "Умови щойно змінилися", "en": "The terms have just changed"}[language] in ira.toast
    assert "450" in ira.sees
    assert await bookings(stage) == []
    await ira.taps(ASK[language])
    assert [booking.price for booking in await bookings(stage)] == [Decimal(450)]


@bilingual
async def test_a_credit_used_up_meanwhile_is_not_paid_for_unseen(stage: Stage, language: str) -> None:
    olena, ira = await pair(stage, language)
    await olena.says("/students")
    await olena.taps("Іра", "🎁")
    await olena.says("1")
    await olena.says("400")
    await olena.taps({"uk": "✅ Додати", "en": "✅ Grant"}[language])
    await ira.says("/book")
    left = {"uk": "З вашого пакета: лишилося 1 заняття", "en": "From your package: 1 lesson left"}[language]
    assert left in ira.sees
    await ira.taps("25", "12:00")
    assert left in ira.sees
    old = ira.data(ASK[language])
    await ira.taps(OTHER[language], "13:00", ASK[language])
    await ira.forges(old)
    assert {"uk": "у вашому пакеті закінчилися", "en": "Your package has no lessons left"}[language] in ira.toast
    assert "12:00–13:00" in ira.sees
    assert "400" in ira.sees
    assert len(await bookings(stage)) == 1


@bilingual
async def test_a_time_is_kept_while_the_student_makes_up_their_mind(stage: Stage, language: str) -> None:
    olena, ira = await pair(stage, language)
    max_ = await stage.student("Макс", of=olena, language=language, city=CITY[language])
    await max_.taps(PICK[language], "25")
    await ira.taps(PICK[language], "25", "12:00")
    assert {"uk": "⏱ Притримано для вас до 10:05.", "en": "⏱ Held for you until 10:05."}[language] in ira.sees
    await max_.taps("12:00")
    assert {"uk": "цей час щойно зайняли", "en": "has just been taken"}[language] in max_.toast
    assert "12:00" not in max_.buttons
    await ira.taps(OTHER[language])
    await max_.taps("13:00", OTHER[language])
    assert "12:00" in max_.buttons
    await ira.taps("12:00")
    await stage.passes(minutes=5)
    await max_.says("/book")
    await max_.taps("25", "12:00", ASK[language])
    assert ASKED[language] in max_.sees
    await ira.taps(ASK[language])
    assert {"uk": "цей час щойно зайняли", "en": "has just been taken"}[language] in ira.toast
    assert "13:00" in ira.buttons


@bilingual
async def test_a_note_goes_along_and_the_tutor_reads_it(stage: Stage, language: str) -> None:
    olena, ira = await pair(stage, language)
    await ira.taps(PICK[language], "25", "12:00", NOTE[language])
    assert "1000" in ira.sees
    await ira.says("Ї" * 1001)
    assert {"uk": "Задовго: можна до 1000 символів.", "en": "That is too long: up to 1000"}[language] in ira.sees
    await ira.says("Готуюся до <НМТ> & НУШ")
    assert "📝 Готуюся до <НМТ> & НУШ" in ira.sees
    assert "12:00–13:00" in ira.sees
    await ira.taps(OTHER[language], "13:00")
    assert "📝 Готуюся до <НМТ> & НУШ" in ira.sees
    await ira.taps(ASK[language])
    assert "📝 Готуюся до <НМТ> & НУШ" in olena.sees
    assert [booking.student_notes for booking in await bookings(stage)] == ["Готуюся до <НМТ> & НУШ"]
    await ira.says("Ще одне")
    assert {"uk": "кнопками", "en": "by buttons"}[language] in ira.sees


@bilingual
async def test_a_time_that_passes_while_the_note_is_typed_leads_to_the_others(stage: Stage, language: str) -> None:
    olena, ira = await pair(stage, language, min_booking_notice=timedelta(0))
    await ira.taps(PICK[language], "23", "11:00", NOTE[language])
    await stage.passes(hours=1)
    await ira.says("Повторімо дроби")
    assert {"uk": "11:00 – цей час уже минув", "en": "11:00 is already past"}[language] in ira.sees
    assert "12:00" in ira.buttons
    await ira.says("А коли можна?")
    assert {"uk": "кнопками", "en": "by buttons"}[language] in ira.sees
    await ira.taps("12:00", ASK[language])
    assert "📝 Повторімо дроби" in olena.sees


@bilingual
async def test_a_tutor_who_takes_nobody_new_meanwhile_says_so(stage: Stage, language: str) -> None:
    _, ira = await pair(stage, language)
    await ira.taps(PICK[language], "25", "12:00")
    await arrange(stage, accepts_new_students=False)
    await ira.taps(ASK[language])
    assert {"uk": "не бере нових учнів", "en": "takes no new students"}[language] in ira.toast
    await ira.taps("13:00")
    assert {"uk": "не бере нових учнів", "en": "takes no new students"}[language] in ira.toast
    assert await bookings(stage) == []


@bilingual
async def test_five_taps_in_one_second_are_one_request(stage: Stage, language: str) -> None:
    olena, ira = await pair(stage, language)
    await ira.taps(PICK[language], "25", "12:00", NOTE[language])
    await ira.says("Раз")
    for _ in range(5):
        ira.presses(ASK[language])
    await stage.settle()
    assert ASKED[language] in ira.sees
    assert stage.unanswered == 0
    assert [booking.student_notes for booking in await bookings(stage)] == ["Раз"]
    assert sum({"uk": "Новий запит", "en": "New request"}[language] in words for words in olena.heard) == 1


async def test_a_note_outlives_the_process_that_heard_it(core: Core, clock: FrozenClock) -> None:
    async with Stage(core, clock, restarts=True) as stage:
        _, ira = await pair(stage, "uk")
        await ira.taps("Вибрати час", "25", "12:00", "нотатку")
        await ira.says("Привіт")
        await ira.taps("Інший час", "Місяць", "26", "13:00", "нотатку", "Назад", "Надіслати запит")
        assert [booking.student_notes for booking in await bookings(stage)] == ["Привіт"]


async def test_who_turns_to_something_else_has_no_note_any_more(stage: Stage) -> None:
    _, ira = await pair(stage, "uk")
    await ira.taps("Вибрати час", "25", "12:00", "нотатку")
    await ira.says("Привіт")
    await ira.says("/book")
    await ira.taps("25", "12:00")
    assert "Привіт" not in ira.sees
    assert "📝 Додати нотатку" in ira.buttons


async def test_two_processes_give_one_time_to_one_student(
    core: Core, clock: FrozenClock, database_settings: DatabaseSettings
) -> None:
    """Each has a bot, a connection and chats of its own; they share nothing but the database."""
    other_core = open_core(database_settings, clock=clock)
    try:
        async with Stage(core, clock) as here, Stage(other_core, clock) as there:
            olena = await here.tutor()
            ira = await here.student(of=olena)
            for _ in range(2):
                there.person("Хтось")  # numbers are given out anew in each; these two are the ones known here
            max_ = await there.student("Макс", of=olena)
            for label in ("12:00", "Надіслати запит"):
                for person in (ira, max_):
                    await person.says("/book")
                    await person.taps("25", *(("12:00",) if label != "12:00" else ()))
                    await here.passes(minutes=6)
                    there.sandbox.clock.set(clock.now)
                for person in (ira, max_):
                    person.presses(label)
                await asyncio.gather(here.settle(), there.settle())
                turned_away = [person for person in (ira, max_) if "щойно зайняли" in person.toast]
                assert len(turned_away) == 1
                assert "13:00" in turned_away[0].buttons
                assert "12:00" not in turned_away[0].buttons
                await here.passes(hours=1)
                there.sandbox.clock.set(clock.now)
            assert len(await bookings(here)) == 1
    finally:
        await other_core.close()
