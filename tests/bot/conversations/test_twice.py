"""Words that come twice: the bot died after they had led to something and before Telegram knew."""

from typing import Any

from telegram import Update

from core.enums import BookingStatus
from db.models.booking import Booking
from db.models.person import Person
from db.models.tutor_availability import TutorAvailability
from tests.bot.conversations.test_cancel import agreed
from tests.core import tables
from tests.stage import Player, Stage


async def says_twice(player: Player, *texts: str) -> None:
    """Handle these words one after the other, then all of them again in another process."""
    stage = player.stage
    for text in texts:
        stage.sandbox.say(player.id, text)
    raw = stage.sandbox.take_updates()
    for _ in range(2):
        for update in raw:
            await stage._handle(Update.de_json(update, stage.application.bot))
        await stage.restart()
    await stage.deliver()


async def test_an_answer_that_comes_again_does_not_answer_the_next_question(stage: Stage) -> None:
    olena = stage.person("Олена")
    await olena.says("/start")
    await olena.taps("Я викладаю")
    await says_twice(olena, "Київ")
    assert "Не бачу" not in "".join(olena.heard)
    assert await tables.rows(stage.core, TutorAvailability) == []
    await olena.says("Mon-Sun 9-17")
    assert len(await tables.rows(stage.core, TutorAvailability)) == 7


async def test_a_reason_that_comes_again_finds_the_desk(stage: Stage) -> None:
    olena, _ = await agreed(stage)
    await olena.taps("Скасувати заняття")
    await says_twice(olena, "Захворіла")
    (booking,) = await tables.rows(stage.core, Booking)
    assert booking.status is BookingStatus.CANCELLED_TUTOR
    assert "кнопками" not in olena.sees


async def test_two_answers_that_come_again_change_nothing(stage: Stage) -> None:
    olena = stage.person("Олена")
    await olena.says("/start")
    await olena.taps("Я викладаю")
    await says_twice(olena, "Київ", "Mon 9-17")
    assert len(await tables.rows(stage.core, TutorAvailability)) == 1
    (person,) = await tables.rows(stage.core, Person)
    assert person.timezone == "Europe/Kyiv"


async def test_words_after_a_quiet_week_are_heard_whatever_their_id(stage: Stage) -> None:
    olena = await stage.tutor()
    stage.sandbox.state.next_update_id -= 100_000
    await olena.says("/availability")
    await olena.says("Mon-Sun 12-14")
    assert [row.start_time.hour for row in await tables.rows(stage.core, TutorAvailability)] == [12] * 7


async def test_taps_that_come_again_do_not_undo_what_came_after_them(stage: Stage) -> None:
    ira = await stage.student(of=await stage.tutor())
    await ira.taps("Вибрати час", "25", "12:00")
    done: list[dict[str, Any]] = []
    stage.sandbox.listeners.append(lambda change: done.append(change["update"]) if "update" in change else None)
    await ira.taps("Надіслати запит", "📄 Деталі", "Скасувати заняття", "Так, скасувати")
    await stage.restart()
    for update in [*done, *done]:
        await stage._handle(Update.de_json(update, stage.application.bot))
    (booking,) = await tables.rows(stage.core, Booking)
    assert booking.status is BookingStatus.CANCELLED_STUDENT
