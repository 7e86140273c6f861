"""What is known of a person is told, handed over, and deleted for good."""

import json
from typing import Any

from bot.conversations.privacy.leaving.taps import LeaveSurely
from bot.sandbox.api.methods.profile import commands_for
from bot.talk.taps import pack
from db.models.booking import Booking
from db.models.person import Person
from tests.core import tables
from tests.stage import Player, Stage, in_both

UK = {
    "city": "Київ",
    "book": ("Вибрати час", "25", "12:00", "Надіслати запит"),
    "confirm": "Підтвердити",
    "privacy": "Приватність",
    "delete": "Видалити мій акаунт",
    "surely": "Так, видалити все",
    "told": "Скасую 1 заняття",
    "heard": "Іра: акаунт видалено, заняття скасовано",
    "gone": "Видалено.",
    "nobody": "Видалений акаунт",
    "past": "Минулі заняття",
    "hello": "Що вас сюди привело?",
}
EN = {
    "city": "Kyiv",
    "book": ("Pick a time", "25", "12:00", "Ask for it"),
    "confirm": "Confirm",
    "privacy": "Privacy",
    "delete": "Delete my account",
    "surely": "Yes, delete everything",
    "told": "1 lesson ahead will be cancelled",
    "heard": "Іра has deleted their account: the lesson is off",
    "gone": "Deleted.",
    "nobody": "Deleted account",
    "past": "Past lessons",
    "hello": "What brings you here?",
}


def document(of: Player) -> dict[str, Any]:
    sent = next(message["document"] for message in reversed(of.messages) if "document" in message)
    read: dict[str, Any] = json.loads(of.stage.sandbox.files.get(sent["file_unique_id"]))
    return read


@in_both(said=(UK, EN))
async def test_an_account_is_deleted_by_two_taps_and_the_tutor_hears_whose_it_was(
    stage: Stage, language: str, said: dict[str, Any]
) -> None:
    olena = await stage.tutor(language=language, city=said["city"])
    ira = await stage.student(of=olena, language=language, city=said["city"])
    await ira.taps(*said["book"])
    await olena.taps(said["confirm"])
    await ira.says("/settings")
    await ira.taps(said["privacy"])
    ira.deeds = 0
    await ira.taps(said["delete"])
    assert said["told"] in ira.sees
    await ira.taps(said["surely"])
    assert ira.deeds == 2
    assert said["gone"] in ira.sees
    assert not ira.buttons
    assert said["heard"] in olena.sees
    await olena.says("/lessons")
    await olena.taps(said["past"], said["nobody"])
    assert "Іра" not in olena.sees
    assert not [row for row in await tables.rows(stage.core, Person) if row.telegram_id == ira.id]

    await ira.says("/start")
    assert said["hello"] in ira.sees


async def test_a_late_lesson_is_said_to_be_charged_before_it_is(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await olena.taps("Підтвердити")
    await ira.says("/privacy")
    await ira.taps("Видалити мій акаунт")
    assert "оплатити" not in ira.sees
    await stage.passes(hours=40)
    await ira.taps("Так, видалити все")
    assert "1 з них уже запізно скасовувати безкоштовно: доведеться оплатити." in ira.sees
    await ira.taps("Так, видалити все")
    assert "Видалено." in ira.sees
    assert [row.is_charged for row in await tables.rows(stage.core, Booking)] == [True]
    assert "Скасовано запізно" in olena.sees


async def test_a_double_tap_deletes_once_and_leaves_nobody(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    await ira.says("/privacy")
    await ira.taps("Видалити мій акаунт")
    for _ in range(3):
        ira.presses("Так, видалити все")
    await stage.settle()
    assert "Видалено." in ira.sees
    assert not [row for row in await tables.rows(stage.core, Person) if row.telegram_id == ira.id]


async def test_a_forged_tap_deletes_nobody_else(stage: Stage) -> None:
    olena = await stage.tutor()
    await stage.student(of=olena)
    mallory = stage.person("Меллорі")
    before = await tables.dump(stage.core)
    await mallory.forges(pack(LeaveSurely(2**53)), message_id=1)
    assert await tables.dump(stage.core) == before


async def test_the_menu_is_everybodys_again(stage: Stage) -> None:
    olena = await stage.tutor()
    usual = commands_for(stage.sandbox.state, stage.person("Хтось").id, "uk")
    assert commands_for(stage.sandbox.state, olena.id, "uk") != usual
    await olena.says("/privacy")
    await olena.taps("Видалити мій акаунт", "Так, видалити все")
    assert commands_for(stage.sandbox.state, olena.id, "uk") == usual


async def test_a_tutor_who_leaves_is_found_by_nobody(stage: Stage) -> None:
    olena = await stage.tutor()
    link = await olena.link()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    await olena.says("/students")
    await olena.taps("Іра", "🎁")
    await olena.says("5")
    await olena.says("2000")
    await olena.taps("✅ Додати")
    await olena.says("/privacy")
    await olena.taps("Видалити мій акаунт", "Так, видалити все")
    off, package = ira.heard[-2:]
    assert "Олена: акаунт видалено, заняття скасовано" in off
    assert "Вибрати інший час" not in " ".join(ira.buttons)
    assert "Олена: акаунт видалено, ваш пакет більше не діє" in package
    assert "Лишилося 5 із 5 занять" in package
    await ira.opens(link)
    assert "Це посилання нікуди не веде" in ira.sees
    await ira.says("/book")
    assert "Олена" not in " ".join(ira.buttons)


@in_both(data=("Мої дані", "My data"), caption=("Усе, що я про вас знаю", "All that I know about you"))
async def test_my_data_comes_as_a_file(stage: Stage, language: str, data: str, caption: str) -> None:
    ira = await stage.student(of=await stage.tutor(), language=language)
    await ira.says("/privacy")
    await ira.taps(data)
    assert caption in ira.sees
    told = document(ira)
    assert told["profile"]["first_name"] == "Іра"
    assert told["profile"]["timezone"] == "Europe/Kyiv"
    assert told["made_at"] == "2026-11-23T08:00:00+00:00"
    assert [one["name"] for one in told["tutors"]] == ["Олена"]


async def test_a_stranger_may_ask_too(stage: Stage) -> None:
    eve = stage.person("Єва")
    await eve.says("/privacy")
    assert "Налаштування" not in " ".join(eve.buttons)
    await eve.taps("Мої дані")
    assert document(eve)["profile"]["first_name"] == "Єва"
    await eve.taps("Видалити мій акаунт", "Так, видалити все")
    assert "Видалено." in eve.sees
