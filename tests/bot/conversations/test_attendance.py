"""A day before a student is asked whether they will be there, and the tutor sees the answer in place."""

from tests.bot.conversations.test_cancel import WORDS, agreed
from tests.stage import Player, Stage, bilingual

W = {
    "uk": {
        "there": "👍 Я буду",
        "change": "✏️ Треба змінити",
        "said": "👍 Ви сказали, що будете",
        "seen": "👍 Учень буде на занятті",
        "question": "Ви будете на занятті?",
        "what": "Що змінити?",
        "changes": ["🔁 Перенести", "❌ Скасувати заняття", "👍 Я буду", "‹ Назад"],
        "late": ["❌ Скасувати заняття", "👍 Я буду", "‹ Назад"],
        "until": "Перенести можна було до вт, 24 лист., 12:00.",
        "not": "👎 Мені не підходить",
        "free": "Це безкоштовно",
        "ask": "✅ Попросити",
        "asked": "Прохання надіслано",
        "confirm": "Підтвердити",
        "begun": "вже почалося",
        "gone": "вже скасовано учнем",
    },
    "en": {
        "there": "👍 I'll be there",
        "change": "✏️ Need to change",
        "said": "👍 You said you'll be there",
        "seen": "👍 The student will be there",
        "question": "Will you be there?",
        "what": "What shall I change?",
        "changes": ["🔁 Move", "❌ Cancel the lesson", "👍 I'll be there", "‹ Back"],
        "late": ["❌ Cancel the lesson", "👍 I'll be there", "‹ Back"],
        "until": "Moving was possible until Tue 24 Nov, 12:00.",
        "not": "👎 It does not suit me",
        "free": "It costs nothing",
        "ask": "✅ Ask",
        "asked": "Asked",
        "confirm": "Confirm",
        "begun": "already begun",
        "gone": "already cancelled",
    },
}


async def a_day_before(stage: Stage, language: str) -> tuple[Player, Player]:
    olena, ira = await agreed(stage, language)
    await olena.says("/lessons")
    await olena.taps("12:00")
    await stage.passes(hours=26)
    return olena, ira


@bilingual
async def test_the_tutor_sees_in_place_that_the_student_will_be_there(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await a_day_before(stage, language)
    assert w["question"] in ira.sees
    assert w["there"] not in olena.buttons
    told = len(olena.messages)
    shown = [message["message_id"] for message in olena.messages if "12:00" in message.get("text", "")]
    await ira.taps(w["there"])
    assert w["said"] in ira.sees
    assert len(olena.messages) == told
    assert w["seen"] in olena.sees
    assert olena.screen["message_id"] in shown
    await stage.passes(hours=23)
    assert w["there"] not in ira.buttons


@bilingual
async def test_whoever_needs_a_change_moves_the_lesson_and_is_asked_anew(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await a_day_before(stage, language)
    await ira.taps(w["there"], w["changes"][0], "27", "12:00", w["ask"])
    await olena.taps(w["confirm"])
    assert w["said"] not in ira.sees
    await stage.passes(days=2)
    assert w["question"] in ira.sees
    await ira.taps(w["change"], w["changes"][0], "28", "12:00", w["ask"])
    assert w["asked"] in ira.sees


@bilingual
async def test_whoever_needs_a_change_cancels_the_lesson(stage: Stage, language: str) -> None:
    w = W[language]
    _, ira = await a_day_before(stage, language)
    there = ira.data(w["there"])
    await ira.taps(w["change"])
    assert w["what"] in ira.sees
    assert ira.buttons == w["changes"]
    *_, cancel, surely = WORDS[language]
    await ira.taps(cancel, surely)
    await ira.forges(there)
    assert w["gone"] in ira.toast


@bilingual
async def test_what_the_tutor_settled_alone_is_refused_from_the_reminder(stage: Stage, language: str) -> None:
    w = W[language]
    olena, ira = await agreed(stage, language)
    await olena.says("/lessons")
    await olena.taps("12:00", w["changes"][0], "26", "15:00", {"uk": "✅ Перенести", "en": "✅ Move it"}[language])
    await stage.passes(hours=53)
    before = {"uk": "Замість ср, 25 лист.", "en": "Instead of Wed 25 Nov"}[language]
    assert w["question"] in ira.sees
    assert before not in ira.sees, "only one time is to be kept in mind"
    await ira.taps(w["change"])
    assert before in ira.sees
    assert ira.buttons == [w["changes"][0], w["not"], w["there"], w["changes"][-1]]
    await ira.taps(w["not"])
    assert w["free"] in ira.sees


@bilingual
async def test_late_the_lesson_can_only_be_cancelled_and_once_begun_nothing_is_left(
    stage: Stage, language: str
) -> None:
    w = W[language]
    _, ira = await a_day_before(stage, language)
    there, change = ira.data(w["there"]), ira.data(w["change"])
    await stage.passes(hours=1)
    await ira.taps(w["change"])
    assert ira.buttons == w["late"]
    assert w["until"] in ira.sees
    await stage.passes(hours=23)
    for data in (there, change):
        await ira.forges(data)
        assert w["begun"] in ira.toast
