"""What a Talk row asks is answered if it can be read; any other row is treated as if nothing had been asked."""

from typing import Any

import pytest

from core.people import people, talks
from db.models.booking import Booking
from db.models.talk import Talk
from tests.core.tables import rows
from tests.stage import Player, Stage, on_one_database

UNREADABLE = {
    "a key is missing": ("move_to", {"on": None}),
    "all keys are missing": ("why_decline", {}),
    "a word instead of a number": ("move_to", {"booking_id": "x", "on": None}),
    "a switch instead of a number": ("note", {"booking_id": True}),
    "a number instead of a word": ("booking_note", {"tutor_id": 1, "starts_at": None, "note": 7}),
    "no date": ("write_down_at", {"student_id": 1, "on": "some day"}),
    "a date beyond the calendar": ("free_when", {"subject": 1, "on": "9999-12-31"}),
    "a number beyond the database": ("note", {"booking_id": 2**70}),
    "an instant without an offset": ("booking_note", {"tutor_id": 1, "starts_at": "2026-11-24T10:00:00", "note": None}),
    "a setting that does not exist": ("term", {"term": "shoe_size"}),
    "an eighth weekday": ("weekday", {"weekday": 7}),
    "a key too many": ("zone", {"city": "Kyiv"}),
    "an older version": ("zone", {"version": 0}),
    "a newer version": ("zone", {"version": 2}),
    "no version number": ("zone", {"version": "1"}),
    "an unknown question": ("shoe_size", {}),
    "no keys at all": ("zone", [1]),
}


async def put(stage: Stage, player: Player, question: str, draft: Any) -> None:
    """Store a question as another version of the bot may have left it."""
    async with stage.core.begin() as work:
        actor = await people.find(work, player.id)
        assert actor, "somebody who has come in"
        await talks.ask(work, person_id=actor.id, question=question, draft=draft)


@on_one_database
@pytest.mark.parametrize(("question", "draft"), UNREADABLE.values(), ids=UNREADABLE)
async def test_words_for_a_question_that_can_not_be_read_lead_home(stage: Stage, question: str, draft: Any) -> None:
    olena = await stage.tutor()
    await put(stage, olena, question, draft)

    await olena.says("завтра 17:30")

    assert "Зі мною простіше кнопками" in olena.sees
    assert await rows(stage.core, Talk) == []


async def test_a_tap_and_a_file_go_on_where_a_question_can_not_be_read(stage: Stage) -> None:
    olena = await stage.tutor()
    await olena.says("/lessons")
    await put(stage, olena, "feed", {"file_id": 7, "name": "x", "size": 1})
    await olena.sends_file("lessons.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert "lessons" in olena.sees
    await put(stage, olena, "booking_note", {"note": "x"})
    await olena.taps("Головна")
    assert await rows(stage.core, Talk) == []


async def test_a_question_that_the_last_release_asked_is_answered(stage: Stage) -> None:
    olena = await stage.tutor()
    ira = await stage.student(of=olena)
    await ira.taps("Вибрати час", "25", "12:00", "Надіслати запит")
    (booking,) = await rows(stage.core, Booking)
    await put(stage, olena, "why_decline", {"booking_id": booking.id, "asked_in": None})

    await olena.says("Хворію")

    assert "Хворію" in ira.sees
    assert await rows(stage.core, Talk) == []
