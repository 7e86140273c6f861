"""A lesson goes to another time, and both always know which one holds."""

from bot.conversations.lessons.taps import CancelLesson
from bot.conversations.pending.taps import ConfirmLesson
from bot.talk.taps import pack
from db.models.booking import Booking
from tests.bot.conversations.test_cancel import agreed
from tests.bot.conversations.test_pending import asks, set_for_tutors
from tests.core import tables
from tests.stage import Player, Stage, bilingual

W = {
    "uk": {
        "move": "Перенести",
        "surely": "✅ Перенести",
        "ask": "✅ Попросити",
        "suits": "Мені підходить",
        "suits not": "Мені не підходить",
        "confirm": "Підтвердити",
        "decline": "Відхилити",
        "moved": "Заняття перенесено викладачем",
        "instead": "Замість ср, 25 лист., 12:00",
        "tomorrow": "завтра о 17:30",
        "wish": "Учень просить перенести заняття",
        "agreed": "Є згода викладача: заняття перенесено",
        "stands": "Заняття залишається на ср, 25 лист., 12:00.",
        "request": "Надіслати запит",
        "other": "Інший час",
        "propose": "✅ Запропонувати",
        "proposed": "Запропоновано",
        "proposal": "Викладач пропонує інший час",
        "student agreed": "Учень погоджується на запропонований вами час",
        "card": "📄",
        "take back": "❌ Відкликати пропозицію",
    },
    "en": {
        "move": "Move",
        "surely": "Move it",
        "ask": "✅ Ask",
        "suits": "That suits me",
        "suits not": "It does not suit me",
        "confirm": "Confirm",
        "decline": "Decline",
        "moved": "Your tutor moved the lesson",
        "instead": "Instead of Wed 25 Nov, 12:00",
        "tomorrow": "tomorrow at 17:30",
        "wish": "Your student asks to move the lesson",
        "agreed": "Your tutor agreed: the lesson is moved",
        "stands": "The lesson stays on Wed 25 Nov, 12:00.",
        "request": "Ask for it",
        "other": "Another time",
        "propose": "✅ Propose",
        "proposed": "Proposed",
        "proposal": "Your tutor proposes another time instead",
        "student agreed": "Your student agreed to the time you proposed",
        "card": "📄",
        "take back": "❌ Take the proposal back",
    },
}


async def proposed(stage: Stage, language: str = "uk") -> tuple[Player, Player]:
    """A tutor who has answered a request with another time, and their student."""
    w = W[language]
    olena = await stage.tutor(language=language)
    ira = await stage.student(of=olena, language=language)
    await ira.says("/book")
    await ira.taps("25", "12:00", w["request"])
    await olena.taps(w["other"])
    assert {"uk": "Запит на: ср, 25 лист., 12:00–13:00", "en": "Asked for: Wed 25 Nov, 12:00"}[language] in olena.sees
    await olena.says("26.11 8:15")
    assert {"uk": "Запропонувати цей час?", "en": "Propose this time?"}[language] in olena.sees
    await olena.taps(w["propose"])
    return olena, ira


async def opens_lesson(player: Player, hour: str = "12:00") -> None:
    await player.says("/lessons")
    await player.taps(hour)


def heard(player: Player, words: str) -> str:
    return next(text for text in reversed(player.heard) if words in text)


