"""A lesson shown in a chat changes there when it changes, and nobody is told one thing twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from telegram.error import TimedOut

from bot.delivery import dispatcher
from core.enums import DeliveryStatus, Event
from core.lessons import bookings, lesson_messages, lessons, moves
from db.base import table
from db.models.booking import Booking
from db.models.lesson_message import LessonMessage
from db.models.notification import Notification
from tests.core import tables
from tests.stage import Player, Stage


async def asks(student: Player) -> None:
    await student.says("/book")
    await student.taps("25", "12:00", "Надіслати запит")


async def pair(stage: Stage) -> tuple[Player, Player]:
    """A tutor with a request of their student."""
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await asks(ira)
    return olena, ira


def message(player: Player, message_id: int) -> dict[str, Any]:
    return next(each for each in player.messages if each["message_id"] == message_id)


def labels(player: Player, message_id: int) -> str:
    rows = message(player, message_id).get("reply_markup", {}).get("inline_keyboard", [])
    return " ".join(button["text"] for row in rows for button in row)


async def test_what_was_asked_becomes_confirmed_in_place_and_one_notice_arrives(stage: Stage) -> None:
    olena, ira = await pair(stage)
    asked, told = ira.screen["message_id"], len(ira.messages)
    await olena.taps("Підтвердити")
    assert message(ira, asked)["text"] == "ср, 25 лист., 12:00 · Олена\n✅ Підтверджено"
    assert labels(ira, asked) == "📄 Деталі"
    assert len(ira.messages) == told + 1
    assert "Ваше заняття підтверджено" in ira.sees


async def test_without_a_notice_the_newest_message_is_whole_and_the_others_a_line(stage: Stage) -> None:
    olena, ira = await pair(stage)
    await olena.taps("Підтвердити")
    asked = ira.screen["message_id"]
    await ira.says("/lessons")
    await ira.taps("12:00")
    opened, told = ira.screen["message_id"], len(ira.messages)
    await olena.says("/lessons")
    await olena.taps("12:00", "Нотатка")
    await olena.says("<b>тема</b>")
    assert "12:00–13:00" in message(ira, opened)["text"]
    assert "Скасувати заняття" in labels(ira, opened)
    assert labels(ira, asked) == "📄 Деталі"
    assert len(ira.messages) == told


async def test_messages_speak_the_language_of_their_chat(stage: Stage) -> None:
    olena = await stage.tutor("Olena", language="en", city="Kyiv")
    ira = await stage.student("Ira", of=olena, language="en", city="New York")
    await ira.says("/book")
    await ira.taps("25", "05:00", "✅ Ask for it")
    asked = ira.screen["message_id"]
    await olena.taps("✅ Confirm")
    assert message(ira, asked)["text"] == "Wed 25 Nov, 05:00 · Olena\n✅ Confirmed"
    assert "New York" in ira.sees


async def test_a_request_taken_back_loses_its_buttons_at_the_tutors(stage: Stage) -> None:
    olena, ira = await pair(stage)
    request = olena.screen["message_id"]
    assert "Підтвердити" in labels(olena, request)
    await ira.taps("📄 Деталі", "Скасувати заняття", "Так, скасувати")
    assert "Підтвердити" not in labels(olena, request)
    assert "Скасовано учнем" in message(olena, request)["text"]
    assert "скасовано учнем" in olena.sees


async def test_every_open_message_of_a_lesson_changes(stage: Stage) -> None:
    olena, _ = await pair(stage)
    request = olena.screen["message_id"]
    await olena.says("/pending")
    await olena.taps("12:00")
    opened = olena.screen["message_id"]
    told = len(olena.messages)
    await olena.taps("Підтвердити")
    for message_id in (request, opened):
        assert "Підтвердити" not in labels(olena, message_id)
        assert "✅ Підтверджено" in message(olena, message_id)["text"]
    assert len(olena.messages) == told


async def test_the_message_that_was_tapped_is_left_to_its_step(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await asks(ira)
    assert "Запит надіслано" in ira.sees
    assert not [row for row in await tables.rows(stage.core, Notification) if row.event is Event.BOOKING_CHANGED]


async def test_a_message_that_shows_something_else_now_is_left_alone(stage: Stage) -> None:
    olena, ira = await pair(stage)
    request = olena.screen["message_id"]
    await ira.taps("🏠")
    elsewhere = ira.screen["message_id"]
    await olena.taps("Підтвердити")
    assert "Вітаю" in message(ira, elsewhere)["text"]
    assert request in [row.message_id for row in await tables.rows(stage.core, LessonMessage)]


async def test_a_notice_that_has_just_come_is_not_changed_by_what_it_tells(stage: Stage) -> None:
    olena, ira = await pair(stage)
    await olena.taps("Підтвердити")
    edits = [row for row in await tables.rows(stage.core, Notification) if row.event is Event.BOOKING_CHANGED]
    assert "Ваше заняття підтверджено" in ira.sees
    assert {row.status for row in edits} <= {DeliveryStatus.SENT, DeliveryStatus.CANCELLED}
    await stage.deliver()
    assert "Ваше заняття підтверджено" in ira.sees


async def test_a_reminder_becomes_the_cancelled_lesson(stage: Stage) -> None:
    olena, ira = await pair(stage)
    await olena.taps("Підтвердити")
    await stage.passes(hours=26)
    assert "через 24 години" in ira.sees
    reminder = ira.screen["message_id"]
    await olena.says("/lessons")
    await olena.taps("12:00", "Скасувати заняття")
    await olena.says("Хворію")
    assert "Скасовано викладачем" in message(ira, reminder)["text"]
    assert "Хворію" in ira.sees


@pytest.mark.parametrize("is_agreed", [False, True])
async def test_a_question_answered_by_words_is_not_left_with_its_buttons(stage: Stage, is_agreed: bool) -> None:
    olena, _ = await pair(stage)
    if is_agreed:
        await olena.taps("Підтвердити")
    await olena.taps("Скасувати заняття" if is_agreed else "Відхилити")
    question = olena.screen["message_id"]
    await olena.says("Хворію")
    await stage.deliver()
    assert "❌ Ви " in message(olena, question)["text"]
    assert "Чому" not in message(olena, question)["text"]
    assert "«Хворію»" in olena.sees


async def test_somebody_who_blocked_the_bot_stops_nobody(stage: Stage) -> None:
    olena, ira = await pair(stage)
    stage.sandbox.block(ira.id)
    await olena.taps("Підтвердити")
    assert "Не можу достукатися: Іра" in olena.sees
    assert len([words for words in olena.heard if "Не можу достукатися" in words]) == 1


async def test_who_calls_off_a_lesson_of_somebody_who_blocked_the_bot_reads_what_to_tell_them(stage: Stage) -> None:
    olena, ira = await pair(stage)
    await olena.taps("Підтвердити")
    stage.sandbox.block(ira.id)
    await olena.taps("Скасувати заняття")
    await olena.says("Хворію")
    for words in ("Не можу достукатися: Іра", "12:00–13:00", "❌ Ви скасували", "«Хворію»"):
        assert words in olena.sees


async def test_a_message_that_was_deleted_is_forgotten(stage: Stage) -> None:
    olena, ira = await pair(stage)
    asked = ira.screen["message_id"]
    await stage.application.bot.delete_message(ira.id, asked)
    await olena.taps("Підтвердити")
    assert asked not in [row.message_id for row in await tables.rows(stage.core, LessonMessage)]
    assert "Ваше заняття підтверджено" in ira.sees


async def test_a_message_shown_while_the_lesson_changed_catches_up(stage: Stage) -> None:
    """The lesson was read before the change, and the message is tracked after it."""
    _, ira = await pair(stage)
    await ira.taps("📄 Деталі")
    opened = ira.screen["message_id"]
    (booking,) = await tables.rows(stage.core, Booking)
    async with stage.core.begin() as work:
        await bookings.confirm(work, booking_id=booking.id, tutor_id=booking.tutor_id)
    await desk_forgets_announcements(stage)
    async with stage.core.begin() as work:
        shown = (await lessons.card(work, booking_id=booking.id, viewer_id=booking.student_id)).version
        assert shown
        before = type(shown)(shown.booking_id, shown.change_id - 1)
        await lesson_messages.remember(work, person_id=booking.student_id, message_id=opened, shown=before)
    await stage.deliver()
    assert "✅ Підтверджено" in message(ira, opened)["text"]


async def desk_forgets_announcements(stage: Stage) -> None:
    async with stage.core.begin() as work:
        await work.session.execute(update(table(Notification)).values(status=DeliveryStatus.CANCELLED))


async def test_a_notice_sent_and_not_settled_comes_again_and_the_second_is_followed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)

    async def dies(*_: Any) -> None:
        raise SystemError("the process is gone")

    with monkeypatch.context() as power_cut:
        power_cut.setattr(dispatcher, "settle", dies)
        power_cut.setattr(dispatcher, "SETTLE_AGAIN", ())
        await asks(ira)
    assert "a message can't be settled" in stage.alarms.heard.pop(0)
    first = olena.screen["message_id"]
    await stage.passes(minutes=2)
    second = olena.screen["message_id"]
    await ira.taps("📄 Деталі", "Скасувати заняття", "Так, скасувати")
    assert second != first
    assert "Скасовано учнем" in message(olena, second)["text"]
    assert stage.alarms.heard == []


async def test_only_the_newest_messages_of_a_lesson_are_followed(stage: Stage) -> None:
    _, ira = await pair(stage)
    for _ in range(7):
        await ira.says("/lessons")
        await ira.taps("12:00")
    ira_id = max(row.person_id for row in await tables.rows(stage.core, LessonMessage))
    known = [row.message_id for row in await tables.rows(stage.core, LessonMessage) if row.person_id == ira_id]
    assert len(known) == 5
    assert ira.screen["message_id"] == max(known)


async def test_a_message_follows_the_lesson_to_its_new_time(stage: Stage) -> None:
    olena, ira = await pair(stage)
    asked = ira.screen["message_id"]
    await olena.taps("Підтвердити")
    (booking,) = await tables.rows(stage.core, Booking)
    async with stage.core.begin() as work:
        starts_at = booking.starts_at + timedelta(hours=2)
        moved = await moves.move(work, booking_id=booking.id, actor_id=booking.tutor_id, starts_at=starts_at)
    await stage.deliver()
    assert "14:00 · Олена" in message(ira, asked)["text"]
    async with stage.core.begin() as work:
        await bookings.cancel(work, booking_id=moved.id, actor_id=booking.tutor_id, reason="Хворію")
    await stage.deliver()
    assert "Скасовано викладачем" in message(ira, asked)["text"]
    assert "Хворію" in ira.sees


async def test_a_message_is_followed_although_the_tap_could_not_be_answered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    olena, ira = await pair(stage)
    await ira.says("/lessons")
    opened = ira.screen["message_id"]

    async def breaks(*_: Any, **__: Any) -> None:
        raise TimedOut

    with monkeypatch.context() as broken:
        broken.setattr(type(stage.application.bot), "answer_callback_query", breaks)
        await ira.taps("12:00")
    assert stage.alarms.heard.pop()
    assert opened in [row.message_id for row in await tables.rows(stage.core, LessonMessage)]
    await olena.taps("Підтвердити")
    assert "✅ Підтверджено" in message(ira, opened)["text"]
