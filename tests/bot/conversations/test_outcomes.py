"""What became of a lesson, said by its people, taken back, charged and forgiven."""

from decimal import Decimal

from tests.bot.conversations.test_cancel import agreed
from tests.bot.conversations.test_moves import heard, opens_lesson
from tests.bot.conversations.test_pending import set_for_tutors
from tests.stage import Player, Stage, bilingual, in_both


async def opens_past(player: Player, hour: str = "12:00", language: str = "uk") -> None:
    await player.says("/lessons")
    await player.taps({"uk": "Минулі заняття", "en": "Past lessons"}[language], hour)


@bilingual
async def test_a_student_who_did_not_come_is_told_the_charge_and_forgiven(stage: Stage, language: str) -> None:
    missed, waive = {"uk": ("не прийшов", "Не брати оплату"), "en": ("Did not come", "Waive the charge")}[language]
    olena, ira = await agreed(stage, language)
    await stage.passes(hours=50, minutes=14)
    await opens_lesson(olena)
    assert not [label for label in olena.buttons if missed in label]
    await stage.passes(minutes=1)
    await opens_lesson(olena)
    await olena.taps(missed)
    assert {"uk": "Заняття оплачується", "en": "The lesson is charged"}[language] in olena.sees
    told = heard(ira, {"uk": "ви не прийшли", "en": "you did not come"}[language])
    assert {"uk": "Заняття оплачується", "en": "The lesson is charged"}[language] in told
    await olena.taps(waive)
    assert {"uk": "Оплату знято", "en": "The charge was waived"}[language] in olena.sees
    assert heard(ira, {"uk": "платити не треба", "en": "is not charged"}[language])


@bilingual
async def test_who_never_agreed_to_the_new_time_is_not_charged_for_it(stage: Stage, language: str) -> None:
    missed = {"uk": "не прийшов", "en": "Did not come"}[language]
    olena, ira = await agreed(stage, language)
    await opens_lesson(olena)
    await olena.taps({"uk": "Перенести", "en": "Move"}[language])
    await olena.says("26.11 12:00")
    await olena.taps({"uk": "✅ Перенести", "en": "Move it"}[language])
    await stage.passes(hours=74, minutes=30)
    await opens_lesson(olena)
    await olena.taps(missed)
    assert {"uk": "учень не погоджувався", "en": "the student had not agreed"}[language] in olena.sees
    told = heard(ira, {"uk": "ви не прийшли", "en": "you did not come"}[language])
    assert {"uk": "ви не погоджувалися", "en": "you had not agreed"}[language] in told


@bilingual
async def test_either_side_says_it_was_held_and_the_tutor_takes_it_back(stage: Stage, language: str) -> None:
    held, undo = {"uk": ("🏁 Відбулося", "Виправити"), "en": ("🏁 Held", "Undo")}[language]
    olena, ira = await agreed(stage, language)
    await stage.passes(hours=51)
    await opens_past(ira, language=language)
    await ira.taps(held)
    assert held in ira.sees
    assert not [label for label in ira.buttons if undo in label]
    await opens_past(olena, language=language)
    await olena.taps(undo)
    assert {"uk": "✅ Підтверджено", "en": "✅ Confirmed"}[language] in olena.sees
    assert [label for label in olena.buttons if label == held]


@in_both(correct=("Виправити", "Correct"))
async def test_nobody_says_anything_and_it_counts_as_held(stage: Stage, language: str, correct: str) -> None:
    olena, _ = await agreed(stage, language)
    await stage.passes(hours=51 + 72)
    await opens_past(olena, language=language)
    assert "🏁" in olena.sees
    assert not [label for label in olena.buttons if correct in label]


@bilingual
async def test_each_side_keeps_notes_and_only_the_students_is_shared(stage: Stage, language: str) -> None:
    note = {"uk": "📝 Нотатка", "en": "📝 Note"}[language]
    olena, ira = await agreed(stage, language)
    await opens_lesson(olena)
    await olena.taps(note)
    await olena.says("слабкі <дроби> & все")
    assert "🔒 слабкі <дроби> & все" in olena.sees
    await opens_lesson(ira)
    assert "дроби" not in ira.sees
    await ira.taps(note)
    await ira.says("н" * 4096)
    assert ira.sees.count("н" * 1000) == 1
    await opens_lesson(olena)
    assert "📝 ннн" in olena.sees
    await olena.taps(note, {"uk": "Прибрати нотатку", "en": "Remove the note"}[language])
    assert "🔒" not in olena.sees
    await ira.taps({"uk": "Історія", "en": "History"}[language])
    assert ira.sees.count({"uk": "нотатка", "en": "note written"}[language]) == 1


@bilingual
async def test_history_tells_what_both_did(stage: Stage, language: str) -> None:
    _, ira = await agreed(stage, language)
    await opens_lesson(ira)
    await ira.taps({"uk": "Історія", "en": "History"}[language])
    asked, confirmed = {
        "uk": ("запит на заняття – ви", "підтверджено – Олена"),
        "en": ("asked for (you)", "confirmed (Олена)"),
    }[language]
    assert asked in ira.sees
    assert confirmed in ira.sees
    await ira.taps({"uk": "‹ Назад", "en": "‹ Back"}[language])
    assert "12:00–13:00" in ira.sees


@bilingual
async def test_a_student_hears_that_the_mark_was_taken_back(stage: Stage, language: str) -> None:
    missed, undo = {"uk": ("не прийшов", "Виправити"), "en": ("Did not come", "Undo")}[language]
    olena, ira = await agreed(stage, language)
    await stage.passes(hours=50, minutes=15)
    await opens_lesson(olena)
    await olena.taps(missed, undo)
    uk, en = "Позначку «не прийшов» знято викладачем", "The tutor took back the mark “did not come”"
    back = {"uk": uk, "en": en}[language]
    assert back in heard(ira, back)
    assert not [text for text in ira.heard if {"uk": "платити не треба", "en": "is not charged"}[language] in text]
    await opens_lesson(ira)
    await ira.taps({"uk": "Історія", "en": "History"}[language])
    assert {"uk": "позначку «не прийшов» знято", "en": "the mark “did not come” taken back"}[language] in ira.sees


@in_both(
    cancel=(("Скасувати заняття", "Так, скасувати"), ("Cancel the lesson", "Yes, cancel")),
    waive=("Не брати оплату", "Waive the charge"),
    told=(("Оплату знято", "платити не треба"), ("The charge was waived", "This lesson is not charged")),
)
async def test_the_charge_of_a_late_cancellation_is_waived(
    stage: Stage, language: str, cancel: tuple[str, str], waive: str, told: tuple[str, str]
) -> None:
    olena, ira = await agreed(stage, language)
    await set_for_tutors(stage.core, price=Decimal(400))
    await stage.passes(hours=27)
    await opens_lesson(ira)
    await ira.taps(*cancel)
    await opens_past(olena, language=language)
    await olena.taps(waive)
    assert told[0] in olena.sees
    assert heard(ira, told[1])


async def test_old_buttons_say_what_is_true_now(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    await stage.passes(hours=51)
    await opens_past(olena)
    missed, held = olena.data("не прийшов"), olena.data("🏁 Відбулося")
    await olena.taps("🏁 Відбулося")
    await olena.forges(missed)
    assert olena.toast == "Це заняття вже завершено."
    await olena.forges(held)
    assert "🏁 Відбулося" in olena.sees
    told = len(ira.heard)
    await ira.forges(missed)
    assert ira.toast == "Цього вже немає."
    assert len(ira.heard) == told