@bilingual
async def test_a_tutor_moves_by_typing_and_the_student_is_content(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await agreed(stage, language)
    await opens_lesson(olena)
    await olena.taps(w["move"])
    await olena.says(w["tomorrow"])
    assert "17:30–18:30" in olena.sees
    await olena.taps(w["surely"])
    assert "17:30–18:30" in olena.sees
    assert w["instead"] in olena.sees
    told = heard(ira, w["moved"])
    assert "17:30–18:30" in told
    assert w["instead"] in told
    not_ = ira.data(w["suits not"])
    await ira.taps(w["suits"])
    assert ira.toast == {"uk": "До зустрічі", "en": "See you then"}[language]
    assert "17:30" in ira.sees
    assert not [label for label in ira.buttons if "👎" in label]
    await ira.forges(not_)
    assert {"uk": "вже підтверджено", "en": "already confirmed"}[language] in ira.toast


@bilingual
async def test_a_move_that_does_not_suit_costs_nothing(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await agreed(stage, language)
    await opens_lesson(olena)
    await olena.taps(w["move"], "26", "15:00", w["surely"])
    told = len(olena.heard)
    await ira.taps(w["suits not"])
    assert {"uk": "Тоді скасувати це заняття?", "en": "Cancel this lesson, then?"}[language] in ira.sees
    assert {"uk": "Вибрати інший час", "en": "Pick another time"}[language] in "".join(ira.buttons)
    await ira.taps({"uk": "Залишити", "en": "Keep it"}[language])
    assert len(olena.heard) == told
    await ira.taps("👎", {"uk": "Так, скасувати", "en": "Yes, cancel it"}[language])
    assert {"uk": "Ви скасували", "en": "You cancelled it"}[language] in ira.sees
    assert {"uk": "оплачується", "en": "charged"}[language] not in ira.sees
    assert heard(olena, {"uk": "учневі не підходить", "en": "does not suit your student"}[language])
    await olena.says("/lessons")
    assert not [label for label in olena.buttons if "15:00" in label]


@bilingual
async def test_a_students_wish_waits_for_the_tutor(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await agreed(stage, language)
    await opens_lesson(ira)
    await ira.taps(w["move"], "26", "15:00")
    assert {"uk": "Доки Олена не погодиться", "en": "until Олена agrees"}[language] in ira.sees
    await ira.taps(w["ask"])
    assert w["wish"] in heard(olena, w["wish"])
    assert w["instead"] in heard(olena, w["wish"])
    await ira.says("/lessons")
    assert sum("12:00" in label or "15:00" in label for label in ira.buttons) == 2
    await olena.taps(w["confirm"])
    assert heard(ira, w["agreed"])
    await ira.says("/lessons")
    assert [label[:1] for label in ira.buttons if "15:00" in label] == ["✅"]
    assert not [label for label in ira.buttons if "12:00" in label]


@bilingual
async def test_a_declined_wish_leaves_the_lesson_where_it_is(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await agreed(stage, language)
    await opens_lesson(ira)
    await ira.taps(w["move"], "26", "15:00", w["ask"])
    await olena.taps(w["decline"])
    await olena.says("ні, <їду>")
    told = heard(ira, "«ні, <їду>»" if language == "uk" else "“ні, <їду>”")
    assert w["stands"] in told
    await opens_lesson(ira)
    assert {"uk": "✅ Підтверджено", "en": "✅ Confirmed"}[language] in ira.sees


async def test_a_student_takes_the_wish_back(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    await opens_lesson(ira)
    await ira.taps("Перенести", "26", "15:00", "✅ Попросити")
    await opens_lesson(ira)
    assert "Прохання перенести на чт, 26 лист., 15:00" in ira.sees
    await ira.taps("Прохання перенести", "Не переносити")
    assert "Більше не просити перенести?" in ira.sees
    await ira.taps("Так, скасувати")
    assert heard(olena, "Учень більше не просить перенести заняття")
    await opens_lesson(ira)
    assert "✅ Підтверджено" in ira.sees


async def test_a_wish_nobody_answers_leaves_the_lesson(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    await opens_lesson(ira)
    await ira.taps("Перенести", "27", "15:00", "✅ Попросити")
    await stage.passes(hours=24)
    for person in (olena, ira):
        assert heard(person, "Не перенесено: відповіді вчасно не було")
    await opens_lesson(ira)
    assert "✅ Підтверджено" in ira.sees


@bilingual
async def test_another_time_is_proposed_for_a_request_and_suits(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await proposed(stage, language)
    assert w["proposed"] in olena.sees
    told = heard(ira, w["proposal"])
    assert "08:15–09:15" in told
    assert {"uk": "притримано до вт, 24 лист., 10:00", "en": "is held until Tue 24 Nov, 10:00"}[language] in told
    await olena.taps(w["card"])
    assert w["take back"] in olena.buttons
    assert not [label for label in olena.buttons if w["confirm"] in label]
    await olena.says("/pending")
    assert {"uk": "Ніхто не чекає", "en": "Nobody waits"}[language] in olena.sees
    await ira.taps(w["suits"])
    assert {"uk": "✅ Підтверджено", "en": "✅ Confirmed"}[language] in ira.sees
    assert "08:15–09:15" in heard(olena, w["student agreed"])


@bilingual
async def test_lists_and_desks_tell_who_must_answer_a_proposal(stage: Stage, language: str) -> None:
    olena, ira = await proposed(stage, language)
    await olena.says("/lessons")
    assert [label[0] for label in olena.buttons if "Іра" in label] == ["⏳"]
    await ira.says("/lessons")
    assert [label[0] for label in ira.buttons if "Олена" in label] == ["❓"]
    assert {"uk": "❓ – чекає на вашу відповідь", "en": "❓ waits for your answer"}[language] in ira.sees
    await olena.says("/start")
    assert {"uk": "Чекає на відповідь учня", "en": "waits for the student's answer"}[language] in olena.sees
    await ira.says("/start")
    assert {"uk": "❓ Наступне заняття", "en": "❓ Next lesson"}[language] in ira.sees


@bilingual
async def test_a_proposal_that_does_not_suit_is_no_lesson(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await proposed(stage, language)
    await ira.taps(w["suits not"])
    assert {"uk": "Відмовитися від цього часу?", "en": "Decline this time?"}[language] in ira.sees
    await ira.taps({"uk": "Так, відмовитися", "en": "Yes, decline"}[language])
    assert {"uk": "Ви скасували", "en": "You cancelled it"}[language] in ira.sees
    assert heard(olena, {"uk": "заняття не буде", "en": "there is no lesson then"}[language])
    await olena.says("/lessons")
    assert {"uk": "Попереду занять немає", "en": "No lessons ahead"}[language] in olena.sees


@bilingual
async def test_a_proposal_nobody_answers_lapses_and_both_hear(stage: Stage, language: str) -> None:
    olena, ira = await proposed(stage, language)
    await stage.passes(hours=24)
    assert heard(olena, {"uk": "Учень не відповів вчасно", "en": "Your student did not answer in time"}[language])
    assert heard(ira, {"uk": "Ви не відповіли вчасно", "en": "You did not answer in time"}[language])


async def test_a_student_answers_a_proposal_with_another_time(stage: Stage) -> None:
    olena, ira = await proposed(stage)
    await ira.taps("Мені не підходить", "Вибрати інший час", "27", "11:00")
    assert "Попросити про цей час?" in ira.sees
    await ira.taps("✅ Попросити")
    assert "Прохання надіслано" in ira.sees
    assert "Учень просить інший час" in olena.sees
    await olena.taps("Підтвердити")
    assert "Ваше заняття підтверджено" in heard(ira, "Ваше заняття підтверджено")


async def test_a_tutor_takes_a_proposal_back_and_confirms_it_for_nobody(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await asks(ira)
    confirm = olena.data("Підтвердити")
    await olena.taps("Інший час")
    await olena.says("26.11 8:15")
    await olena.taps("Запропонувати")
    await olena.forges(confirm)
    assert "перенесено на інший час" in olena.toast
    (_, new) = await tables.rows(stage.core, Booking)
    await olena.forges(pack(ConfirmLesson(new.id)))
    assert olena.toast == "Цей час запропонували ви: тепер відповідь за учнем."
    await olena.taps("📄", "Відкликати пропозицію")
    await olena.says("Не встигну")
    assert "Не встигну" in heard(ira, "скасовано викладачем")


@bilingual
async def test_what_the_tutor_moved_late_is_cancelled_for_nothing(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await agreed(stage, language)
    await stage.passes(hours=47)
    await opens_lesson(olena)
    await olena.taps(w["move"])
    await olena.says("25.11 16:00")
    await olena.taps(w["surely"])
    (_, new) = await tables.rows(stage.core, Booking)
    await ira.forges(pack(CancelLesson(new.id)))
    assert {"uk": "Це безкоштовно", "en": "It costs nothing"}[language] in ira.sees


async def test_each_sees_the_clock_of_the_other(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena, city="Варшава")
    await ira.says("/book")
    await ira.taps("25", "11:00", "Надіслати запит")
    assert "ср, 25 лист., 12:00–13:00" in olena.sees
    assert "В учня: ср, 25 лист., 11:00" in olena.sees
    await olena.taps("Інший час")
    await olena.says("26.11 8:15")
    assert "В учня: чт, 26 лист., 07:15" in olena.sees


async def test_where_everybody_is_accepted_a_student_moves_at_once(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    await set_for_tutors(stage.core, auto_accept=True)
    await opens_lesson(ira)
    await ira.taps("Перенести", "26", "15:00", "✅ Перенести")
    assert heard(ira, "🔁 Перенесено")
    assert "15:00–16:00" in heard(olena, "Заняття перенесено учнем")


async def test_a_late_student_has_no_button_and_is_told_why(stage: Stage) -> None:
    _, ira = await agreed(stage)
    await opens_lesson(ira)
    move = ira.data("Перенести")
    await stage.passes(hours=26, minutes=1)
    await ira.forges(move)
    assert ira.toast == "Переносити це заняття вже пізно: можна було до вт, 24 лист., 12:00."
    await opens_lesson(ira)
    assert not [label for label in ira.buttons if "Перенести" in label]


async def test_a_time_taken_meanwhile_leads_back_to_the_day(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    max_ = await stage.student("Макс", of=olena)
    await opens_lesson(ira)
    await ira.taps("Перенести", "26", "15:00")
    assert "Притримано для вас до 10:05" in ira.sees
    await max_.says("/book")
    await max_.taps("26")
    assert "15:00" not in max_.buttons
    await stage.passes(minutes=6)
    await asks(max_, "26", "15:00")
    await ira.taps("✅ Попросити")
    assert "цей час щойно зайняли" in ira.toast
    assert "14:00" in ira.buttons
    assert "15:00" not in ira.buttons


async def test_words_that_name_no_time_change_nothing(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    told = len(ira.heard)
    await opens_lesson(olena)
    await olena.taps("Перенести")
    for words in ("колись потім", "31.02 10:00", "25:99", "<b>", "ж" * 4096):
        await olena.says(words)
        assert "Не бачу тут дня й часу" in olena.sees
    await olena.says("25.11 12:00")
    await olena.taps("✅ Перенести")
    assert "вже призначене на цей час" in olena.toast
    await olena.says("20.11.2026 10:00")
    await olena.taps("✅ Перенести")
    assert "цей час уже минув" in olena.toast
    assert len(ira.heard) == told


async def test_on_a_picked_day_a_tutor_types_only_the_hour(stage: Stage) -> None:
    olena, _ = await agreed(stage)
    await opens_lesson(olena)
    await olena.taps("Перенести", "26")
    await olena.says("19:20")
    assert "чт, 26 лист., 19:20–20:20" in olena.sees


async def test_an_old_button_leads_to_what_is_true_now(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    await opens_lesson(ira)
    move, open_ = ira.data("Перенести"), ira.data("Скасувати заняття")
    await opens_lesson(olena)
    await olena.taps("Перенести", "26", "15:00", "✅ Перенести")
    await ira.forges(move)
    assert ira.toast == "Це заняття перенесено на інший час."
    await ira.forges(open_)
    assert ira.toast == "Це заняття перенесено на інший час."


async def test_a_strangers_forged_taps_move_nothing(stage: Stage) -> None:
    olena, ira = await agreed(stage)
    max_ = await stage.student("Макс", of=olena)
    await opens_lesson(olena)
    await olena.taps("Перенести", "26", "15:00")
    surely = olena.data("✅ Перенести")
    await max_.forges(surely)
    assert max_.toast == "Цього вже немає."
    await opens_lesson(ira)
    assert "✅ Підтверджено" in ira.sees
